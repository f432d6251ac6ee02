import type { Config } from "../config/config.ts";
import { isOn } from "../config/config.ts";

/** Least version by program, as the tree itself asks for it: "make" → "4.0", "gcc" → "5.1.0". */
export type Minimums = ReadonlyMap<string, string>;

/**
 * Reads scripts/min-tool-version.sh (5.13 and later) without running it; `arch` is the word in arch/, for the branches
 * on $SRCARCH and $ARCH. A tool in a branch on anything else is left out.
 */
export function minimumsOfScript(script: string, arch: string | null): Minimums {
	const found = new Map<string, string>();
	for (const [, name = "", body = ""] of script.matchAll(/^(\w+)\)\n([\s\S]*?)^\s*;;/gm)) {
		const version = chosenEcho(body, arch);
		if (version !== null) found.set(PROGRAMS[name] ?? name, version);
	}
	return found;
}

const PROGRAMS: Readonly<Record<string, string>> = { binutils: "ld", llvm: "clang" };

function chosenEcho(body: string, arch: string | null): string | null {
	let live = true;
	let taken = false;
	for (const line of body.split("\n").map((it) => it.trim())) {
		const branch = /^(?:if|elif) (.*); then$/.exec(line)?.[1];
		const echo = /^echo (\d+(?:\.\d+)*)$/.exec(line)?.[1];
		if (branch !== undefined) {
			live = !taken && /^\[ "\$(?:SRC)?ARCH" = (\w+) \]$/.exec(branch)?.[1] === arch;
			taken ||= live;
		} else if (line === "else") live = !taken;
		else if (line === "fi") live = true;
		else if (echo !== undefined && live) return echo;
	}
	return null;
}

/** Reads the table of Documentation/process/changes.rst (Documentation/Changes up to 4.9); the program is the one it says to run. */
export function minimumsOfDocument(text: string): Minimums {
	const found = new Map<string, string>();
	const row = /^(?:o\s+)?\S.*?\s{2,}(\d+(?:\.\d+)*)\S*\s{2,}(?:# )?([\w.+-]+) +-{0,2}(?:version|v|V)\b/;
	for (const line of text.split("\n")) {
		const [, version, program] = row.exec(line) ?? [];
		if (version !== undefined && program !== undefined && !found.has(program)) found.set(program, version);
	}
	return found;
}

/**
 * The pahole that keeps every option that is on in `config`, such as "1.21": from the `PAHOLE_VERSION >= N` in the
 * tree's Kconfig text (5.14 and later: lib/Kconfig.debug). null when nothing asks for one.
 */
export function paholeOfKconfig(kconfig: string, config: Config): string | null {
	let least = 0;
	let symbol = "";
	for (const line of kconfig.split("\n")) {
		symbol = /^(?:menu)?config (\w+)/.exec(line)?.[1] ?? symbol;
		const condition = /^\s+(?:depends on|def_bool|default y if)\s+(.*PAHOLE_VERSION >= .*)$/.exec(line)?.[1];
		if (condition === undefined || !isOn(config, symbol)) continue;
		for (const term of condition.split("&&")) least = Math.max(least, asked(term, config));
	}
	return least === 0 ? null : paholeVersion(least);
}

/** What one term of a condition asks for; 0 when another of its alternatives holds already. */
function asked(term: string, config: Config): number {
	let version = 0;
	for (const part of term
		.replace(/[()]/g, "")
		.split("||")
		.map((it) => it.trim())) {
		const wanted = /^PAHOLE_VERSION >= (\d+)$/.exec(part)?.[1];
		if (wanted !== undefined) version = Number(wanted);
		else if (part.startsWith("!") ? !isOn(config, part.slice(1)) : isOn(config, part)) return 0;
	}
	return version;
}

/** The pahole that scripts/link-vmlinux.sh asks for (`"${pahole_ver}" -lt "116"`, 5.2 to 6.11); null when it asks for none. */
export function paholeOfLink(script: string): string | null {
	const found = /\$\{?pahole_ver\}?"?\s+-lt\s+"?(\d{3,})/.exec(script)?.[1];
	return found === undefined ? null : paholeVersion(Number(found));
}

/** 121 → "1.21", as scripts/pahole-version.sh counts. */
function paholeVersion(number: number): string {
	return `${Math.floor(number / 100)}.${number % 100}`;
}
