import type { Cure, CureView } from "../cure.ts";

/** A warning of newer compilers or with newer C libraries, the source that draws it, and a few lines that tell whether it is drawn here. */
interface Warning {
	name: string;
	/** Files of the tree and the construct in them. */
	files: readonly string[];
	construct: RegExp;
	/** C text of that kind; null: whoever knows the warning draws it. */
	sample: string | null;
}

const WARNINGS: readonly Warning[] = [
	{
		// C23 libraries give back `const char *` for a const argument (glibc 2.43).
		name: "discarded-qualifiers",
		files: ["tools/lib/bpf/libbpf.c", "tools/lib/subcmd/help.c", "tools/lib/bpf/btf_dump.c"],
		construct: /=\s*(?:strchr|strrchr|strstr|memchr)\(/,
		sample:
			"#include <string.h>\nchar *kprep(const char *s);\nchar *kprep(const char *s) { char *p = strchr(s, 97); return p; }\n",
	},
	{
		// gcc 12 on tools/lib/subcmd/subcmd-util.h, fixed in 5.17.
		name: "use-after-free",
		files: ["tools/lib/subcmd/subcmd-util.h"],
		construct: /ret = realloc\(ptr, size\);\s*if \(!ret && !size\)\s*ret = realloc\(ptr, 1\);/,
		sample: null,
	},
	{
		// gcc 8 on tools/lib/str_error_r.c, fixed in 4.17.
		name: "restrict",
		files: ["tools/lib/str_error_r.c"],
		construct: /snprintf\(buf, buflen, [^;]*buf, buflen\)/,
		sample: null,
	},
];

const MAKEFILES = [
	"tools/objtool/Makefile",
	"tools/lib/subcmd/Makefile",
	"tools/lib/bpf/Makefile",
	"tools/bpf/resolve_btfids/Makefile",
];

/** objtool, libsubcmd and libbpf are compiled with -Werror (tools/, 4.6 and later). */
export const toolWarnings: Cure = {
	id: "tool-warnings",
	title: "the tree's tools make errors of warnings that are newer than they",
	code: null,
	probe(view) {
		if (!MAKEFILES.some((path) => /-Werror\b/.test(view.read(path) ?? ""))) return null;
		const drawn = WARNINGS.filter((warning) => isDrawn(warning, view));
		if (drawn.length === 0) return null;
		const names = drawn.map(({ name }) => name);
		const file = drawn[0]?.files.find((path) => drawn[0]?.construct.test(view.read(path) ?? ""));
		return {
			reason: `${file ?? "tools/"} draws ${names.map((name) => `-W${name}`).join(", ")} here, and is compiled with -Werror`,
			hostcc: names.map((name) => `-Wno-error=${name}`),
		};
	},
};

function isDrawn({ name, files, construct, sample }: Warning, { read, host }: CureView): boolean {
	if (!files.some((path) => construct.test(read(path) ?? ""))) return false;
	const compiles = (flag: string, source: string) =>
		host.compiles("hostcc", [flag, "-fsyntax-only"], source).ok;
	if (sample !== null && compiles(`-Werror=${name}`, sample)) return false;
	// An unknown name after -Wno-error= is an error itself.
	return compiles(`-Wno-error=${name}`, "int kprep;\n");
}
