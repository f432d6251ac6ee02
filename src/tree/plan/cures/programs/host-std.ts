import type { Cure } from "../cure.ts";

/** gcc 15 takes C23 by default: `bool` and `false` are keywords, and `int f()` takes no arguments. */
const ASK = "#if __STDC_VERSION__ > 201710L\n#error C23\n#endif\nint kprep;\n";

/** The tree says which C its own programs are in from 3.18 on (HOSTCFLAGS, -std=gnu89; gnu11 from 5.18). */
export const hostStd: Cure = {
	id: "host-c23",
	title: "programs of the build are compiled as C23, which is newer than they",
	code: null,
	probe({ read, host }) {
		const makefile = read("Makefile") ?? "";
		if (!/^HOSTCFLAGS\s*:?=/m.test(makefile)) return null;
		if (/^(?:KBUILD_)?HOSTCFLAGS\s*:?\+?=(?:[^\n]*\\\n)*[^\n]*-std=/m.test(makefile)) return null;
		const said = host.compiles("hostcc", ["-fsyntax-only"], ASK);
		if (said.ok || !said.words.includes("C23")) return null;
		return {
			reason: "without -std= in HOSTCFLAGS the compiler's default holds, which is C23 here",
			hostcc: ["-std=gnu11"],
		};
	},
};
