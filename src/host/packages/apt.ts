/**
 * What kprep asks apt and dpkg-deb for. Nothing here installs or changes the system. Every function takes a
 * PackageContext: with its `env` empty it speaks of the machine's own repositories; with the `env` that
 * `privateApt()` of ./apt-private.ts gives it speaks of other suites or architectures, with fresh lists of its own.
 *
 *   const apt = await privateApt({ folder, suites: ["sid"], architectures: ["arm64"] }, context);
 *   const [newest] = await aptVersions(await aptNames(/linux-image-.*-cloud-arm64/, apt), apt);
 *   const files = await aptDownload([newest, ...(await aptClosure(newest, /^linux-.*\d/, apt))], folder, apt);
 *   for (const file of files) await unpackDeb(file, sysroot, apt);
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { compareDebianVersions } from "../../kernel/source/debian-version.ts";
import { requireSpace } from "../archive/room.ts";
import { timed } from "../machine/durations.ts";
import { run } from "../process/run.ts";
import type { PackageContext, PackageVersion } from "./package-source.ts";

/** Names of all packages that start with `prefix` and match `pattern` wholly, sorted. */
export async function aptNames(pattern: RegExp, context: PackageContext, prefix = ""): Promise<string[]> {
	const { stdout } = await run(["apt-cache", "pkgnames", ...(prefix ? [prefix] : [])], {
		...options(context),
		keep: 64 * 1024 * 1024,
	});
	const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace("g", ""));
	// A package of another architecture is listed as name:arch.
	const names = stdout.split("\n").map((name) => name.replace(/:\w+$/, ""));
	return [...new Set(names)].filter((name) => whole.test(name)).sort();
}

/** Every version of the packages that can be downloaded, newest first. Names that are not there are left out. */
export async function aptVersions(names: string[], context: PackageContext): Promise<PackageVersion[]> {
	if (names.length === 0) return [];
	const { stdout } = await run(["apt-cache", "madison", ...names], options(context));
	const versions: PackageVersion[] = [];
	for (const line of stdout.split("\n")) {
		const [name = "", version = "", where = ""] = line.split("|").map((part) => part.trim());
		// "URI bookworm/main amd64 Packages"
		const [, repository, arch, kind] = where.split(/\s+/);
		if (repository === undefined || arch === undefined || kind !== "Packages") continue;
		if (versions.some((it) => it.name === name && it.version === version && it.arch === arch)) continue;
		versions.push({ name: name.replace(/:\w+$/, ""), version, arch, repository, kind: "binary" });
	}
	return versions.sort((a, b) => compareDebianVersions(b.version, a.version));
}

/**
 * The packages that this version depends on, and those depend on, whose names match `pattern`; the newest version
 * that satisfies "= version" where the dependency says so, else the newest there is. Alternatives: the first that exists.
 */
export async function aptClosure(
	start: PackageVersion,
	pattern: RegExp,
	context: PackageContext,
): Promise<PackageVersion[]> {
	const found = new Map<string, PackageVersion>([[start.name, start]]);
	const queue = [start];
	for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
		for (const dependency of await dependencies(from, context)) {
			const fitting = dependency.filter((it) => pattern.test(it.name));
			if (fitting.length === 0 || fitting.some((it) => found.has(it.name))) continue;
			for (const { name, exact } of fitting) {
				const versions = await aptVersions([name], context);
				const version = versions.find((it) => exact === null || it.version === exact);
				if (version === undefined) continue;
				found.set(name, version);
				queue.push(version);
				break;
			}
		}
	}
	found.delete(start.name);
	return [...found.values()];
}

/**
 * Downloads exactly these versions into `folder` (checked by apt against the signed lists) unless they are there
 * already; gives their paths in the same order. Throws KprepError "command" with apt's words when that fails.
 */
export async function aptDownload(
	versions: PackageVersion[],
	folder: string,
	context: PackageContext,
): Promise<string[]> {
	mkdirSync(folder, { recursive: true });
	const files: string[] = [];
	for (const version of versions) {
		const file = join(folder, debName(version));
		files.push(file);
		if (existsSync(file)) continue;
		context.progress.step("download", `${version.name} ${version.version}`);
		// Apt leaves a partial file under its final name: what is complete is moved.
		// Of its own: several kernels may come at once.
		const partial = mkdtempSync(join(folder, `.partial-${process.pid}-`));
		try {
			const wanted = `${version.name}${version.arch === null ? "" : `:${version.arch}`}=${version.version}`;
			await timed(`apt-get download ${version.name}`, context.progress, () =>
				run(["apt-get", "-q", ...UNSANDBOXED, "download", wanted], {
					...options(context),
					cwd: partial,
					timeout: DOWNLOAD_MINUTES * 60_000,
				}),
			);
			const { readdirSync } = await import("node:fs");
			const arrived = readdirSync(partial).find((it) => it.endsWith(".deb"));
			if (arrived === undefined)
				throw new KprepError("command", "download-failed", `apt-get downloaded nothing for ${wanted}`);
			renameSync(join(partial, arrived), file);
		} finally {
			rmSync(partial, { recursive: true, force: true });
		}
	}
	return files;
}

/** Unpacks a .deb below `folder` as its installation would; no script of it runs. */
export async function unpackDeb(file: string, folder: string, context: PackageContext): Promise<void> {
	mkdirSync(folder, { recursive: true });
	requireSpace(folder, statSync(file).size);
	await run(["dpkg-deb", "-x", file, folder], options(context));
}

/** The machine's own architecture as dpkg names it: "amd64", "arm64". Throws KprepError "missing" where there is no dpkg. */
export async function debArchitecture(context: PackageContext): Promise<string> {
	const { stdout } = await run(["dpkg", "--print-architecture"], options(context));
	return stdout.trim();
}

/** As root apt drops to a user who may not write into a folder below /root: the download is checked all the same. */
const UNSANDBOXED = ["-o", "APT::Sandbox::User=root"];
const DOWNLOAD_MINUTES = 15;

function options(context: PackageContext) {
	return {
		// The machine's language would change what is parsed.
		env: { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive", ...context.env },
		progress: context.progress,
		signal: context.signal,
	};
}

interface Alternative {
	name: string;
	/** The version of "(= version)". */
	exact: string | null;
}

async function dependencies(of: PackageVersion, context: PackageContext): Promise<Alternative[][]> {
	const name = `${of.name}${of.arch === null ? "" : `:${of.arch}`}=${of.version}`;
	const { stdout } = await run(["apt-cache", "show", name], options(context));
	const [stanza = ""] = stdout.split(/\n\n/);
	const fields = [...stanza.matchAll(/^(?:Pre-)?Depends: (.*)$/gm)].flatMap(([, value = ""]) =>
		value.split(","),
	);
	return fields.map((field) =>
		field.split("|").map((alternative) => {
			const [, dependency = "", , exact] =
				/^\s*([a-z0-9][a-z0-9+.-]*)(:\w+)?\s*(?:\(= ([^)\s]+)\))?/.exec(alternative) ?? [];
			return { name: dependency, exact: exact ?? null };
		}),
	);
}

function debName({ name, version, arch }: PackageVersion): string {
	return `${name}_${version.replaceAll(":", "%3a")}_${arch ?? "all"}.deb`;
}
