import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { KprepError } from "../../errors.ts";
import { isOn } from "../../kernel/config/config.ts";
import { isPlainMake, parseDkmsConf, withRelease } from "../../kernel/driver/dkms.ts";
import { folderWords, ownMakefileWords, readDriverMakefile } from "../../kernel/driver/makefile.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { textOf } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";

/** How the sources of one folder are built. */
export type Recipe =
	| { kind: "kbuild"; folder: string; words: string[]; notes: string[] }
	| { kind: "makefile"; folder: string; words: string[]; notes: string[] }
	| {
			kind: "dkms";
			/** Shell commands, in order, each run in the folder as dkms runs them. */
			commands: string[];
			patches: string[];
			/** What every make among them is given, as if it had been typed: NAME=VALUE words. */
			settings: string[];
			/** Names of the modules that dkms would install. */
			modules: string[];
			/** More than one plain make: it may leave anything behind, so dkms builds in a copy. */
			copy: boolean;
			notes: string[];
	  };

export interface RecipePlaces {
	/** Where the sources are, and where they will be built: the same unless a copy is made. */
	folder: string;
	build: string;
	tree: Tree;
	release: string;
	jobs: number;
}

/**
 * How to build what is in a folder: by its dkms.conf, else by kbuild where its Kbuild or Makefile fills obj-m, else by
 * its own Makefile with this tree in the variables that it asks for, else in the one folder below that has such a file.
 * Runs nothing. Throws KprepError "missing": nothing to build, several things, an option that the kernel lacks.
 */
export function recipeFor(places: RecipePlaces): Recipe {
	const { folder, tree } = places;
	const conf = textOf(join(folder, "dkms.conf"));
	const dkms = conf === null ? null : dkmsRecipe(conf, places);
	if (dkms !== null) return dkms;
	const own = makefileOf(folder);
	if (own?.kbuild) return kbuild(folder, own.symbols, tree);
	const makefile = textOf(join(folder, "Makefile")) ?? textOf(join(folder, "GNUmakefile"));
	const words = makefile === null ? [] : ownMakefileWords(makefile, tree.output, places.release);
	if (words.length > 0) return { kind: "makefile", folder, words, notes: [] };
	const below = foldersBelow(folder);
	const [only, ...others] = below;
	if (only !== undefined && others.length === 0) {
		const found = kbuild(only, makefileOf(only)?.symbols ?? [], tree);
		return { ...found, notes: [`the sources are in ${relative(folder, only)}`, ...found.notes] };
	}
	if (makefile !== null && below.length === 0)
		return {
			kind: "makefile",
			folder,
			words: [`KERNELDIR=${tree.output}`, `KDIR=${tree.output}`],
			notes: [],
		};
	throw nothingToBuild(folder, below);
}

function kbuild(folder: string, symbols: string[], tree: Tree): Recipe {
	const off = symbols.filter(
		(name) => tree.config === null || tree.config.symbols.get(name.slice(7)) !== "m",
	);
	return {
		kind: "kbuild",
		folder,
		words: off.map((name) => `${name}=m`),
		notes: off.length === 0 ? [] : [`${off.join(", ")}: the module's own option, set to m`],
	};
}

function dkmsRecipe(text: string, { folder, build, tree, release, jobs }: RecipePlaces): Recipe | null {
	const machine = process.arch === "x64" ? "x86_64" : process.arch === "arm64" ? "aarch64" : process.arch;
	const conf = parseDkmsConf(text, { release, build: tree.output, folder: build, machine });
	if (conf === null) return null;
	for (const word of conf.exclusiveConfig) requireOption(word, tree, conf.name);
	const script = (words: string | null) => {
		// dkms runs it only where it is an executable file of the driver's own.
		const [file = ""] = words?.split(/\s+/) ?? [];
		const status = file === "" ? undefined : statSync(join(folder, file), { throwIfNoEntry: false });
		return words !== null && status?.isFile() && (status.mode & 0o111) !== 0
			? [`./${words.replace(/^\.\//, "")}`]
			: [];
	};
	const [before, after] = [script(conf.preBuild), script(conf.postBuild)];
	const patches = conf.patches.filter((name) => existsSync(join(folder, "patches", name)));
	return {
		kind: "dkms",
		commands: [...before, ...conf.make.map((one) => withRelease(one, release, jobs)), ...after],
		patches,
		settings: folderWords(makefilesIn(folder), tree.output),
		modules: conf.modules.map(({ name }) => name),
		copy: !conf.make.every(isPlainMake) || before.length + after.length + patches.length > 0,
		notes:
			conf.unread.length === 0
				? []
				: [`dkms.conf has ${conf.unread.length} parts that only a shell could tell; left out`],
	};
}

/** Texts of the Makefiles of a folder and of those in it, two levels down. */
function makefilesIn(folder: string, depth = 2): string[] {
	const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	return entries.slice(0, 500).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (/^(?:GNUm|M|m)akefile$/.test(entry.name)) return textOf(path) ?? [];
		return entry.isDirectory() && depth > 0 && !entry.name.startsWith(".")
			? makefilesIn(path, depth - 1)
			: [];
	});
}

/** BUILD_EXCLUSIVE_CONFIG: dkms builds nothing for a kernel without the option (or, with "!", with it). */
function requireOption(word: string, { config, output }: Tree, name: string): void {
	const symbol = word.replace(/^!?CONFIG_/, "");
	if (config === null || isOn(config.symbols, symbol) !== word.startsWith("!")) return;
	const off = !word.startsWith("!");
	throw new KprepError(
		"missing",
		off ? "option-off" : "option-on",
		off
			? `CONFIG_${symbol} is off in this kernel: ${name} can never load there`
			: `CONFIG_${symbol} is on in this kernel: ${name} is not made for it`,
		{
			expected: `${word} (BUILD_EXCLUSIVE_CONFIG of its dkms.conf)`,
			found: config.symbols.get(symbol) ?? "not set",
			where: join(output, ".config"),
			suggestions: ["a kernel that has the option: kprep target -t RELEASE shows one's configuration"],
		},
	);
}

function makefileOf(folder: string): { kbuild: boolean; symbols: string[] } | null {
	// kbuild takes Kbuild where there is one (scripts/Makefile.build).
	const text = textOf(join(folder, "Kbuild")) ?? textOf(join(folder, "Makefile"));
	if (text === null) return null;
	// What it includes from beside itself counts in.
	const included = [
		...text.matchAll(/^-?include\s+\$[({](?:src|M|KBUILD_EXTMOD|obj|PWD|CURDIR)[)}]\/([\w./-]+)$/gm),
	]
		.map(([, file]) => (file?.includes("..") ? null : textOf(join(folder, file ?? ""))))
		.filter((it) => it !== null);
	return readDriverMakefile([text, ...included].join("\n"));
}

/** Outermost folders, three levels down at most, whose Kbuild or Makefile fills obj-m. */
function foldersBelow(folder: string, depth = 3): string[] {
	if (depth === 0) return [];
	const names = readdirSync(folder, { withFileTypes: true });
	return names
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
		.map(({ name }) => join(folder, name))
		.sort()
		.slice(0, 200)
		.flatMap((inner) => (makefileOf(inner)?.kbuild ? [inner] : foldersBelow(inner, depth - 1)));
}

function nothingToBuild(folder: string, below: string[]): KprepError {
	if (below.length > 0)
		return new KprepError("missing", "several-sources", `${folder} has the sources of several modules`, {
			expected: "one folder to build",
			found: below
				.map((path) => relative(folder, path))
				.slice(0, 8)
				.join(", "),
			where: folder,
			suggestions: below.slice(0, 8).map((path) => `kprep build ${quoted(path)}`),
		});
	const sources = readdirSync(folder).some((name) => name.endsWith(".c") || name.endsWith(".rs"));
	const configure = ["configure", "configure.ac", "autogen.sh", "CMakeLists.txt"].find((name) =>
		existsSync(join(folder, name)),
	);
	return new KprepError(
		"missing",
		"no-module-source",
		`${folder} has neither Kbuild nor Makefile nor dkms.conf`,
		{
			expected: "a Kbuild or Makefile with obj-m, or a dkms.conf",
			...(configure === undefined ? {} : { found: `${configure}, which makes them` }),
			where: folder,
			suggestions:
				configure !== undefined
					? [`run its ${configure} first, with this tree as the kernel's build folder`]
					: sources
						? ["a Kbuild file beside the sources: obj-m := NAME.o"]
						: ["kprep new NAME makes a module to begin with"],
		},
	);
}
