/**
 * Which of two package versions of Debian is newer: negative when `a` is older, as deb-version(7) orders them
 * ("1.0~rc1" before "1.0", epochs first, digits by value).
 */
export function compareDebianVersions(a: string, b: string): number {
	const [left, right] = [split(a), split(b)];
	return (
		left.epoch - right.epoch ||
		compareParts(left.upstream, right.upstream) ||
		compareParts(left.revision, right.revision)
	);
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
	const [, epoch = "0", rest = ""] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
	const dash = rest.lastIndexOf("-");
	return dash < 0
		? { epoch: Number(epoch), upstream: rest, revision: "" }
		: { epoch: Number(epoch), upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Words and numbers by turns: words by their characters' weights, numbers by value. */
function compareParts(a: string, b: string): number {
	let [left, right] = [a, b];
	while (left !== "" || right !== "") {
		const [word, otherWord] = [/^\D*/.exec(left)?.[0] ?? "", /^\D*/.exec(right)?.[0] ?? ""];
		for (let at = 0; at < Math.max(word.length, otherWord.length); at++) {
			const difference = weight(word[at]) - weight(otherWord[at]);
			if (difference !== 0) return difference;
		}
		[left, right] = [left.slice(word.length), right.slice(otherWord.length)];
		const [digits, otherDigits] = [/^\d*/.exec(left)?.[0] ?? "", /^\d*/.exec(right)?.[0] ?? ""];
		const [value, otherValue] = [BigInt(digits || "0"), BigInt(otherDigits || "0")];
		if (value !== otherValue) return value < otherValue ? -1 : 1;
		[left, right] = [left.slice(digits.length), right.slice(otherDigits.length)];
	}
	return 0;
}

/** A tilde sorts before the end, the end before letters, letters before everything else. */
function weight(character: string | undefined): number {
	if (character === "~") return -1;
	if (character === undefined) return 0;
	return (/[A-Za-z]/.test(character) ? 0 : 256) + (character.codePointAt(0) ?? 0);
}
