import { printable } from "../printable.ts";
import { FACTS, type TargetDocument } from "../target/document.ts";
import { configPlaces } from "../target/facts/vendors.ts";

/** Names as people read them, where the JSON key is not one. */
const NAMES: Partial<Record<(typeof FACTS)[number], string>> = {
	packageVersion: "built as package",
	randstructSeed: "RANDSTRUCT seed",
	randstructHash: "RANDSTRUCT hash",
	structModuleSize: "sizeof(struct module)",
	moduleLayoutCrc: "module_layout CRC",
	signatureCheck: "module signatures",
	moduleSignature: "modules signed",
	enforcement: "enforced at boot",
	blacklist: "kept out at boot",
};

/** Facts that most kernels rightly lack: left out of the table when unknown. */
const OPTIONAL: readonly (typeof FACTS)[number][] = [
	"packageVersion",
	"randstructSeed",
	"randstructHash",
	"retpoline",
	"enforcement",
	"blacklist",
];

/** The table fact / value / source, then conflicts with both sources, then what could not be read. */
export function targetText(document: TargetDocument & { extracted?: string[] }): string {
	const shown = FACTS.filter((fact) => document[fact] !== null || !OPTIONAL.includes(fact));
	const rows = shown.map((fact) => [NAMES[fact] ?? fact, ...cells(document, fact)]);
	const conflicts = document.conflicts.flatMap(({ fact, values, why }) => [
		`  ${NAMES[fact as keyof typeof NAMES] ?? fact}: ${printable(why)}`,
		...values.map(
			({ value, source }, at) =>
				`    ${at === 0 ? "taken " : "beside"} ${quoted(value)}${source.path === value ? "" : ` (${source.kind}: ${printable(source.path)})`}`,
		),
	]);
	const places = document.config === null ? configPlaces(String(document.release?.value ?? "")) : [];
	return [
		...table(rows),
		...section("conflicts:", conflicts),
		...section(
			"the config is not guessed; where it may be had:",
			places.map((place) => `  ${printable(place)}`),
		),
		...section(
			"could not be read:",
			document.unreadable.map((line) => `  ${printable(line)}`),
		),
		...section(
			"written:",
			(document.extracted ?? []).map((path) => `  ${printable(path)}`),
		),
	].join("\n");
}

function cells(document: TargetDocument, name: (typeof FACTS)[number]): [value: string, source: string] {
	const fact = document[name];
	if (fact === null) return ["unknown", ""];
	const { value, source } = fact;
	const counts =
		name === "symvers" && document.symvers?.exports !== undefined
			? ` (${document.symvers.exports} exports, ${document.symvers.crcs} with a CRC)`
			: "";
	const place = source.path === value ? source.kind : `${source.kind}: ${source.path}`;
	return [quoted(value) + counts, printable(place)];
}

/** In quotes when white space at an end would be lost to the eye. */
function quoted(value: string | number): string {
	const text = printable(String(value));
	return text === text.trim() ? text : `'${text}'`;
}

function table(rows: string[][]): string[] {
	const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
	const [first, second] = [width(0), Math.min(width(1), 72)];
	return rows.map(([name = "", value = "", source = ""]) =>
		`${name.padEnd(first)}  ${value.padEnd(second)}  ${source}`.trimEnd(),
	);
}

function section(title: string, lines: string[]): string[] {
	return lines.length === 0 ? [] : ["", title, ...lines];
}
