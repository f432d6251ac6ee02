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
			// No header: -I of some programs lead <limits.h> to the kernel's own. The same definition twice is none too many.
			hostcc: ["-DPATH_MAX=4096"],
		};
	},
};

/** Whether what the file includes, headers of its own counted in, does not define it here: the compiler is asked. */
function lacks(view: CureView, path: string): boolean {
	const { host } = view;
	const text = withOwnHeaders(view, path, new Set());
	if (!/\bPATH_MAX\b/.test(view.read(path) ?? "")) return false;
	if (/#\s*include\s*<(?:linux\/)?limits\.h>/.test(text) || /#\s*define\s+PATH_MAX\b/.test(text))
		return false;
	const includes = text.match(/^#\s*include\s*<[\w./+-]+>/gm) ?? [];
	const plain = `${[...new Set(includes)].join("\n")}\n`;
	if (!host.compiles("hostcc", ["-fsyntax-only"], plain).ok) return false;
	return !host.compiles("hostcc", ["-fsyntax-only"], `${plain}char kprep[PATH_MAX];\n`).ok;
}

/** The file and the headers beside it that it includes by "name". */
function withOwnHeaders(view: CureView, path: string, seen: Set<string>): string {
	const text = seen.has(path) ? null : view.read(path);
	seen.add(path);
	if (text === null) return "";
	const folder = path.slice(0, path.lastIndexOf("/") + 1);
	const names = [...text.matchAll(/^#\s*include\s*"([\w./+-]+)"/gm)].map(([, name]) => `${folder}${name}`);
	return [text, ...names.map((name) => withOwnHeaders(view, name, seen))].join("\n");
}
