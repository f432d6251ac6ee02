/** How rare a letter is in English text; capitals, digits, signs and other scripts are rarer than all of these, spaces and colons commonest. */
const WEIGHT: Record<string, number> = Object.fromEntries(
	[..." :etaoinsrhldcumfpgwybvkxjqz"].map((letter, place) => [letter, place < 2 ? -20 : place / 4]),
);

const OTHER = 8;

/** Words that stand in many lines of any log: four letters out of one of them tell nothing. */
const COMMON = new Set(
	"kernel modules loading loaded system systemd devices device failed failure errors link linked opened opening make makefile drivers version process service session started stopped connection interface message manager daemon target network command memory address timeout status state register registered directory warning information config support initialized unknown invalid"
		.split(" ")
		.flatMap((word) => Array.from({ length: word.length - 3 }, (_, at) => word.slice(at, at + 4))),
);

/** Where the four characters of `text` stand that are least likely in other text; -1 when none pass `takes`. */
export function rarestFour(text: string, takes: (four: string) => boolean = () => true): number {
	let best = -1;
	let most = Number.NEGATIVE_INFINITY;
	for (let at = 0; at + 4 <= text.length; at++) {
		const four = text.slice(at, at + 4);
		const letters = [...four].reduce((sum, letter) => sum + (WEIGHT[letter] ?? OTHER), 0);
		const value = COMMON.has(four) ? letters - 60 : letters;
		if (value > most && takes(four)) [best, most] = [at, value];
	}
	return best;
}
