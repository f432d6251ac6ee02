import fc from "fast-check";
import { expect, it } from "vitest";
import { catalogue } from "../../../../src/kernel/failures/catalogue.ts";
import type { Pattern } from "../../../../src/kernel/failures/entry.ts";
import { noise } from "../../../../src/kernel/failures/reading/noise.ts";

/**
 * The expression without what fast-check cannot generate (lookarounds, word boundaries), repetitions cut short, white
 * space as the one space that normalised lines have.
 */
function simpler({ source }: RegExp): RegExp {
	let out = "";
	for (let at = 0; at < source.length; ) {
		if (/^\(\?<?[=!]/.test(source.slice(at))) at = behindGroup(source, at);
		else if (source.startsWith("\\b", at)) at += 2;
		else if (source.startsWith("\\s", at)) [out, at] = [`${out} `, at + 2];
		else if (source[at] === "\\") [out, at] = [out + source.slice(at, at + 2), at + 2];
		else [out, at] = [out + source[at], at + 1];
	}
	return new RegExp(
		out
			.replace(/\(\?<\w+>/g, "(?:")
			.replace(/ \{1,20\}/g, " ")
			.replace(/\{(\d+),\d{2,}\}/g, (_, least) => `{${least},${Number(least) + 3}}`),
	);
}

/** Behind the group that begins at `start`, and behind what repeats it. */
function behindGroup(source: string, start: number): number {
	let depth = 0;
	let at = start;
	do {
		if (source[at] === "\\") at++;
		else if (source[at] === "[") while (source[at] !== "]") at += source[at] === "\\" ? 2 : 1;
		else if (source[at] === "(") depth++;
		else if (source[at] === ")") depth--;
		at++;
	} while (depth > 0);
	return /[?*]/.test(source[at] ?? "") ? at + 1 : at;
}

const patterns: [string, Pick<Pattern, "needles" | "match">][] = [
	...catalogue.flatMap(({ id, patterns = [] }) =>
		patterns.map((pattern): [string, Pattern] => [`${id}: ${pattern.match.source}`, pattern]),
	),
	...noise.map((line): [string, (typeof noise)[number]] => [`noise: ${line.match.source}`, line]),
];

it.each(patterns)("whatever matches has a needle: %s", (_, { needles, match }) => {
	// What is not case-sensitive is looked for by needles in the cases that occur.
	if (match.flags.includes("i")) return;
	const expression = simpler(match);
	const texts = fc
		.sample(fc.stringMatching(expression), { numRuns: 60, seed: 1 })
		.map((text) => text.replace(/\s+/g, " "));
	expect(texts.filter((text) => !needles.some((needle) => text.includes(needle)))).toEqual([]);
});
