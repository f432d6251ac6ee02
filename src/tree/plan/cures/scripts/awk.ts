import type { Cure } from "../cure.ts";

/** The tree's instruction decoder is made by awk (2.6.33 and later; tools/objtool from 4.6), which asks for a POSIX awk itself. */
const SCRIPTS = [
	"arch/x86/tools/gen-insn-attr-x86.awk",
	"tools/objtool/arch/x86/insn/gen-insn-attr-x86.awk",
	"tools/objtool/arch/x86/tools/gen-insn-attr-x86.awk",
	"tools/arch/x86/tools/gen-insn-attr-x86.awk",
];

/** What check_awk_implement() of that script asks, and character classes, which it needs and old mawk lacks. */
const TEST =
	'BEGIN { if (sprintf("%x", 0) != "0") exit 1; if (!match("abc", "[[:lower:]]+")) exit 1; if (match("%", "[[:lower:]]+")) exit 1; exit 0 }';

/** mawk up to 1.3.3 and some others cannot run it; kbuild takes another by AWK=. */
export const awk: Cure = {
	id: "awk",
	title: "the tree's scripts need an awk that this machine's is not",
	code: null,
	probe({ read, arch, host }) {
		if (arch !== "x86") return null;
		const script = SCRIPTS.find((path) => read(path) !== null);
		if (script === undefined) return null;
		const said = host.runs("awk", [TEST]);
		if (said?.ok) return null;
		const why = said === null ? "there is no awk here" : "this awk knows no character classes";
		const other = ["gawk", "mawk", "original-awk"].find((name) => host.runs(name, [TEST])?.ok);
		if (other === undefined)
			return { cannot: `${script} cannot run: ${why}`, remedy: "install gawk, then the same command again" };
		return { reason: `${script} cannot run: ${why}; ${other} does`, variables: { AWK: other } };
	},
};
