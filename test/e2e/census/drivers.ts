import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptDownload, aptNames, aptVersions, unpackDeb } from "../../../src/host/packages/apt.ts";
import type { PackageContext } from "../../../src/host/packages/package-source.ts";
import { parseDkmsConf } from "../../../src/kernel/driver/dkms.ts";

/** Other people's modules: one *-dkms package. */
export interface Driver {
	/** Of dkms.conf. */
	name: string;
	version: string;
	/** Its unpacked sources, as they stand in /usr/src. */
	source: string;
}

/** dkms, and what the drivers' packages depend on besides a compiler. */
const TOOLS = ["dkms", "libxtables-dev", "libxtables12", "gawk", "libsigsegv2"];

/** Unpacked packages: `root`/usr belongs over a machine's own. */
export interface Drivers {
	root: string;
	drivers: Driver[];
	/** Packages that apt names, and that could not be brought. */
	missing: string[];
}

/** Brings the distribution's *-dkms packages whose names `wanted` takes and `tools` below `folder`, where earlier ones may lie. */
export async function bringDrivers(
	folder: string,
	apt: PackageContext,
	wanted: (name: string) => boolean,
	tools = TOOLS,
): Promise<Drivers> {
	const root = join(folder, "drivers");
	const downloads = join(folder, "packages");
	const names = (await aptNames(/[a-z0-9+.-]+-dkms/, apt)).filter((it) => it !== "dh-dkms" && wanted(it));
	const missing: string[] = [];
	for (const name of [...tools, ...names]) {
		const mark = join(root, `.${name}`);
		if (existsSync(mark)) continue;
		const [newest] = await aptVersions([name], apt);
		const [file] = newest === undefined ? [] : await aptDownload([newest], downloads, apt).catch(() => []);
		if (file === undefined) {
			missing.push(name);
			continue;
		}
		mkdirSync(root, { recursive: true });
		await unpackDeb(file, root, apt);
		writeFileSync(mark, "");
	}
	return { root, drivers: driversIn(join(root, "usr/src")), missing };
}

/** A driver's folder is called as its dkms.conf says. */
function driversIn(sources: string): Driver[] {
	if (!existsSync(sources)) return [];
	return readdirSync(sources).flatMap((folder) => {
		const source = join(sources, folder);
		const conf = join(source, "dkms.conf");
		if (!existsSync(conf)) return [];
		const places = { release: "1", build: "/", folder: source, machine: "x86_64" };
		const read = parseDkmsConf(readFileSync(conf, "utf8"), places);
		if (read === null) return [];
		return [{ name: read.name, version: folder.slice(read.name.length + 1), source }];
	});
}
