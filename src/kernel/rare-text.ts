/** How rare a letter is in English text; capitals, digits, signs and other scripts are rarer than all of these, spaces and colons commonest. */
const WEIGHT: Record<string, number> = Object.fromEntries(
	[..." :etaoinsrhldcumfpgwybvkxjqz"].map((letter, place) => [letter, place < 2 ? -20 : place / 4]),
);

const OTHER = 8;

/** Where the four characters of `text` stand that are least likely in other text; -1 when none pass `takes`. */
export function rarestFour(text: string, takes: (four: string) => boolean = () => true): number {
	let best = -1;
	let most = Number.NEGATIVE_INFINITY;
	for (let at = 0; at + 4 <= text.length; at++) {
		const four = text.slice(at, at + 4);
		const value = [...four].reduce((sum, letter) => sum + (WEIGHT[letter] ?? OTHER), 0);
		if (value > most && takes(four)) [best, most] = [at, value];
	}
	return best;
}
