import type { Cure } from "../cure.ts";

/** Where a variable is defined that another file of the same program defines too (fixed in 5.6, and in stable trees of 2020). */
const PLACES: readonly [path: string, construct: RegExp][] = [
	["scripts/dtc/dtc-lexer.l", /^YYLTYPE yylloc;/m],
	["scripts/dtc/dtc-lexer.lex.c_shipped", /^YYLTYPE yylloc;/m],
];

/** gcc 10 and clang 11 made -fno-common their default. */
export const common: Cure = {
	id: "common",
	title: "programs of the build define a variable twice",
	code: null,
	probe({ read, host }) {
		const place = PLACES.find(([path, construct]) => construct.test(read(path) ?? ""))?.[0];
		if (place === undefined) return null;
		const said = host.compiles("hostcc", ["-S", "-o", "-"], "int kprep_common;\n");
		if (!said.ok || /\.comm\s+kprep_common/.test(said.words)) return null;
		return {
			reason: `${place} defines yylloc once more, which this compiler's linker refuses (-fno-common)`,
			hostcc: ["-fcommon"],
		};
	},
};
