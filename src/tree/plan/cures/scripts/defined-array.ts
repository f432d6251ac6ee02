import type { Cure } from "../cure.ts";

const CONSTRUCT = /\bdefined\s*\(?\s*([@%]\w+)\s*\)?/g;
/** Scripts that preparing a tree or building a module runs; others may say what they like. */
const FILES = [
	"kernel/timeconst.pl",
	"lib/build_OID_registry",
	"scripts/headers_install.pl",
	"scripts/recordmcount.pl",
	"scripts/mkversion",
];

/** Perl 5.22 made defined(@array) an error (perl5220delta); kernel/timeconst.pl has it from 2.6.25 to 3.8. */
export const definedArray: Cure = {
	id: "perl-defined",
	title: "scripts ask whether an array is defined, which perl no longer allows",
	code: null,
	probe({ read, host }) {
		const scripts = FILES.filter((path) => code(read(path) ?? "").match(CONSTRUCT) !== null);
		if (scripts.length === 0) return null;
		const said = host.runs("perl", ["-e", "my @kprep; exit defined(@kprep) ? 1 : 0;"]);
		if (said === null || said.ok) return null;
		return {
			reason: `this perl refuses ${scripts[0]}: ${said.words.split("\n")[0]?.slice(0, 80) ?? ""}`,
			files: scripts.map((path) => ({
				path,
				summary: "ask whether the array has elements",
				edit: (text) =>
					(text ?? "")
						.split("\n")
						.map((line) => (line.trimStart().startsWith("#") ? line : line.replace(CONSTRUCT, "$1")))
						.join("\n"),
			})),
		};
	},
};

function code(text: string): string {
	return text.replace(/^[ \t]*#.*$/gm, "");
}
