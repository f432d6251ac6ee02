/**
 * Orders two versions of dotted numbers for a sort: the one that `wanted` names first, else the newer one first. Parts
 * that are not numbers end the comparison.
 */
export function nearer(wanted: string | null, one: string, other: string): number {
	if (one === other) return 0;
	if (wanted === one) return -1;
	if (wanted === other) return 1;
	const [a, b] = [one, other].map((it) => it.split(".").map(Number)) as [number[], number[]];
	for (let at = 0; at < Math.max(a.length, b.length); at++) {
		const difference = (b[at] ?? 0) - (a[at] ?? 0);
		if (Number.isNaN(difference)) return 0;
		if (difference !== 0) return difference;
	}
	return 0;
}
