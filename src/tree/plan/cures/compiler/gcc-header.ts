import type { Cure, FileCure } from "../cure.ts";

const FOLDER = "include/linux";
const CHAIN = `${FOLDER}/compiler.h`;

/**
 * Up to 4.1 the kernel has one header a major version of gcc and includes `compiler-gccN.h` by the compiler's own number
 * (include/linux/compiler-gcc.h, gcc_header); up to 2.6.15 compiler.h has a chain of `__GNUC__ == N`.
 */
export const gccHeader: Cure = {
	id: "gcc-header",
	title: "the tree has no header for a compiler as new as this one",
	code: null,
	probe({ read, names, host }) {
		const chain = read(CHAIN) ?? "";
		const numbered = /gcc_header\(__GNUC__\)/.test(chain + (read(`${FOLDER}/compiler-gcc.h`) ?? ""));
		if (!numbered && newestIn(chain) === null) return null;
		const major = Number(host.macros().get("__GNUC__"));
		if (Number.isNaN(major)) return null;
		if (!numbered) {
			const newest = newestIn(chain) ?? major;
			if (major <= newest) return null;
			return { reason: `compiler.h ends at gcc ${newest}, this one is ${major}`, files: [chainCure] };
		}
		const known = names(FOLDER).flatMap((name) => /^compiler-gcc(\d+)\.h$/.exec(name)?.[1] ?? []);
		const newest = Math.max(0, ...known.map(Number));
		if (known.includes(String(major)) || newest === 0) return null;
		return {
			reason: `compiler-gcc${major}.h is missing: the newest there is compiler-gcc${newest}.h`,
			files: [newHeader(major, newest)],
		};
	},
};

const CHAIN_HEAD = /^#\s*if\s+__GNUC__\s*>\s*(\d+)\s*\n#\s*error[^\n]*\n#\s*elif\s+__GNUC__\s*==\s*\1\b/m;

/** The newest compiler of a chain that refuses what comes after it; null when the text has no such chain. */
function newestIn(text: string): number | null {
	const newest = CHAIN_HEAD.exec(text)?.[1];
	return newest === undefined ? null : Number(newest);
}

/** The newest is kept for all that come after it. */
const chainCure: FileCure = {
	path: CHAIN,
	header: true,
	summary: "take the newest compiler that it knows for all newer ones",
	edit(text) {
		const newest = newestIn(text ?? "");
		if (text === null || newest === null) return text ?? "";
		return text.replace(CHAIN_HEAD, `#if __GNUC__ >= ${newest}`);
	},
};

/** Those headers ask for the minor number too: a newer compiler has what the last of an older major version had. */
function newHeader(major: number, newest: number): FileCure {
	return {
		path: `${FOLDER}/compiler-gcc${major}.h`,
		header: true,
		summary: `stand in by compiler-gcc${newest}.h`,
		edit: () =>
			[
				"/* Written by kprep: this tree has no header for a compiler as new as this machine's. */",
				'#pragma push_macro("__GNUC_MINOR__")',
				"#undef __GNUC_MINOR__",
				"#define __GNUC_MINOR__ 9",
				`#include <linux/compiler-gcc${newest}.h>`,
				'#pragma pop_macro("__GNUC_MINOR__")',
				"",
			].join("\n"),
	};
}
