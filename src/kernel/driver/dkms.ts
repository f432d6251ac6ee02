import { posixQuoted } from "../shell-word.ts";
import { readShellText } from "./shell-text.ts";

/** What dkms would be told by a dkms.conf (dkms 3, man page dkms(8), "DKMS.CONF"), for one kernel. */
export interface DkmsConf {
	name: string;
	version: string;
	/** The shell commands of MAKE[0]..., as dkms would hand them to a shell. */
	make: string[];
	/** Scripts of the driver that dkms runs before and after, with their words. */
	preBuild: string | null;
	postBuild: string | null;
	/** Patches in patches/, in their order. */
	patches: string[];
	modules: { name: string; location: string; destination: string }[];
	/** Symbols that the kernel must have; with "!" before it: must not. */
	exclusiveConfig: string[];
	/** What could not be told without running it. */
	unread: string[];
}

export interface DkmsPlaces {
	release: string;
	/** Where kbuild is: objtree. */
	build: string;
	/** The folder that the driver is built in. */
	folder: string;
	/** Word of `uname -m`. */
	machine: string;
}

/**
 * Reads a dkms.conf without running it. null when it names no package. The places that dkms uses
 * (`$dkms_tree/NAME/VERSION/build`, /lib/modules/R/build) become the ones given.
 */
export function parseDkmsConf(text: string, places: DkmsPlaces): DkmsConf | null {
	const { release, build, folder, machine } = places;
	const variables = new Map([
		...[
			["kernelver", release],
			["kernel_source_dir", build],
			["arch", machine],
		],
		...[
			["dkms_tree", DKMS_TREE],
			["source_tree", "/usr/src"],
			["install_tree", "/lib/modules"],
		],
	] as [string, string][]);
	const named = readShellText(text, variables).assignments;
	const lastOf = (name: string) => named.findLast((one) => one.name === name && one.known)?.value;
	const name = lastOf("PACKAGE_NAME");
	const version = lastOf("PACKAGE_VERSION") ?? "0";
	if (name === undefined) return null;
	variables.set("module", name).set("module_version", version);
	variables.set("PACKAGE_NAME", name).set("PACKAGE_VERSION", version);
	const { assignments, unread } = readShellText(text, variables);
	const placed = (value: string) =>
		value
			.replaceAll(`${DKMS_TREE}/${name}/${version}/build`, folder)
			.replaceAll(`/var/lib/dkms/${name}/${version}/build`, folder)
			.replaceAll(`/usr/src/${name}-${version}`, folder)
			.replaceAll(`/lib/modules/${release}/build`, build);
	const list = (wanted: string): string[] => {
		const found: string[] = [];
		for (const { name, index, value } of assignments) {
			const at = index === null ? 0 : Number(index);
			if (name === wanted && Number.isInteger(at) && at >= 0 && at < 4096) found[at] = value;
		}
		return found;
	};
	const uncertain = assignments
		.filter(({ name, known }) => !known && /^(?:MAKE|PRE_BUILD|PATCH|BUILT_MODULE_\w+)$/.test(name))
		.map(({ name }) => `${name}: what a command would say, or what is set in a condition, is left out`);
	const given = list("MAKE").filter((one) => one !== undefined && one !== "");
	const makes = given.length > 0 ? given : [`make -C ${posixQuoted(build)} M=${posixQuoted(folder)}`];
	const one = (wanted: string) => list(wanted)[0] || null;
	const [locations, destinations] = [list("BUILT_MODULE_LOCATION"), list("DEST_MODULE_LOCATION")];
	return {
		...{ name, version, make: makes.map(placed), patches: list("PATCH").filter(Boolean) },
		...{ preBuild: one("PRE_BUILD"), postBuild: one("POST_BUILD") },
		modules: list("BUILT_MODULE_NAME").map((module, at) => ({
			...{ name: module, location: locations[at] ?? "", destination: destinations[at] ?? "" },
		})),
		exclusiveConfig: (one("BUILD_EXCLUSIVE_CONFIG") ?? "").split(/\s+/).filter(Boolean),
		unread: [...unread, ...uncertain],
	};
}

/** Stands for dkms's own folder until NAME/VERSION/build behind it is known. */
const DKMS_TREE = "/var/lib/dkms";

/** As dkms does: a make at the start also gets the release and jobs (dkms 3, prepare_build / do_build). */
export function withRelease(command: string, release: string, jobs: number): string {
	return command.replace(/^\s*'?make'?(?=\s|$)/, `make -j${jobs} KERNELRELEASE=${release}`);
}

/** Whether a command is one plain make, which leaves nothing but kbuild's products. */
export function isPlainMake(command: string): boolean {
	return /^\s*'?make'?(?:\s|$)/.test(command) && !/[;&|<>`()]|\$\(/.test(command);
}
