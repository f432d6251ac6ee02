import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "@oclif/core";
import { KprepError } from "../errors.ts";
import { treesMeant, USUAL_TREE } from "../tree/find.ts";

interface Setting {
	value: string;
	/** `FILE:LINE` or the variable's name, for error texts. */
	origin: string;
}

/**
 * The command line with the defaults put in front of it, weakest first: /etc/kprep.ini, the user's config.ini,
 * TREE/.kprep.ini, KPREP_* variables (CONTRACT: "Every command"). A later token of the same flag wins in oclif.
 * Sections named like a command hold only for it. Unknown keys are usage errors with file and line.
 */
export async function withDefaults(
	argv: string[],
	command: typeof Command,
	parse: (argv: string[]) => Promise<{ args: unknown; flags: unknown }>,
	etc = "/etc",
): Promise<string[]> {
	const user = join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "kprep", "config.ini");
	const files = [join(etc, "kprep.ini"), user];
	if ("tree" in (command.args ?? {})) {
		const { args } = await parse(argv);
		const given = (args as { tree?: string }).tree;
		const [tree, ...others] = given === undefined ? treesMeant(process.cwd(), USUAL_TREE) : [given];
		files.push(join(tree === undefined || others.length > 0 ? "." : tree, ".kprep.ini"));
	}
	const settings = new Map<string, Setting>();
	for (const file of files) if (existsSync(file)) await readSettings(file, command, settings);
	for (const name of Object.keys(flagsOf(command))) {
		const variable = `KPREP_${name.replaceAll("-", "_").toUpperCase()}`;
		const value = process.env[variable];
		if (value !== undefined && value !== "") settings.set(name, { value, origin: variable });
	}
	return [...[...settings].flatMap(([name, setting]) => tokens(name, setting, command, argv)), ...argv];
}

async function readSettings(
	file: string,
	command: typeof Command,
	settings: Map<string, Setting>,
): Promise<void> {
	const { parse } = await import("ini");
	const text = readFileSync(file, "utf8");
	const known = new Set(Object.keys(flagsOf(command)));
	for (const [key, value] of Object.entries(parse(text))) {
		const section = typeof value === "object" && value !== null && !Array.isArray(value);
		if (section && key !== command.id.replaceAll(":", " ")) continue;
		for (const [name, inner] of section ? Object.entries(value) : [[key, value] as const]) {
			const origin = `${file}:${lineOf(text, name, section ? key : null)}`;
			if (!known.has(name) && !(EVERYWHERE.has(name) && !section)) {
				throw new KprepError("usage", "unknown-setting", `unknown key '${name}'`, {
					where: origin,
					suggestions: [
						`kprep ${command.id.replaceAll(":", " ")} --help lists the flags that a key may name`,
					],
				});
			}
			if (known.has(name)) settings.set(name, { value: String(inner), origin });
		}
	}
}

/** Flags of some commands that a general section may set; a command without such a flag passes over them. */
const EVERYWHERE = new Set([
	"target",
	"sysroot",
	"config",
	"output",
	"jobs",
	"cc",
	"arch",
	"cross-compile",
	"makefile",
	"json",
	"quiet",
	"verbose",
	"strict",
]);

/** Its own flags and those of every command. */
function flagsOf(command: typeof Command): typeof Command.flags {
	return { ...command.baseFlags, ...command.flags };
}

/** The line of a key in a section; null: before the first one. 0 when it is written in some other way. */
function lineOf(text: string, key: string, section: string | null): number {
	let current: string | null = null;
	return (
		text.split("\n").findIndex((line) => {
			const head = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim();
			if (head !== undefined) current = head;
			return current === section && line.split("=")[0]?.trim() === key;
		}) + 1
	);
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
