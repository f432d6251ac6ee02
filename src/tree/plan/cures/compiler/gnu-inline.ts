import type { Cure } from "../cure.ts";

/** The kernel says which C it is written in from 3.18 on (-std=gnu89; gnu11 from 5.18); before, gcc's default was gnu89. */
export const gnuInline: Cure = {
	id: "gnu89",
	title: "the compiler's default C is newer than the one the tree is written in",
	code: "`extern inline` of its headers means again what it meant: no function of its own in each module",
	probe({ read, host }) {
		if (/-std=gnu|-fgnu89-inline/.test(read("Makefile") ?? "")) return null;
		if (!host.macros().has("__GNUC_STDC_INLINE__")) return null;
		return {
			reason: "without -std= in its Makefile the tree takes the compiler's default, which was gnu89 then",
			cc: ["-std=gnu89"],
		};
	},
};
