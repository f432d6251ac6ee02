import { readdirSync, readFileSync } from "node:fs";
import { quoted } from "../../kernel/shell-word.ts";
import { Root } from "../files/root.ts";
import { type Distribution, readDistribution } from "../machine/distribution.ts";
import { templatePath } from "../machine/templates.ts";
import { asRoot } from "../process/as-root.ts";
import { inPackageLists } from "./in-lists.ts";

/** One file of templates/packages/: how a family of distributions names and installs what a kernel build needs. */
interface PackageTable {
	/** os-release IDs that it serves. */
	distributions: string[];
	/** Command that refreshes the package lists. */
	refresh: string[];
	/** Command that installs the packages named after it, without a question. */
	install: string[];
	/** Package by tool; `{n}` on both sides stands for a number, `openssl/*` for every header below openssl/. */
	packages: Record<string, string>;
	/** Other packages on one of the distributions, by its ID. */
	overrides: Record<string, Record<string, string>>;
}

/**
 * The package that holds `tool` on this distribution; null when the tables do not know. A tool is named as it is
 * typed or included: a program (`bison`, `gcc-12`, `aarch64-linux-gnu-gcc`), a header (`gelf.h`, `openssl/bio.h`),
 * a library (`-lelf`), or one of the sets `gcc-12-plugin` (its plugin headers), `gcc-m32`, `rust-src`.
 */
export function packageFor(tool: string, distribution: Distribution | null): string | null {
	const table = tableFor(distribution);
	if (table === null || distribution === null) return null;
	for (const packages of [table.overrides[distribution.id] ?? {}, table.packages]) {
		const name = lookUp(tool, packages);
		if (name !== null) return name;
	}
	return null;
}

/** The command that installs `packages` without a question, as arguments; null when the distribution is not known. */
export function installCommand(packages: string[], distribution: Distribution | null): string[] | null {
	const table = tableFor(distribution);
	return table === null || packages.length === 0 ? null : [...table.install, ...packages];
}

/** The command that refreshes the package lists, as arguments; null when the distribution is not known. */
export function refreshCommand(distribution: Distribution | null): string[] | null {
	return tableFor(distribution)?.refresh ?? null;
}

/**
 * The line to type, as asRoot() has it, that installs everything of `tools` that has a known package here; for the
 * suggestions of errors. What this very machine's package lists do not have is left out. null when nothing remains.
 */
export function installLine(tools: string[], distribution: Distribution | null): string | null {
	const names = tools.map((tool) => packageFor(tool, distribution)).filter((name) => name !== null);
	const command = installCommand(listed([...new Set(names)], distribution), distribution);
	return command === null ? null : asRoot(command).map(quoted).join(" ");
}

/** On another distribution than this machine's, or without lists, all of them stay. */
function listed(names: string[], distribution: Distribution | null): string[] {
	const here = readDistribution(new Root());
	if (names.length === 0 || distribution === null || here === null) return names;
	if (here.id !== distribution.id || here.version !== distribution.version) return names;
	// Such as linux-headers-{release}: whoever asked fills it in.
	const whole = names.filter((name) => !name.includes("{"));
	const there = whole.length === 0 ? null : inPackageLists(whole);
	return there === null ? names : names.filter((name) => there.has(name) || !whole.includes(name));
}

function lookUp(tool: string, packages: Record<string, string>): string | null {
	const named = (key: string) => (Object.hasOwn(packages, key) ? (packages[key] ?? null) : null);
	const number = /(?<=-)\d+(?=-|$)/.exec(tool)?.[0] ?? "";
	return (
		named(tool) ??
		named(tool.replace(number, "{n}"))?.replace("{n}", number) ??
		(tool.includes("/") ? named(`${tool.split("/")[0]}/*`) : null)
	);
}

let tables: PackageTable[] | undefined;

function tableFor(distribution: Distribution | null): PackageTable | null {
	if (distribution === null) return null;
	tables ??= readdirSync(templatePath("packages"))
		.filter((name) => name.endsWith(".json"))
		.map((name) => JSON.parse(readFileSync(templatePath("packages", name), "utf8")) as PackageTable);
	for (const id of distribution.family) {
		const table = tables.find(({ distributions }) => distributions.includes(id));
		if (table !== undefined) return table;
	}
	return null;
}
