import { type Dirent, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import {
	assignedValues,
	type EnvironmentUse,
	expandPath,
	exportedNames,
	readKconfig,
} from "../kernel/kbuild/kconfig-environment.ts";
import { textOf } from "./read.ts";

/** A variable that the tree's Kconfig needs from its vendor's build, and that nothing here sets. */
export interface UnsetVariable {
	name: string;
	/** FILE:LINE in the tree, and that line. */
	where: string;
	text: string;
	/** What the vendor's own build files in the tree set it to, each once. */
	values: { value: string; where: string }[];
}

/** Far more than any tree has. */
const MOST_FILES = 8000;
/** What scripts/kconfig and the top Makefile give in every era, besides what they export. */
const GIVEN = [
	"ARCH",
	"SRCARCH",
	"KERNELVERSION",
	"KERNELRELEASE",
	"srctree",
	"objtree",
	"CC",
	"LD",
	"HOSTCC",
];
const BUILD_FILES = /^(?:build\.config.*|.*\.mk|envsetup.*|setenv.*|build.*\.sh)$/;

/**
 * Reads the Kconfig files of srctree as kconfig would with these make variables, and finds what they take from an
 * environment that does not have it: included files that are then not there, and values that are then empty. Runs nothing.
 */
export function unsetVariables(
	srctree: string,
	variables: Record<string, string>,
	arch: string,
): UnsetVariable[] {
	const makefiles = ["Makefile", `arch/${arch}/Makefile`, "scripts/kconfig/Makefile"];
	const given = new Set([
		...GIVEN,
		...Object.keys(variables),
		...makefiles.flatMap((path) => exportedNames(textOf(join(srctree, path)) ?? "")),
	]);
	const value = (name: string) =>
		({ ARCH: variables.ARCH ?? arch, SRCARCH: arch, srctree: ".", ...variables })[name];
	const defined = new Set<string>();
	const uses: (EnvironmentUse & { file: string })[] = [];
	const waiting = ["Kconfig", `arch/${arch}/Kconfig`]
		.filter((path) => existsSync(join(srctree, path)))
		.slice(0, 1);
	const seen = new Set(waiting);
	for (let file = waiting.pop(); file !== undefined && seen.size < MOST_FILES; file = waiting.pop()) {
		const read = readKconfig(textOf(join(srctree, file)) ?? "");
		for (const name of read.defines) defined.add(name);
		for (const use of read.uses) uses.push({ ...use, file });
		for (const source of read.sources)
			for (const path of placesOf(expandPath(source, value), dirname(file), srctree))
				if (!seen.has(path)) {
					seen.add(path);
					waiting.push(path);
				}
	}
	const unset = uses.filter(
		({ name, source }) =>
			!given.has(name) &&
			!defined.has(name) &&
			(source === null || placesOf(expandPath(source, value), "", srctree).length === 0),
	);
	const first = [...new Map(unset.toReversed().map((use) => [use.name, use])).values()].toReversed();
	return first.map(({ name, file, line, text }) => ({
		...{ name, where: `${file}:${line}`, text },
		values: valuesOf(srctree, name),
	}));
}

/** The file of a source line in srctree; paths that lead out and patterns are not followed. */
function placesOf(path: string, folder: string, srctree: string): string[] {
	const plain = path.replace(/^(?:\.\/)+/, "");
	if (plain === "" || plain.startsWith("/") || /[*?[]/.test(plain) || plain.split("/").includes(".."))
		return [];
	return [plain, join(folder, plain)].filter((place) => textOf(join(srctree, place)) !== null).slice(0, 1);
}

function valuesOf(srctree: string, name: string): { value: string; where: string }[] {
	const files = ["", ...foldersIn(srctree)].flatMap((folder) =>
		entriesOf(join(srctree, folder))
			.filter((entry) => entry.isFile() && BUILD_FILES.test(entry.name))
			.map((entry) => join(folder, entry.name)),
	);
	const found = files.flatMap((file) =>
		assignedValues(textOf(join(srctree, file)) ?? "", name).map(({ value, line }) => ({
			value,
			where: `${file}:${line}`,
		})),
	);
	return [...new Map(found.toReversed().map((one) => [one.value, one])).values()].toReversed();
}

function foldersIn(folder: string): string[] {
	return entriesOf(folder)
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
		.map(({ name }) => name);
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}
