import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../errors.ts";
import { entriesOf } from "../host/files/names.ts";
import { textIfThere } from "../host/files/regular.ts";
import { parseConfig } from "../kernel/config/config.ts";
import { probeGoals } from "../kernel/kbuild/goals.ts";
import { parseGnumakefile } from "../kernel/kbuild/settings.ts";
import { baseOf, parseVersionBlock, wrappedMakefile } from "../kernel/release/makefile.ts";
import { releaseRules } from "../kernel/release/release.ts";
import {
	parseUtsRelease,
	parseVersion,
	parseVersionCode,
	RELEASE_HEADERS,
	VERSION_HEADERS,
} from "../kernel/release/version-header.ts";
import { quoted } from "../kernel/shell-word.ts";
import { readGit } from "./git.ts";
import type { Prepared, Tree } from "./tree.ts";

/**
 * Reads srctree `path` and objtree `output` (the same when undefined). Throws `not-a-tree` for anything that is no
 * kernel source tree, a headers wrapper among them.
 */
export function readTree(path: string, output?: string): Tree {
	const objtree = output === undefined ? path : existsSync(output) ? realpathSync(output) : resolve(output);
	if (statSync(objtree, { throwIfNoEntry: false })?.isDirectory() === false)
		throw new KprepError("usage", "not-a-folder", `${objtree} is not a folder`, { where: objtree });
	const makefile = textOf(join(path, "Makefile"), path);
	const block = makefile === null ? null : parseVersionBlock(makefile);
	if (makefile === null || block === null) throw notATree(path, makefile);
	const script = textOf(join(path, "scripts/setlocalversion"));
	const base = baseOf(block);
	const rules = releaseRules(makefile, script);
	const config = textOf(join(objtree, ".config"), objtree);
	const gnumakefile = textOf(join(objtree, "GNUmakefile"), objtree);
	const settings = gnumakefile === null ? null : parseGnumakefile(gnumakefile);
	return {
		path,
		output: objtree,
		makefile,
		block,
		base,
		rules,
		goals: probeGoals(makefile, textOf(join(path, "scripts/kconfig/Makefile")) ?? ""),
		localversions: [...new Set([objtree, path])].flatMap(localversionsIn),
		git: readGit(path, base + block.extraversion, script ?? "", rules.scmversionFile),
		config: config === null ? null : { text: config, symbols: parseConfig(config) },
		prepared: readPrepared(objtree),
		settings,
		foreignGnumakefile: gnumakefile !== null && settings === null,
	};
}

/** What an earlier preparation of objtree left behind; null when nothing. */
export function readPrepared(objtree: string): Prepared | null {
	const first = <T>(files: readonly string[], parse: (text: string) => T | null): T | null => {
		for (const file of files) {
			const text = textOf(join(objtree, file), objtree);
			const value = text === null ? null : parse(text);
			if (value !== null) return value;
		}
		return null;
	};
	const prepared = {
		release: first(RELEASE_HEADERS, parseUtsRelease),
		kernelRelease: textOf(join(objtree, "include/config/kernel.release"), objtree)?.trim() ?? null,
		versionCode: first(VERSION_HEADERS, parseVersionCode),
		version: first(VERSION_HEADERS, parseVersion),
	};
	return Object.values(prepared).every((value) => value === null) ? null : prepared;
}

/**
 * A regular file's text (UTF-8); null when it is not there, a folder, or over 64 MiB, which no text of a tree is. Links
 * are followed, inside `within` when that is given. Throws "not-a-file" for pipes and devices, and "link-outside".
 */
export function textOf(path: string, within?: string): string | null {
	return textIfThere(path, within === undefined ? {} : { within });
}

/** localversion* in one folder; names with `~` are skipped, as scripts/setlocalversion does. */
function localversionsIn(folder: string): { path: string; text: string }[] {
	if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
	return entriesOf(folder)
		.map(({ name }) => name)
		.filter((name) => name.startsWith("localversion") && !name.includes("~"))
		.sort()
		.map((name) => ({
			path: join(folder, name),
			text: (textOf(join(folder, name), folder) ?? "").replace(/\s+/g, ""),
		}));
}

function notATree(path: string, makefile: string | null): KprepError {
	const wrapped = makefile === null ? null : wrappedMakefile(makefile);
	if (wrapped !== null) {
		return new KprepError("missing", "not-a-tree", `${path} is a headers folder, not a source tree`, {
			expected: "a Makefile with VERSION and PATCHLEVEL",
			found: `a wrapper that includes ${wrapped}`,
			where: join(path, "Makefile"),
			suggestions: [
				`make -C ${quoted(path)} M=YOUR-MODULE modules   (headers need no sync)`,
				"kprep source get",
			],
		});
	}
	return new KprepError("missing", "not-a-tree", `${path} is not a kernel source tree`, {
		expected: "a Makefile with VERSION and PATCHLEVEL",
		found: makefile === null ? "no Makefile" : "a Makefile of something else",
		where: join(path, "Makefile"),
		suggestions: ["kprep source list", "kprep source get"],
	});
}
