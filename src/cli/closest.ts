/** The candidate that a mistyped word most likely means: fewest edits, at most a third of its length; null when none is near. */
export function closest(word: string, candidates: string[]): string | null {
	let best: string | null = null;
	let least = Number.POSITIVE_INFINITY;
	for (const candidate of candidates) {
		const edits = candidate.startsWith(word) && word.length > 1 ? 0.5 : distance(word, candidate);
		if (edits < least && edits <= Math.max(1, Math.ceil(candidate.length / 3))) {
			best = candidate;
			least = edits;
		}
	}
	return best;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
function distance(a: string, b: string): number {
	const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
	const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (let row = 1; row <= a.length; row++) {
		rows[row] = [row];
		for (let column = 1; column <= b.length; column++) {
			const same = a[row - 1] === b[column - 1];
			const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
			rows[row]?.push(
				Math.min(
					at(row - 1, column) + 1,
					at(row, column - 1) + 1,
					at(row - 1, column - 1) + (same ? 0 : 1),
					swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
				),
			);
		}
	}
	return at(a.length, b.length);
}
