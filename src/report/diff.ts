import type { DiffDocument, ModuleChange } from "../kernel/diff/document.ts";
import type { StructChange } from "../kernel/diff/structs.ts";
import { COMMON_STRUCTS } from "../kernel/layout/common-structs.ts";
import { printable } from "../printable.ts";
import { hung } from "./wrap.ts";

/** Names of one kind that are shown unless all are asked for. */
const SHOWN = 12;
/** Members of one structure that are shown. */
const MEMBERS = 6;

/** What changes for modules, for people: the modules first, then exports, structures, options. `all` cuts nothing. */
export function diffText(document: DiffDocument, all: boolean, width = 80): string {
	const { release, version, compiler, vermagic, exports, structs, config, modules, unknown } = document;
	const most = all ? Number.POSITIVE_INFINITY : SHOWN;
	const lines = [`${text(release[0])} -> ${text(release[1])}`];
	const pair = (name: string, [a, b]: [string | null, string | null]) => {
		if (a !== b) lines.push(hung(`${text(a)} -> ${text(b)}`, `  ${name.padEnd(10)} `, width));
	};
	pair("version", version);
	pair("vermagic", vermagic);
	pair("compiler", compiler);
	const section = (title: string, names: string[]) => {
		if (names.length === 0) return;
		const cut = names.slice(0, most).map(printable);
		const rest = names.length - cut.length;
		lines.push("", `${title}: ${names.length}`);
		lines.push(hung(`${cut.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`, "  ", width));
	};
	for (const module of modules) lines.push("", ...moduleLines(module, most, width));
	section("exports gone", exports?.removed.map(({ symbol }) => symbol) ?? []);
	section("exports with another CRC", exports?.crc.map(({ symbol }) => symbol) ?? []);
	section(
		"exports with another licence",
		exports?.licence.map(({ symbol, values }) => `${symbol} (${values[1]})`) ?? [],
	);
	section(
		"exports in another namespace",
		exports?.namespace.map(({ symbol, values }) => `${symbol} (${values[1] || "none"})`) ?? [],
	);
	section("exports that are new", exports?.added.map(({ symbol }) => symbol) ?? []);
	if (structs !== null && structs.length > 0) {
		lines.push("", `structures laid out differently: ${structs.length} of ${document.compared ?? "?"}`);
		const first = [...structs].sort((a, b) => rank(a) - rank(b));
		for (const struct of first.slice(0, most)) lines.push(...structLines(struct, width));
		if (structs.length > most) lines.push(`  and ${structs.length - most} more`);
	}
	section(
		"options",
		config?.map(({ symbol, values }) => `${symbol} ${values[0] ?? "n"} -> ${values[1] ?? "n"}`) ?? [],
	);
	for (const one of unknown) lines.push("", hung(printable(one), "not compared: ", width));
	lines.push("", verdict(document));
	return lines.join("\n");
}

function moduleLines(
	{ path, verdict: word, errno, because }: ModuleChange,
	most: number,
	width: number,
): string[] {
	const lines = [`${printable(path)}: ${word}${errno === null ? "" : ` (${errno})`}`];
	for (const one of because.slice(0, most)) lines.push(hung(printable(one), "  - ", width));
	if (because.length > most) lines.push(`  and ${because.length - most} more`);
	return lines;
}

function structLines({ name, size, members, symbols }: StructChange, width: number): string[] {
	const bytes = size[0] === size[1] ? `${size[0]} bytes` : `${size[0]} -> ${size[1]} bytes`;
	const told = members.slice(0, MEMBERS).map(({ name: member, offsets: [a, b] }) => {
		if (b === null) return `-${member || "(unnamed)"}`;
		return a === null ? `+${member || "(unnamed)"}` : `${member || "(unnamed)"} ${a} -> ${b}`;
	});
	const rest = members.length - told.length;
	const why = symbols.map(({ symbol, target, tree }) => `CONFIG_${symbol} ${target} -> ${tree}`);
	const parts = [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
	return [
		hung(printable(`${name} (${bytes}): ${parts}`), "  ", width),
		...(why.length === 0 ? [] : [hung(printable(`because of ${why.join(", ")}`), "    ", width)]),
	];
}

/** Those that most modules share with the kernel come first. */
function rank({ name }: StructChange): number {
	const at = COMMON_STRUCTS.findIndex((one) => `struct ${one.name}` === name);
	return at < 0 ? COMMON_STRUCTS.length : at;
}

function verdict({ breaks, modules, release }: DiffDocument): string {
	const newer = text(release[1]);
	if (modules.length > 0) {
		const bad = modules.filter((module) => module.verdict !== "loads");
		return bad.length === 0
			? `all ${modules.length} modules load on ${newer}`
			: `${bad.length} of ${modules.length} modules do not load on ${newer}, or cannot be decided: build them anew`;
	}
	return breaks
		? `modules may have to be built anew for ${newer}; name yours with --module to be told which`
		: `nothing that modules feel changes with ${newer}`;
}

function text(value: string | null): string {
	return value === null ? "(not known)" : printable(value);
}
