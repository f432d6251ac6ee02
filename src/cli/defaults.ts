import { existsSync, lstatSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "@oclif/core";
import { KprepError } from "../errors.ts";
import { readRegular } from "../host/files/regular.ts";
import { ownedByCaller, trustFolders } from "../host/files/trust.ts";
import { treesMeant, USUAL_TREE } from "../tree/find.ts";
import { flagsOf, foldersIn, readSettings, type Setting } from "./settings.ts";

/** The command line with its defaults, and what has to be said about where they come from. */
interface WithDefaults {
	argv: string[];
	warnings: string[];
}

/** No settings file is longer. */
const LONGEST = 1024 * 1024;

/**
 * The command line with the defaults put in front of it, weakest first: /etc/kprep.ini, the user's config.ini,
 * TREE/.kprep.ini, KPREP_* variables (CONTRACT: "Every command"). A later token of the same flag wins in oclif.
 * Sections named like a command hold only for it. Unknown keys are usage errors with file and line. A tree's file may
 * set only flags that are marked for it (by-tree.ts), and is passed over when it is not the caller's; the folders
 * that are believed all the same come from all the other places together.
 */
export async function withDefaults(
	argv: string[],
	command: typeof Command,
	parse: (argv: string[]) => Promise<{ args: unknown; flags: unknown }>,
	etc = "/etc",
): Promise<WithDefaults> {
	const user = join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "kprep", "config.ini");
	const settings = new Map<string, Setting>();
	const safe: string[] = [];
	for (const file of [join(etc, "kprep.ini"), user])
		if (existsSync(file)) safe.push(...(await readSettings({ file, text: textOf(file) }, command, settings)));
	safe.push(...foldersIn(process.env.KPREP_SAFE ?? ""));
	const warnings: string[] = [];
	if ("tree" in (command.args ?? {})) {
		const { args, flags } = await parse(argv);
		trustFolders([...safe, ...((flags as { safe?: string[] }).safe ?? [])]);
		const folder = treeOf((args as { tree?: string }).tree);
		const text = textOfTree(folder, warnings);
		const file = join(folder, ".kprep.ini");
		if (text !== null) await readSettings({ file, text, ofTree: true }, command, settings);
	}
	for (const name of Object.keys(flagsOf(command))) {
		const variable = `KPREP_${name.replaceAll("-", "_").toUpperCase()}`;
		const value = process.env[variable];
		if (name !== "safe" && value !== undefined && value !== "")
			settings.set(name, { value, origin: variable });
	}
	const defaults = [...settings].flatMap(([name, setting]) => tokens(name, setting, command, argv));
	return { argv: [...safe.map((folder) => `--safe=${folder}`), ...defaults, ...argv], warnings };
}

function treeOf(given: string | undefined): string {
	const [tree, ...others] = given === undefined ? treesMeant(process.cwd(), USUAL_TREE) : [given];
	return tree === undefined || others.length > 0 ? "." : tree;
}

function textOf(file: string): string {
	return readRegular(file, { limit: LONGEST }).toString("utf8");
}

/** The tree's own settings; null when there are none, and, with a warning, when a stranger may have written them. */
function textOfTree(folder: string, warnings: string[]): string | null {
	const file = join(folder, ".kprep.ini");
	if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return null;
	for (const path of [realpathSync(folder), file]) {
		const owned = ownedByCaller(path);
		if (owned.ok) continue;
		warnings.push(
			`${file} is not read: ${path} belongs to user ${owned.owner} (to believe it: --safe ${folder})`,
		);
		return null;
	}
	return readRegular(file, { limit: LONGEST, within: folder }).toString("utf8");
}

function tokens(name: string, { value, origin }: Setting, command: typeof Command, argv: string[]): string[] {
	const flag = flagsOf(command)[name];
	if (flag === undefined) return [];
	const short = "char" in flag && flag.char ? `-${flag.char}` : null;
	const given = argv.some(
		(word) =>
			word === `--${name}` ||
			word.startsWith(`--${name}=`) ||
			word === `--no-${name}` ||
			(short !== null && word.startsWith(short) && !word.startsWith("--")),
	);
	if (given || flag.exclusive?.some((other) => argv.includes(`--${other}`))) return [];
	if (flag.type !== "boolean") return [`--${name}=${value}`];
	if (["true", "1", "yes", "on"].includes(value)) return [`--${name}`];
	if (["false", "0", "no", "off"].includes(value))
		return "allowNo" in flag && flag.allowNo ? [`--no-${name}`] : [];
	throw new KprepError("usage", "bad-setting", `'${name}' is on or off`, {
		expected: "true or false",
		found: value,
		where: origin,
	});
}
