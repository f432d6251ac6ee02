import { parseCompiler } from "../../../../kernel/compiler.ts";
import { parseVermagic } from "../../../../kernel/vermagic/vermagic.ts";
import type { Cure, CureView } from "../cure.ts";

const HEADER = "include/linux/vermagic.h";
/** include/linux/vermagic.h, 2.6.4 to 2.6.18. */
const WORD = /"gcc-"\s*__stringify\(__GNUC__\)\s*"\."\s*__stringify\(__GNUC_MINOR__\)/;

/** Up to 2.6.18 the kernel refuses modules of another gcc than its own by a word of the vermagic. */
export const vermagicGcc: Cure = {
	id: "vermagic-gcc",
	title: "the vermagic names the compiler, and this is not the target's",
	code: "modules say that the target's compiler made them; that is the kernel's guard against compilers that lay out structures differently, which gcc has not done for the kernel's since 3.2",
	probe(view) {
		if (!WORD.test(view.read(HEADER) ?? "")) return null;
		const macros = view.host.macros();
		const here = `${macros.get("__GNUC__")}.${macros.get("__GNUC_MINOR__")}`;
		const theirs = wordOf(view);
		if (theirs === null)
			return {
				cannot: `the vermagic of this tree names the compiler, and which gcc made the target is not known: modules will say gcc-${here}`,
				remedy: "its image, or a sysroot with one of its modules, tells it",
			};
		if (theirs === here) return null;
		return {
			reason: `the target's vermagic says gcc-${theirs}, this compiler would say gcc-${here}`,
			files: [
				{
					path: HEADER,
					header: true,
					summary: `say gcc-${theirs}`,
					edit: (text) => (text ?? "").replace(WORD, `"gcc-${theirs}"`),
				},
			],
		};
	},
};

function wordOf({ target }: CureView): string | null {
	const word = target.vermagic === null ? null : parseVermagic(target.vermagic).gcc;
	if (word !== null && /^\d+\.\d+$/.test(word)) return word;
	const compiler = target.compiler === null ? null : parseCompiler(target.compiler);
	return compiler?.family === "gcc" ? (/^\d+\.\d+/.exec(compiler.version)?.[0] ?? null) : null;
}
