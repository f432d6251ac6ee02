import type { Cure, CureView } from "../cure.ts";

const FOLDERS = ["scripts/mod", "scripts/kconfig", "scripts/basic", "scripts/genksyms", "usr"];

/** Older C libraries let PATH_MAX in with other headers; programs of the build relied on it. */
export const pathMax: Cure = {
	id: "path-max",
	title: "programs of the build use PATH_MAX without its header",
	code: null,
	probe(view) {
		const file = FOLDERS.flatMap((folder) =>
			view
				.names(folder)
				.filter((name) => name.endsWith(".c"))
				.map((name) => `${folder}/${name}`),
		).find((path) => lacks(view, path));
		if (file === undefined) return null;
		return {
			reason: `${file} uses PATH_MAX, and what it includes does not define it here`,
			hostcc: ["-include limits.h"],
		};
	},
};

/** Whether what the file includes defines it here: the compiler is asked. */
function lacks({ read, host }: CureView, path: string): boolean {
	const text = read(path) ?? "";
	if (!/\bPATH_MAX\b/.test(text) || /#\s*include\s*<(?:linux\/)?limits\.h>/.test(text)) return false;
	if (/#\s*define\s+PATH_MAX\b/.test(text)) return false;
	const includes = text.match(/^#\s*include\s*<[\w./+-]+>/gm) ?? [];
	const plain = `${includes.join("\n")}\n`;
	if (!host.compiles("hostcc", ["-fsyntax-only"], plain).ok) return false;
	return !host.compiles("hostcc", ["-fsyntax-only"], `${plain}char kprep[PATH_MAX];\n`).ok;
}
