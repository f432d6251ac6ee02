import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";
import { Root } from "../../host/files/root.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { aptVersions, debArchitecture } from "../../host/packages/apt.ts";
import { currentKernel, type KernelPackage, unpackKernel } from "../../host/packages/apt-kernel.ts";
import { privateApt } from "../../host/packages/apt-private.ts";
import { debianSuites } from "../../host/packages/apt-suites.ts";
import type { PackageContext } from "../../host/packages/package-source.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import type { BroughtTarget, Scheme } from "./scheme.ts";

/** Names and versions as Debian policy allows them (5.6.1, 5.6.12). */
const WORD = /^([a-z0-9][a-z0-9+.-]+)(?::([a-z0-9]+))?(?:=([\w.+:~-]+))?$/;
const FORM = "apt:PACKAGE[:ARCH][=VERSION]";

interface Asked {
	name: string;
	arch: string | null;
	version: string | null;
}

/**
 * A kernel of Debian or Ubuntu that is not installed: its packages are unpacked as a sysroot in the cache. PACKAGE is a
 * linux-image package or a metapackage. One with a version that is kept is used without asking any repository.
 */
export const apt: Scheme = {
	prefix: "apt:",
	form: FORM,
	async bring(word, progress, offline) {
		const asked = parse(word);
		const kept = keptKernels().find((one) => isAsked(one, asked));
		if (kept !== undefined && (asked.version !== null || offline)) return described(kept);
		if (offline)
			throw new KprepError("missing", "offline", `apt:${word} is not kept`, {
				suggestions: ["the same command without --offline"],
			});
		try {
			return await fetched(asked, progress);
		} catch (error) {
			// Without network the newest that is kept still serves, and that is said.
			if (kept === undefined || !(error instanceof KprepError) || error.kind === "usage") throw error;
			progress.warn(`${error.message.split("\n")[0]}; the kept ${kept.package}=${kept.version} is used`);
			return described(kept);
		}
	},
};

function parse(word: string): Asked {
	const [, name, arch = null, version = null] = WORD.exec(word) ?? [];
	if (name === undefined)
		throw new KprepError("usage", "bad-target", `apt:${word} names no package`, { expected: FORM });
	return { name, arch, version };
}

/** Beside each kept kernel: what it was asked for by (perhaps a metapackage), and what it is. */
const KEPT = v.object({
	asked: v.string(),
	package: v.string(),
	version: v.string(),
	arch: v.string(),
	release: v.string(),
	sysroot: v.string(),
});
const KEPT_TEXT = v.pipe(v.string(), v.parseJson(), KEPT);
type Kept = v.InferOutput<typeof KEPT>;

function isAsked(kept: Kept, { name, arch, version }: Asked): boolean {
	const own = arch === null || kept.arch === arch;
	return own && [kept.asked, kept.package].includes(name) && (version === null || kept.version === version);
}

function described({ package: name, arch, version, release, sysroot }: Kept): BroughtTarget {
	return { sysroot, target: release, exact: `apt:${name}:${arch}=${version}` };
}

/** Newest first; what cannot be read is not kept. */
function keptKernels(): Kept[] {
	const folder = kernelsFolder();
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => name.endsWith(".json"))
		.flatMap((name) => {
			const kept = v.safeParse(KEPT_TEXT, readFileSync(join(folder, name), "utf8"));
			return kept.success && existsSync(kept.output.sysroot) ? [kept.output] : [];
		})
		.reverse();
}

function kernelsFolder(): string {
	return join(cacheFolder(), "kernels");
}

async function fetched(asked: Asked, progress: Progress): Promise<BroughtTarget> {
	requireApt();
	const context: PackageContext = { progress };
	const arch = asked.arch ?? (await debArchitecture(context));
	for (const suites of await suitesToAsk()) {
		const folder = join(cacheFolder(), "apt", [...suites.slice(0, 1), suites.length, arch].join("-"));
		const lists = await privateApt({ folder, suites, architectures: [arch] }, context);
		const kernel = await find({ ...asked, arch }, lists);
		if (kernel === null) continue;
		return described(await keep(asked.name, kernel, arch, lists));
	}
	throw new KprepError("missing", "no-kernel-package", `no repository of this machine has ${asked.name}`, {
		expected: `${asked.name}${asked.version === null ? "" : ` ${asked.version}`} for ${arch}`,
		suggestions: ["apt-cache search --names-only '^linux-image' names the kernels that apt knows"],
	});
}

/** The machine's own suites first: nearly everything is there, and the lists of all suites are 100 MB. */
async function suitesToAsk(): Promise<string[][]> {
	const distribution = readDistribution(new Root());
	const codename = distribution?.codename ?? null;
	if (codename === null) return [[]];
	const others = distribution?.family[0] === "debian" ? debianSuites() : [];
	return [[], [`${codename}-backports`], [...others, `${codename}-backports`]];
}

async function find(asked: Asked & { arch: string }, lists: PackageContext): Promise<KernelPackage | null> {
	const { name, arch, version } = asked;
	const versions = (await aptVersions([`${name}:${arch}`], lists)).filter(
		(one) => one.arch === arch || one.arch === null,
	);
	const image = versions.find((one) => version === null || one.version === version);
	if (image === undefined) return null;
	const release = /^linux-image-(?:unsigned-)?(\d+\.\d+[.+~-].*?)(?:-unsigned)?$/.exec(name)?.[1];
	return release === undefined ? currentKernel([`${name}:${arch}`], lists) : { release, image };
}

async function keep(
	asked: string,
	kernel: KernelPackage,
	arch: string,
	lists: PackageContext,
): Promise<Kept> {
	const { release, image } = kernel;
	const name = `${release}_${image.version.replaceAll(":", "%3a")}_${arch}`;
	const folder = kernelsFolder();
	mkdirSync(folder, { recursive: true });
	const [sysroot, downloads] = [join(folder, name), join(cacheFolder(), "packages")];
	await unpackKernel(kernel, { downloads, sysroot }, lists);
	const kept: Kept = { asked, package: image.name, version: image.version, arch, release, sysroot };
	writeFileSync(`${sysroot}.json`, `${JSON.stringify(kept, null, 1)}\n`);
	return kept;
}

function requireApt(): void {
	const lacking = ["apt-get", "apt-cache", "dpkg-deb"].filter((name) => findProgram(name) === null);
	if (lacking.length === 0) return;
	throw new KprepError("missing", "no-apt", `apt: targets need ${lacking.join(", ")}`, {
		expected: "a machine with apt: Debian, Ubuntu and their kin",
		suggestions: ["name the kernel's image, a sysroot or a profile instead (kprep capture writes one)"],
	});
}
