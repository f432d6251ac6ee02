import type { Cure } from "../cure.ts";

/** GNU make 3.82 and later refuse a rule that has both a pattern and a name for targets (2.6.13 to 2.6.3x: Makefile). */
export const mixedRules: Cure = {
	id: "mixed-rules",
	title: "the Makefile mixes implicit and normal rules, which make no longer allows",
	code: null,
	probe({ read, host, makeArch, arch }) {
		const files = ["Makefile", ...new Set([`arch/${arch}/Makefile`, `arch/${makeArch}/Makefile`])];
		const mixed = files.filter((path) => {
			const text = read(path);
			return text !== null && splitMixedRules(text) !== text;
		});
		if (mixed.length === 0) return null;
		const said = host.make("kprep %-kprep:\n\t@:\n");
		// Some makes stop there, others complain, drop the pattern and go on.
		if (!/mixed implicit/.test(said.words)) return null;
		return {
			reason: `this make does not take the rules of ${mixed.join(" and ")}: mixed implicit and normal rules`,
			files: mixed.map((path) => ({
				path,
				summary: "each such rule in two",
				edit: (text) => splitMixedRules(text ?? ""),
			})),
		};
	},
};

/** Every rule with both kinds of targets as two rules with the same prerequisites and recipe; other text as it is. */
export function splitMixedRules(text: string): string {
	const lines = text.split("\n");
	const out: string[] = [];
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] as string;
		const halves = line.includes("%") && !line.endsWith("\\") ? halvesOf(line) : null;
		if (halves === null) {
			out.push(line);
			continue;
		}
		const recipe: string[] = [];
		while (lines[at + 1]?.startsWith("\t")) recipe.push(lines[++at] as string);
		out.push(halves[0], ...recipe, "", halves[1], ...recipe);
	}
	return out.join("\n");
}

/** A static pattern rule (`a b: %.o: %.c`) and an assignment are no such rules. */
function halvesOf(line: string): [string, string] | null {
	const at = line.indexOf(":");
	const targets = line.slice(0, Math.max(at, 0));
	const rest = line.slice(at);
	if (/[=#\t]/.test(targets) || !/^::?(?!=)[^:=]*$/.test(rest)) return null;
	const words = targets.split(" ").filter((word) => word !== "");
	const patterns = words.filter((word) => word.includes("%"));
	const names = words.filter((word) => !word.includes("%"));
	if (patterns.length === 0 || names.length === 0) return null;
	return [`${names.join(" ")}${rest}`, `${patterns.join(" ")}${rest}`];
}
