import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/host/process/run.ts";
import { silent } from "../../../src/host/progress.ts";
import type { Enforcement } from "../../../src/kernel/bootline/enforcement.ts";
import type { CheckedModule } from "../../../src/kernel/loader/verdict.ts";
import { identifier } from "../../../src/kernel/module-name.ts";
import { bootAndLoad } from "../../../src/workflows/boot/index.ts";
import type { BootModule } from "../../../src/workflows/boot/initramfs.ts";
import type { ModuleVerdict } from "../../../src/workflows/boot/verdicts.ts";
import { capture } from "../../../src/workflows/capture/index.ts";
import { checkModules } from "../../../src/workflows/check/index.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import { compare, differing, type Row } from "./compare.ts";
import { misexplained } from "./explained.ts";
import { type Extent, gather } from "./material.ts";
import { ownModules, realModules } from "./real.ts";
import { type Variant, variantsOf } from "./variants.ts";

export interface Outcome {
	release: string;
	rows: Row[];
	/** Of the boots. */
	seconds: number;
}

/** How the kernel is booted, and what is foretold for such a boot. */
interface Scene {
	label: string;
	enforce: Enforcement;
	words: string[];
	fits: (variant: Variant) => boolean;
	/** The most variants of one boot. */
	most: number;
}

const PLAIN: Scene = { label: "", enforce: "none", words: [], fits: () => true, most: Infinity };
const ABOUT_SIGNATURES = /^(?:right|signature|distribution|cut|empty|not-elf|licence|machine-other)/;
const ENFORCED: Scene[] = [
	{
		...{ label: "sig_enforce: ", enforce: "signature", words: ["module.sig_enforce=1"] },
		fits: ({ id }) => ABOUT_SIGNATURES.test(id),
		most: Infinity,
	},
	{
		...{ label: "lockdown: ", enforce: "lockdown", words: ["lockdown=integrity"] },
		fits: ({ id }) => ABOUT_SIGNATURES.test(id),
		// pr_notice_ratelimited says ten of its lines in five seconds (security/lockdown/lockdown.c).
		most: 8,
	},
];

/**
 * Makes every variant for a kernel, asks `check` and the kernel itself, and compares; the same of a profile of the kernel.
 * Files are kept in `folder`. `others` are kernels whose modules are tried on this one.
 */
export async function consult(
	kernel: LabKernel,
	folder: string,
	extent: Extent & { others: LabKernel[] },
): Promise<Outcome> {
	const variants = variantsOf(await gather(kernel, folder, extent));
	for (const other of extent.others)
		variants.push(...(await realModules(other, extent.thorough ? 40 : 8, `of-${other.release}`)));
	if (extent.thorough) variants.push(...(await ownModules(kernel, 60)));
	const paths = await writeAll(variants, join(folder, "variants"));
	const profile = join(folder, "kernel.kprep");
	await capture({ sysroot: kernel.sysroot }, profile, true, silent);
	const rows: Row[] = [];
	let seconds = 0;
	for (const scene of [PLAIN, ...(extent.thorough ? ENFORCED : ENFORCED.slice(0, 1))]) {
		const chosen = variants.flatMap((one, at) => (scene.fits(one) ? [at] : []));
		const files = chosen.map((at) => paths[at] as string);
		const { enforce } = scene;
		const foretold = await each(files, { sysroot: kernel.sysroot }, enforce);
		const kept = await each(files, { target: profile }, enforce);
		const report = await bootAll(
			kernel,
			chosen.map((at) => variants[at] as Variant),
			scene,
		);
		seconds += report.seconds;
		for (const [index, at] of chosen.entries()) {
			const id = (variants[at] as Variant).id;
			const [one, actual] = [foretold[index], report.verdicts[index]];
			if (one === undefined || actual === undefined) throw new Error(`no answer for ${id}`);
			if (actual === UNMET) {
				process.stderr.write(`oracle: ${id}: what it needs does not load in an emulator: not asked\n`);
				continue;
			}
			const row = compare(`${scene.label}${id}`, one, actual);
			const misread = scene === PLAIN && !/^(?:of-|own-)/.test(id) ? misexplained(id, actual) : null;
			const differs = differing(one, kept[index] as CheckedModule);
			rows.push({ ...row, differences: [...row.differences, misread, differs].filter((it) => it !== null) });
		}
	}
	return { release: kernel.release, rows, seconds };
}

/** Each by itself: variants are no set. */
async function each(
	paths: string[],
	spec: { sysroot?: string; target?: string },
	enforce: Enforcement,
): Promise<CheckedModule[]> {
	const { modules } = await checkModules(paths, spec, silent, { enforce, alone: true });
	return modules;
}

/** Stands for the answer to a module whose needs could not be met, such as those of a hypervisor that is not there. */
const UNMET = "unmet";
type Answer = ModuleVerdict | typeof UNMET;

/**
 * The kernel's answers: what many need is loaded once, before all. One that met what another left behind (a module of the
 * same name that cannot be unloaded) is asked again by itself.
 */
async function bootAll(
	kernel: LabKernel,
	variants: Variant[],
	scene: Scene,
): Promise<{ verdicts: Answer[]; seconds: number }> {
	const verdicts: Answer[] = [];
	let seconds = 0;
	const ask = async (some: Variant[]) => {
		const report = await bootTogether(kernel, some, scene);
		seconds += report.seconds;
		return report.verdicts;
	};
	for (let at = 0; at < variants.length; at += scene.most)
		verdicts.push(...(await ask(variants.slice(at, at + scene.most))));
	for (const [at, one] of verdicts.entries())
		if (one !== UNMET && variants.length > 1 && one.errno?.name === "EEXIST")
			verdicts.splice(at, 1, ...(await ask([variants[at] as Variant])));
	return { verdicts, seconds };
}

async function bootTogether(
	kernel: LabKernel,
	variants: Variant[],
	scene: Scene,
): Promise<{ verdicts: Answer[]; seconds: number }> {
	const before = new Map<string, BootModule>();
	for (const one of variants.flatMap(({ before = [] }) => before))
		before.set(one.name, { ...one, keep: true });
	const helpers = [...before.values()];
	const report = await bootAndLoad({
		...{ image: kernel.image, arch: kernel.architecture, progress: silent, kernelArguments: scene.words },
		modules: [...helpers, ...variants.map(({ id, bytes }) => ({ name: id, bytes }))],
	});
	const absent = new Set(helpers.filter((_, at) => !report.modules[at]?.loaded).map(({ name }) => name));
	return {
		verdicts: report.modules.slice(helpers.length).map((one, at) => {
			const variant = variants[at] as Variant;
			const unmet = variant.before?.some(({ name }) => absent.has(name)) ?? false;
			return unmet && one.errno?.name === "ENOENT" ? UNMET : already(one, variant, before);
		}),
		seconds: report.seconds,
	};
}

/** One that was loaded for the sake of others cannot be loaded again: its first load counts. */
function already(
	verdict: ModuleVerdict,
	{ id }: Variant,
	before: ReadonlyMap<string, BootModule>,
): ModuleVerdict {
	const name = identifier(id.replace(/^own-/, "").replace(/\.ko(\.\w+)?$/, ""));
	if (verdict.errno?.name !== "EEXIST" || !before.has(name)) return verdict;
	return { ...verdict, loaded: true, errno: null, stage: "loaded" };
}

async function writeAll(variants: Variant[], folder: string): Promise<string[]> {
	mkdirSync(folder, { recursive: true });
	const paths: string[] = [];
	for (const { id, bytes, compress } of variants) {
		const path = join(folder, /\.ko(\.\w+)?$/.test(id) ? id.replace(/\.ko(\.\w+)?$/, ".ko") : `${id}.ko`);
		writeFileSync(path, bytes);
		if (compress === "xz") await run(["xz", "-kf", "--check=crc32", path]);
		if (compress === "zst") await run(["zstd", "-qf", path]);
		paths.push(compress === undefined ? path : `${path}.${compress}`);
	}
	return paths;
}
