import type { DiffDocument } from "../../kernel/diff/document.ts";
import type { StructChange } from "../../kernel/diff/structs.ts";
import { escaped } from "./escaped.ts";
import { cell, facts, foldable, page, preformatted, table } from "./page.ts";

type Pair = readonly [string | null, string | null];

/** What changes for modules between two kernels as one page; nothing is cut. */
export function diffHtml(document: DiffDocument): string {
	const { release, version, vermagic, compiler, exports, structs, config, modules, compared, unknown } =
		document;
	const [a, b] = release.map((one) => one ?? "an unknown kernel");
	const head = [a as string, b as string];
	const pairs: [string, Pair][] = [
		["version", version],
		["vermagic", vermagic],
		["compiler", compiler],
	];
	const changed = (rows: { symbol: string; values: Pair }[] | undefined, title: string) =>
		section(title, rows?.length, () =>
			table(
				["symbol", ...head],
				(rows ?? []).map(({ symbol, values }) => row(symbol, values)),
			),
		);
	return page(
		`${a} → ${b}`,
		[
			`<p class="${document.breaks ? "refused" : "loads"}">${document.breaks ? "Modules break." : "Nothing here breaks a module."}</p>`,
			table(
				["", ...head],
				pairs.map(([name, values]) => row(name, values, values[0] === values[1] ? "" : "note")),
			),
			modules.length === 0
				? ""
				: table(
						["module", "verdict", "because"],
						modules.map(
							({ path, verdict, errno, message, because }) =>
								`<tr><th>${escaped(path)}</th>${cell([verdict, errno].filter(Boolean).join(", "), verdict)}${cell([message, ...because].filter(Boolean).join("\n"))}</tr>`,
						),
					),
			section("exports that are gone", exports?.removed.length, () =>
				preformatted(exports?.removed.map(({ symbol, module }) => `${symbol}  ${module}`) ?? []),
			),
			changed(exports?.crc, "exports with another CRC"),
			changed(exports?.licence, "exports with another licence"),
			changed(exports?.namespace, "exports in another namespace"),
			section("exports that are new", exports?.added.length, () =>
				preformatted(exports?.added.map(({ symbol, module }) => `${symbol}  ${module}`) ?? []),
			),
			section(`structures laid out differently, of ${compared ?? "an unknown number"}`, structs?.length, () =>
				(structs ?? []).map((struct) => structHtml(struct, head)).join("\n"),
			),
			section("options", config?.length, () =>
				table(
					["option", ...head],
					(config ?? []).map(({ symbol, values }) => row(symbol, [values[0] ?? "n", values[1] ?? "n"])),
				),
			),
			facts([["not compared", unknown.join("\n")]]),
		].join("\n"),
	);
}

function section(title: string, count: number | undefined, inner: () => string): string {
	return count === undefined || count === 0 ? "" : foldable(`${title}: ${count}`, inner());
}

function row(name: string, values: Pair, colour = ""): string {
	return `<tr><th>${escaped(name)}</th>${values.map((value) => cell(value, colour)).join("")}</tr>`;
}

function structHtml({ name, size, members, symbols }: StructChange, head: string[]): string {
	const rows = members.map(
		({ name: member, type, offsets }) =>
			`<tr><td><code>${escaped(type)} ${escaped(member)}</code></td>${offsets.map((at) => cell(at ?? "-", at === null ? "differs" : "")).join("")}</tr>`,
	);
	const options = symbols.map(({ symbol }) => `CONFIG_${symbol}`).join(", ");
	return foldable(
		`struct ${name}: ${size[0]} → ${size[1]} bytes${options === "" ? "" : `, ${options}`}`,
		table(
			["member", ...head.map((one) => `byte in ${one}`)],
			[`<tr><td>size</td>${cell(size[0])}${cell(size[1])}</tr>`, ...rows],
		),
	);
}
