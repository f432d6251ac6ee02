import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { findProgram } from "../../../src/host/process/program.ts";
import { attempt } from "../../../src/host/process/run.ts";
import { kprepCommand } from "../../helpers/kprep.ts";
import type { Driver } from "./drivers.ts";
import { type Facts, factsOf } from "./facts.ts";

/** Where a census builds, and with what. */
export interface Place {
	/** All paths of a census lie below it, the same for every tree: ccache then knows a source again. */
	folder: string;
	/** Packages that lie over /usr and /etc while something is built. */
	root: string;
	release: string;
	/** Folder first on PATH, with a compiler that goes through ccache. */
	path: string;
}

/** The empty `folder` as such a place, with a compiler behind ccache: most sources are the same to it in every tree. */
export function placeIn(folder: string, root: string, release: string): Place {
	const path = join(folder, "bin");
	mkdirSync(path);
	const ccache = findProgram("ccache");
	const names = readdirSync("/usr/bin").filter((name) => /^gcc(?:-\d+)?$/.test(name));
	if (ccache !== null) for (const name of names) symlinkSync(ccache, join(path, name));
	return { folder, root, release, path };
}

/** What became of a driver in one column. */
export interface Outcome {
	modules: Facts;
	/** Where they lie. */
	paths: string[];
	/** null: built. */
	error: string | null;
	/** Of kprep build: verdicts that are not "loads". */
	verdicts: string[];
}

/** One tree or headers folder to build in. */
export interface Kbuild {
	name: string;
	/** As the builds see it. */
	path: string;
	/** A sysroot whose usr/ lies over the machine's: that of the distribution's own headers. */
	sysroot?: string;
	/** By what it is built there; absent: by both. */
	by?: "dkms" | "kprep build";
}

/** Builds by the real dkms, as `dkms build` of its package's installation would. */
export async function byDkms(driver: Driver, kbuild: Kbuild, place: Place): Promise<Outcome> {
	const { name, version } = driver;
	const tree = join(place.folder, "dkms", name);
	rmSync(tree, { recursive: true, force: true });
	mkdirSync(tree, { recursive: true });
	const words = ["--dkmstree", tree, "--kernelsourcedir", kbuild.path, "-k", place.release];
	const { status, stdout, stderr } = await within(place, name, kbuild, [
		...["dkms", "build", "-m", name, "-v", version, ...words],
	]);
	const made = join(tree, name, version, place.release, "x86_64/module");
	const log = join(tree, name, version, "build/make.log");
	const paths = existsSync(made) ? readdirSync(made).map((file) => join(made, file)) : [];
	const modules = factsOf(paths);
	const why = existsSync(log) ? firstError(readFileSync(log, "utf8")) : `${stdout}${stderr}`.trim();
	return { modules, paths, error: status === 0 && modules.size > 0 ? null : why, verdicts: [] };
}

/** Builds a copy of the sources by `kprep build`. */
export async function byKprep(
	driver: Driver,
	kbuild: Kbuild,
	profile: string,
	place: Place,
): Promise<Outcome> {
	const copy = join(place.folder, "build", basename(driver.source));
	rmSync(copy, { recursive: true, force: true });
	mkdirSync(join(place.folder, "build"), { recursive: true });
	cpSync(driver.source, copy, { recursive: true, verbatimSymlinks: true });
	const { stdout, stderr } = await within(place, driver.name, { ...kbuild, path: "/nonexistent" }, [
		...kprepCommand(["build", copy, kbuild.path, "-t", profile, "--json", "-q"]),
	]);
	const document = parsed(stdout);
	if (document?.modules === undefined)
		return { modules: new Map(), paths: [], error: words(document) ?? stderr, verdicts: [] };
	const paths = document.modules.map(({ path }) => path);
	const verdicts = document.modules
		.filter(({ verdict }) => verdict !== "loads")
		.map(({ name, verdict, message }) => `${name}: ${verdict} ${message ?? ""}`);
	return { modules: factsOf(paths), paths, error: null, verdicts };
}

interface Document {
	modules?: { path: string; name: string; verdict: string; message: string | null }[];
	error?: { code: string; message: string; found?: string };
}

function parsed(text: string): Document | null {
	try {
		return JSON.parse(text) as Document;
	} catch {
		return null;
	}
}

function words(document: Document | null): string | null {
	return document?.error === undefined ? null : `${document.error.code}: ${document.error.message}`;
}

/** A command in a mount namespace of its own, where the packages are installed and /lib/modules/R/build leads to the tree. */
async function within(
	{ folder, root, release, path }: Place,
	name: string,
	kbuild: Kbuild,
	command: string[],
) {
	const layer = join(folder, "layers", name);
	rmSync(layer, { recursive: true, force: true });
	mkdirSync(join(layer, "lib/modules", release), { recursive: true });
	symlinkSync(kbuild.path, join(layer, "lib/modules", release, "build"));
	const usr = [layer, join(root, "usr"), ...(kbuild.sysroot ? [join(kbuild.sysroot, "usr")] : []), "/usr"];
	const script = `mount -t overlay overlay -o "lowerdir=$0" /usr
		mount -t overlay overlay -o "lowerdir=$1:/etc" /etc
		shift; exec "$@"`;
	return await attempt(
		["unshare", "--mount", "sh", "-ec", script, usr.join(":"), join(root, "etc"), ...command],
		{
			env: {
				...{ PATH: `${path}:${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: "C.UTF-8" },
				...{ CCACHE_DIR: join(folder, "..", "ccache"), CCACHE_NOHASHDIR: "1", CCACHE_BASEDIR: folder },
				...{ XDG_CONFIG_HOME: "/nonexistent", XDG_CACHE_HOME: join(folder, "cache") },
			},
			timeout: 15 * 60_000,
		},
	);
}

function firstError(log: string): string {
	const line = /^.*(?:\berror: |\*\*\* |Error ).*$/m.exec(log)?.[0];
	return line ?? log.trim().split("\n").at(-1) ?? "";
}
