/**
 * Real kernels of the distribution for tests.
 *
 *   const kernel = await lab.kernel({ flavour: "cloud" });                      // the machine's own suite, newest
 *   const kernel = await lab.kernel({ flavour: "cloud", suite: "backports" });  // suites: see Wanted
 *   if ("skip" in kernel) { console.log(kernel.skip); ctx.skip(kernel.skip); }
 *   kernel.sysroot, kernel.release, kernel.image, kernel.modulesFolder
 *   await kernel.tree(folder);                       // its own source, with what preparing it for modules needs
 *
 * Call it in beforeAll with a timeout of minutes: the first run of a machine downloads (about 40 MB a kernel, 130 MB a
 * source). Everything is kept in the folder of ./cache.ts.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { KprepError } from "../../src/errors.ts";
import { Root } from "../../src/host/files/root.ts";
import { readDistribution } from "../../src/host/machine/distribution.ts";
import {
	findKernels,
	type KernelPackage,
	kernelSource,
	type UnpackedKernel,
	unpackKernel,
} from "../../src/host/packages/apt-kernel.ts";
import { privateApt } from "../../src/host/packages/apt-private.ts";
import type { PackageContext } from "../../src/host/packages/package-source.ts";
import { run } from "../../src/host/process/run.ts";
import { type Progress, silent } from "../../src/host/progress.ts";
import { cacheFolder } from "./cache.ts";
import { locked } from "./lock.ts";
import { isDebian, prepareMachine } from "./machine.ts";

export interface Wanted {
	/** "cloud" (Debian's for virtual machines, the smallest; Ubuntu's generic stands in for it), "rt", "plain". */
	flavour: "cloud" | "rt" | "plain";
	/**
	 * Absent: the machine's own suites. "backports": its backports too. "older": the suites before it, as the mirror
	 * still has them. "newest": what is being made for the next release (sid). Or a name that the mirror knows.
	 */
	suite?: string;
	/** Start of the release, such as "6.1": absent takes the newest. */
	series?: string;
	/** Which of several to take, when the newest is not what the test is about. */
	fits?: (release: string) => boolean;
	/** The lowest version that fits, instead of the newest. */
	oldest?: boolean;
	/** As dpkg names it; absent: the machine's own. */
	architecture?: string;
}

export interface LabKernel extends UnpackedKernel {
	/** Architecture as dpkg names it. */
	architecture: string;
	/** With it apt speaks of the suites that the kernel came from. */
	apt: PackageContext;
	/** Path of the distribution's source archive of this very kernel; throws KprepError "missing" when it has none. */
	source: () => Promise<string>;
	/**
	 * Makes the new `folder` a tree of that source, with only what preparing it for module builds on x86 needs (about a
	 * fifth of the files). Throws as source() does.
	 */
	tree: (folder: string) => Promise<void>;
}

export interface Skip {
	/** Why there is no such kernel, in one line. */
	skip: string;
}

/**
 * `fits` for kernels whose release does not begin with the V.P.S of their source ("6.1.0-56-amd64" of a tree that says
 * 6.1.192), so that a sync has to pin it.
 */
export function baseDisagrees(release: string): boolean {
	return /^\d+\.\d+\.0-\d+/.test(release);
}

/** Top-level parts of a tree that preparing it for module builds needs; with every Kconfig they give the same .config. */
const MODULE_BUILD_PARTS = [
	...[
		"Makefile",
		"Kbuild",
		"Kconfig",
		"include",
		"scripts",
		"tools",
		"kernel",
		"init",
		"security",
		"certs",
		"lib",
	],
	...[
		"mm",
		"arch/Kconfig",
		"arch/x86",
		"usr/include",
		"usr/Kconfig",
		"usr/Makefile",
		"rust",
		"localversion*",
	],
];

export const lab = { kernel };

/** A kernel of the distribution, unpacked as a sysroot, or why there is none. Never throws for what a machine lacks. */
async function kernel(wanted: Wanted): Promise<LabKernel | Skip> {
	const lacks = isDebian()
		? await prepareMachine()
		: "not Debian or Ubuntu: no packages of kernels to test with";
	if (lacks !== null) return { skip: lacks };
	const folder = cacheFolder();
	mkdirSync(folder, { recursive: true });
	try {
		// One at a time: workers want the same lists and packages, and share them.
		return await locked(join(folder, "apt.lock"), async () => {
			const architecture = wanted.architecture ?? (await ownArchitecture());
			const apt = await context(wanted, architecture);
			const candidates = (
				await findKernels({ ...wanted, flavour: flavourOf(wanted, architecture) }, apt)
			).filter(({ release }) => wanted.fits?.(release) ?? true);
			const chosen = candidates.at(wanted.oldest ? -1 : 0);
			if (chosen === undefined) return { skip: `the distribution has no ${describe(wanted)} kernel` };
			const downloads = join(folder, "packages");
			const sysroot = join(
				folder,
				"sysroots",
				`${chosen.release}_${chosen.image.version}`.replaceAll(":", "%3a"),
			);
			mkdirSync(join(folder, "sysroots"), { recursive: true });
			const unpacked = await unpackKernel(chosen, { downloads, sysroot }, apt);
			const archive = () => source(chosen, apt);
			return {
				...{ ...unpacked, architecture, apt, source: archive },
				tree: async (tree) => copyTree(await archive(), tree),
			};
		});
	} catch (error) {
		if (!(error instanceof KprepError) || error.kind === "bug") throw error;
		return { skip: `${describe(wanted)} kernel: ${error.message.split("\n").slice(0, 2).join(" ")}` };
	}
}

/** Unpacking takes many times as long as copying, and every test wants a tree of its own: each archive is unpacked once. */
async function copyTree(archive: string, folder: string): Promise<void> {
	const trees = join(cacheFolder(), "trees");
	const [version] = relative(join(cacheFolder(), "sources"), archive).split("/");
	const unpacked = join(trees, `${basename(archive)}_${version}`);
	await locked(`${unpacked}.lock`, async () => {
		if (existsSync(unpacked)) return;
		const half = `${unpacked}.new`;
		rmSync(half, { recursive: true, force: true });
		await unpack(archive, half);
		renameSync(half, unpacked);
	});
	await run(["cp", "-a", "--reflink=auto", unpacked, folder], { timeout: 5 * 60_000 });
}

/** Unpacks the wanted parts of a source archive into the new `folder`, without the folder at its top. */
async function unpack(archive: string, folder: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const parts = MODULE_BUILD_PARTS.map((it) => `*/${it}`);
	const wanted = [
		...["--wildcards", "--no-wildcards-match-slash", ...parts],
		...["--wildcards-match-slash", "*/Kconfig*"],
	];
	const decompress = archive.endsWith(".xz") ? ["-I", "xz -T2"] : [];
	await run(["tar", ...decompress, "-xf", archive, "-C", folder, "--strip-components=1", ...wanted], {
		// tar says 2 for a part that this version does not have.
		...{ accept: [2], timeout: 5 * 60_000 },
	});
	if (readdirSync(folder).length === 0) throw new Error(`nothing unpacked from ${archive}`);
}

function source(chosen: KernelPackage, apt: PackageContext): Promise<string> {
	const folder = cacheFolder();
	const folders = { downloads: join(folder, "packages"), sources: join(folder, "sources") };
	return locked(join(folder, "apt.lock"), () => kernelSource(chosen, folders, apt));
}

/** The words for a suite become names of the mirror, relative to the machine's own release. */
async function context(wanted: Wanted, architecture: string): Promise<PackageContext> {
	const codename = readDistribution(new Root())?.codename ?? "stable";
	const words: Record<string, string[]> = {
		own: [],
		backports: [`${codename}-backports`],
		older: ["oldstable", "oldoldstable"],
		newest: ["sid"],
	};
	const suite = wanted.suite ?? "own";
	const suites = words[suite] ?? [suite];
	const folder = join(cacheFolder(), "apt", [suite, architecture].join("-").replaceAll("/", "_"));
	return privateApt({ folder, suites, architectures: [architecture] }, { progress: loud() });
}

function flavourOf({ flavour }: Wanted, architecture: string): string {
	const ubuntu = readDistribution(new Root())?.family[0] === "ubuntu";
	if (ubuntu) return flavour === "rt" ? "realtime" : "generic";
	const plain = PLAIN[architecture] ?? architecture;
	return flavour === "plain" ? plain : `${flavour}-${plain}`;
}

/** What Debian calls the ordinary kernel of an architecture where it is not the architecture's name. */
const PLAIN: Record<string, string> = { armhf: "armmp", i386: "686", ppc64el: "powerpc64le" };

function describe({ flavour, series, suite, architecture }: Wanted): string {
	return [series, flavour, architecture, suite].filter(Boolean).join(" ");
}

async function ownArchitecture(): Promise<string> {
	return (await run(["dpkg", "--print-architecture"])).stdout.trim();
}

/** Downloads are slow enough to be told about. */
function loud(): Progress {
	return {
		...silent,
		step(name, detail = "") {
			process.stderr.write(`lab: ${name} ${detail}\n`);
		},
	};
}
