import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { readModuleSummary } from "../../formats/module/module.ts";
import { readHead } from "../../host/files/files.ts";
import { templatePath } from "../../host/machine/templates.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import type { Target } from "../../target/target.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import { bootAndLoad } from "./index.ts";
import type { ModuleVerdict } from "./verdicts.ts";

export type BootProof =
	| {
			known: true;
			boot: BootResult;
			/** `uname -r` of the kernel that answered, and its image. */
			release: string;
			image: string;
			/** Of the probe, as the kernel read it. */
			vermagic: string | null;
	  }
	/** Nothing was proved: why, and what to type for it. */
	| { known: false; why: string; remedy: string };

export interface ProofRequest {
	/** `path` is the source tree, `output` its build folder (the same when it is built in place). */
	tree: { path: string; output: string | null };
	target: Pick<Target, "image" | "arch" | "release">;
	/** As for every make in that tree: ARCH=..., CC=..., -j2. */
	makeArguments: string[];
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Builds templates/probe against the tree (in a temporary folder; the tree is not written), boots the target's own
 * image in QEMU and loads it. Without an image, QEMU or a compiler the answer is `known: false`; a probe that does not
 * compile throws KprepError "command".
 */
export async function proveByBoot(request: ProofRequest): Promise<BootProof> {
	const { image, arch } = request.target;
	if (image === null)
		return {
			known: false,
			why: "there is no image of the target here",
			remedy: "install the target's linux-image package, or name its image with -t",
		};
	const folder = await mkdtemp(join(tmpdir(), "kprep-probe-"));
	try {
		const bytes = await buildProbe(request, folder);
		const path = await bootable(image.value, image.read, folder);
		const report = await bootAndLoad({
			...{ image: path, arch: arch?.value ?? process.arch, modules: [{ name: "kprep_probe", bytes }] },
			...{ compiler: compilerOf(request.makeArguments), progress: request.progress, signal: request.signal },
		});
		const verdict = report.modules[0] as ModuleVerdict;
		const { accelerator, seconds, release } = report;
		const { loaded, errno, stage, panic } = verdict;
		// While it loads the kernel may speak of other things too; a refusal need not name the module.
		const log = loaded ? verdict.log.filter((line) => line.includes("kprep_probe")) : verdict.log;
		const boot: BootResult = {
			...{ loaded, errno: errno?.name ?? null, stage, panic, dependency: null },
			...{ accelerator, seconds, log },
		};
		return { known: true, boot, release, image: image.value, vermagic: vermagicOf(bytes) };
	} catch (error) {
		if (!(error instanceof KprepError) || error.kind !== "missing") throw error;
		return { known: false, why: error.message, remedy: error.suggestions[0] ?? "kprep doctor" };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** The compiler that make is told to use, as words; undefined when it is told nothing. */
function compilerOf(makeArguments: readonly string[]): string[] | undefined {
	const given = (name: string) =>
		makeArguments.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
	const [cc, prefix] = [given("CC"), given("CROSS_COMPILE")];
	return cc?.split(" ").filter(Boolean) ?? (prefix === undefined ? undefined : [`${prefix}gcc`]);
}

function vermagicOf(bytes: Uint8Array): string | null {
	return readModuleSummary(bytes).vermagic;
}

const MINUTES_TO_BUILD = 5;

async function buildProbe(request: ProofRequest, folder: string): Promise<Uint8Array> {
	const { tree, makeArguments, progress, signal } = request;
	requirePlainTree({ path: tree.path, output: tree.output ?? tree.path });
	const probe = join(folder, "probe");
	await cp(templatePath("probe"), probe, { recursive: true });
	progress.step("probe", "compiling a module in the tree");
	await run(["make", "-C", tree.output ?? tree.path, `M=${probe}`, ...makeArguments, "modules"], {
		...{ timeout: MINUTES_TO_BUILD * 60_000, progress, signal },
		env: { MAKEFLAGS: undefined, MAKELEVEL: undefined, MAKEOVERRIDES: undefined },
	});
	return readFile(join(probe, "kprep_probe.ko"));
}

/** The image's own file; what stands for it in a profile is written out first. */
export async function bootable(
	path: string,
	read: () => Promise<Uint8Array>,
	folder: string,
): Promise<string> {
	try {
		readHead(path, 1);
		return path;
	} catch {
		const copy = join(folder, "image");
		await writeFile(copy, await read());
		return copy;
	}
}
