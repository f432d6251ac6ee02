import { printable } from "../printable.ts";

/** What a line of the table of `kprep source list` needs. */
export interface SourceRow {
	kind: string;
	where: string;
	version: string | null;
	release: string | null;
	verdict: string;
	why: string;
}

/** The candidates as a table in columns, each with its reason on a line of its own; `release` is the target's. */
export function sourcesText(candidates: SourceRow[], release: string): string {
	if (candidates.length === 0) return `nothing was found that could serve ${printable(release)}`;
	const rows = [
		["VERDICT", "KIND", "VERSION", "RELEASE AS IT IS", "WHERE"],
		...candidates.map(({ verdict, kind, version, release: own, where }) => [
			verdict,
			kind,
			version ?? "?",
			own ?? "?",
			printable(where),
		]),
	];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
	const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
	const body = candidates.map(({ why }, at) => `${lines[at + 1]}\n    ${printable(why)}`);
	return [`target: ${printable(release)}`, "", lines[0], ...body].join("\n");
}

/** What `kprep source get` says in the end: the tree, where it is from, what it is good for, and the next command. */
export function gotText(got: {
	tree: string;
	from: string;
	version: string;
	why: string;
	verdict: string;
	files: number | null;
	trust: string | null;
	config: { path: string; from: string } | null;
	next: string;
}): string {
	const files = got.files === null ? "" : `, ${got.files} files`;
	const trust = TRUST[got.trust ?? ""] ?? "its origin is not checked";
	return [
		`${got.tree}: ${got.version}${files}`,
		`    from ${printable(got.from)} (${trust})`,
		`    ${got.verdict}: ${printable(got.why)}`,
		...(got.config === null
			? []
			: [`    the target's config, from ${printable(got.config.from)}: ${printable(got.config.path)}`]),
		`next: ${got.next}`,
	].join("\n");
}

const TRUST: Record<string, string> = {
	signed: "checksum signed by kernel.org",
	checksum: "checksum right, its signature not checked",
	packages: "checked by the package system",
};
