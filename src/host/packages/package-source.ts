import type { Root } from "../files/root.ts";
import type { Progress } from "../progress.ts";

/** What every step with packages needs from its caller. */
export interface PackageContext {
	progress: Progress;
	signal?: AbortSignal | undefined;
	/** Added to the environment of every program that is run (a test's PATH, a private APT_CONFIG). */
	env?: Record<string, string>;
}

/** One version of one package that a repository has. */
export interface PackageVersion {
	/** As one types it, without architecture: "linux-source-6.1". */
	name: string;
	/** The package's own version, whole: "6.1.192-1", "1:6.8.5-301.fc40". */
	version: string;
	/** The distribution's word: "amd64", "x86_64"; null when it is the same for all or not told. */
	arch: string | null;
	/** The repository or suite that has it, as the package system calls it: "bookworm-security/main", "updates". */
	repository: string;
	/** "binary" is what installs; "source" is what the packager builds from (.dsc, .src.rpm, PKGBUILD). */
	kind: "binary" | "source";
}

/** The package that an installed kernel came from. Every part was read in `where`, none was guessed. */
export interface KernelOrigin {
	/** The package that holds the image or the modules: "linux-image-6.1.0-56-amd64", "kernel-core". */
	name: string;
	version: string;
	/** The source package it was built from, and its version: "linux" "6.1.192-1". */
	source: string;
	sourceVersion: string;
	/** Path (of the root, as on this machine) of the package database or changelog that says so. */
	where: string;
}

/** What a tree is wanted for. */
export interface TreeWanted {
	/** `uname -r` of the target. */
	release: string;
	/** V.P.S behind its LINUX_VERSION_CODE, when known. */
	version: string | null;
	origin: KernelOrigin | null;
}

/** A tree that a package system can fetch. */
export interface TreeOffer {
	/** The `name` of the PackageSource that made it. */
	system: string;
	/** "headers": only good for modules of the one release; "archive": a package with a tarball or tree of the patched
	 * source; "source": upstream tarball and patches, to be put together after the download. */
	kind: "headers" | "archive" | "source";
	package: PackageVersion;
	/** V.P.S of the tree inside when the package's version tells; null when only unpacking tells. */
	kernel: string | null;
	/** True when this is the very version that the target was built from. */
	exact: boolean;
	/** The command that a person would type to get it by hand. */
	byHand: string;
	/** What stands in the tree's EXTRAVERSION by the packager's custom ("-arch1"); "" when nothing is known of it. */
	extraversion?: string;
	/** A patch set that comes with the archive and that the target was built with: "rt". */
	patch?: string;
	/** Environment in which the package system knows the offer (lists of other suites); for fetch(). */
	env?: Record<string, string>;
}

/** What fetch() left in its folder. */
export type FetchedTree =
	/** A compressed tarball of the tree, with one folder at its top, and the patches to apply to it in order. */
	| { form: "archive"; archive: string; patches: string[] }
	/** An unpacked tree. */
	| { form: "tree"; tree: string };

/**
 * One package system. A new one is one new file here and one entry in `index.ts`. Programs are run with run() of
 * ../run.ts only, so a test stands in for a system with fake programs on PATH. Nothing is ever installed by it.
 */
export interface PackageSource {
	/** "apt", "dnf"... */
	readonly name: string;
	/** The programs that must be on PATH for offers() and fetch(). */
	readonly programs: readonly string[];
	/** Which package the kernel `release` in `root` came from: reads below the root only; null when untold. */
	origin(root: Root, release: string, context: PackageContext): Promise<KernelOrigin | null>;
	/** The trees that the repositories of this host have for the target, the exact version first. */
	offers(wanted: TreeWanted, context: PackageContext): Promise<TreeOffer[]>;
	/** Where the distribution keeps every version that it ever had of a kernel of its own; null for others' kernels. */
	archive?(origin: KernelOrigin): string | null;
	/**
	 * Unpacks, below the empty folder `folder`, the package with the .configs of exactly the version that the target was
	 * built from, and gives its name and version; null when there is no such package.
	 */
	configs?(wanted: TreeWanted, folder: string, context: PackageContext): Promise<string | null>;
	/** Downloads what an offer of this system names into the existing folder `folder`. */
	fetch(offer: TreeOffer, folder: string, context: PackageContext): Promise<FetchedTree>;
}
