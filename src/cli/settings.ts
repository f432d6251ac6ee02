import type { Command } from "@oclif/core";
import { KprepError } from "../errors.ts";
import { mayTreeSet } from "./by-tree.ts";

export interface Setting {
	value: string;
	/** `FILE:LINE` or the variable's name, for error texts. */
	origin: string;
}

interface SettingsFile {
	/** For error texts. */
	file: string;
	text: string;
	/** It is a tree's own, and may set little. */
	ofTree?: boolean;
}

/**
 * Adds the settings of one file that concern `command`; gives the folders that it calls safe. Throws usage errors with
 * file and line: "unknown-setting", "setting-not-by-tree".
 */
export async function readSettings(
	{ file, text, ofTree = false }: SettingsFile,
	command: typeof Command,
	settings: Map<string, Setting>,
): Promise<string[]> {
	const { parse } = await import("ini");
	const flags = flagsOf(command);
	const safe: string[] = [];
	for (const [key, value] of Object.entries(parse(text))) {
		const section = typeof value === "object" && value !== null && !Array.isArray(value);
		if (section && key !== command.id.replaceAll(":", " ")) continue;
		for (const [name, inner] of section ? Object.entries(value) : [[key, value] as const]) {
			const origin = `${file}:${lineOf(text, name, section ? key : null)}`;
			const flag = flags[name];
			if (flag === undefined && !(EVERYWHERE.has(name) && !section)) throw unknownKey(name, origin, command);
			if (ofTree && !(flag === undefined ? BY_TREES.has(name) : mayTreeSet(flag, String(inner))))
				throw notByTree(name, String(inner), origin);
			if (name === "safe") safe.push(...[inner].flat().flatMap((folder) => foldersIn(String(folder))));
			else if (flag !== undefined) settings.set(name, { value: String(inner), origin });
		}
	}
	return safe;
}

/** Folders of a list; kbuild takes no path with a colon, so that it can stand between two. */
export function foldersIn(text: string): string[] {
	return text.split(":").filter((folder) => folder !== "");
}

function unknownKey(name: string, where: string, command: typeof Command): KprepError {
	return new KprepError("usage", "unknown-setting", `unknown key '${name}'`, {
		where,
		suggestions: [`kprep ${command.id.replaceAll(":", " ")} --help lists the flags that a key may name`],
	});
}

function notByTree(name: string, value: string, where: string): KprepError {
	return new KprepError("usage", "setting-not-by-tree", `a tree may not set '${name}' to this`, {
		expected: "settings that name no program or folder to write to, and neither confirm nor force",
		found: `${name} = ${value}`,
		where,
		suggestions: [
			"remove the line, and put it into your own config.ini (~/.config/kprep) or on the command line",
		],
	});
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
	"safe",
]);

/** Those of them that a tree's file may set. */
const BY_TREES = new Set(["target", "sysroot", "jobs", "makefile", "json", "quiet", "verbose", "strict"]);

/** Its own flags and those of every command. */
export function flagsOf(command: typeof Command): typeof Command.flags {
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
