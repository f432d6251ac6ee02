/** One side of a row: a member as it lies there. */
export interface RowSide {
	/** Bytes from the start. */
	offset: number;
	name: string;
	type: string;
}

/** Two members side by side; null: that side has none. `gap` stands for rows that were left out. */
export interface LayoutRow {
	target: RowSide | null;
	tree: RowSide | null;
	gap?: number;
}

/** A config symbol that explains members, and what made it another one. */
export interface SymbolCause {
	symbol: string;
	target: string;
	tree: string;
	members: string[];
	/** Why the tree has another value; null when that cannot be told. */
	cause: string | null;
}

/** What is known about one structure that differs: how, and why. */
export interface LayoutFinding {
	name: string;
	/** Structures that differ because it does, the nearest first: empty for one that was asked for. */
	within: string[];
	/** Bytes. */
	size: { target: number; tree: number };
	missing: string[];
	extra: string[];
	/** How many members of both lie elsewhere. */
	moved: number;
	symbols: SymbolCause[];
	/** Members that no config symbol explains. */
	unexplained: string[];
	/** Header of the tree in which its members stand, relative to srctree; null when it was not found. */
	header: string | null;
	rows: LayoutRow[];
}

/** The finding as one sentence: what differs and, where it is known, the option and what switched it off. */
export function findingText(finding: LayoutFinding): string {
	const { name, size, missing, extra, symbols } = finding;
	const bytes = size.tree - size.target;
	const short =
		bytes === 0 ? `has the right size` : `is ${Math.abs(bytes)} bytes ${bytes < 0 ? "short" : "too long"}`;
	const members = [
		missing.length > 0 ? `lacks ${listed(missing)}` : "",
		extra.length > 0 ? `has ${listed(extra)} besides` : "",
		missing.length + extra.length === 0 && finding.moved > 0 ? `has ${finding.moved} members elsewhere` : "",
	].filter(Boolean);
	const what = `struct ${name} ${short} in the tree${members.length > 0 ? ` and ${members.join(" and ")}` : ""}`;
	return symbols.length === 0 ? what : `${what}: ${symbols.map(symbolText).join(", ")}`;
}

/** `CONFIG_X is off in the tree: pahole was missing when the config was generated`. */
export function symbolText({ symbol, target, tree, cause }: SymbolCause): string {
	const states =
		tree === "n"
			? "is off in the tree"
			: target === "n"
				? "is on in the tree"
				: `is ${tree} in the tree, ${target} in the target`;
	return `CONFIG_${symbol} ${states}${cause === null ? "" : `: ${cause}`}`;
}

const SHOWN = 4;

function listed(names: string[]): string {
	const some = names.slice(0, SHOWN).join(", ");
	return names.length > SHOWN ? `${some} and ${names.length - SHOWN} more` : some;
}
