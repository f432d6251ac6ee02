import type { Cure, CureView } from "../cure.ts";

/** Folders of programs that preparing a tree makes, and those of kconfig that only a person at a menu starts. */
const FOLDERS = ["scripts/mod", "scripts/kconfig", "scripts/basic", "scripts/genksyms"];
const MENUS = /^(?:[gmnq]conf|nconf\.gui|mnconf\w*|kxgettext)\.c$/;

/** Older C libraries let PATH_MAX in with other headers; programs of the build relied on it. */
export const pathMax: Cure = {
	id: "path-max",
	title: "programs of the build use PATH_MAX without its header",
	code: null,
	probe(view) {
		const file = FOLDERS.flatMap((folder) =>
			view
				.names(folder)
				.filter((name) => name.endsWith(".c") && !MENUS.test(name))
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

/** Whether what the file includes defines it here: the compiler is asked. */
function lacks(view: CureView, path: string): boolean {
	const text = view.read(path) ?? "";
	if (!/\bPATH_MAX\b/.test(text)) return false;
	const all = withOwnHeaders(view, path, text);
	if (/#\s*(?:include\s*<(?:linux\/)?limits\.h>|define\s+PATH_MAX\b)/.test(all)) return false;
	const includes = [...new Set(all.match(/^#\s*include\s*<[\w./+-]+>/gm) ?? [])];
	const plain = `${includes.join("\n")}\n`;
	if (!view.host.compiles("hostcc", ["-fsyntax-only"], plain).ok) return false;
	return !view.host.compiles("hostcc", ["-fsyntax-only"], `${plain}char kprep[PATH_MAX];\n`).ok;
}

/** The file and the headers of its own folder that it includes, however deep. */
function withOwnHeaders({ read }: CureView, path: string, text: string): string {
	const folder = path.slice(0, path.lastIndexOf("/"));
	const texts = new Map([[path, text]]);
	for (const one of texts.values())
		for (const [, name = ""] of one.matchAll(/^#\s*include\s*"([\w.-]+)"/gm)) {
			const header = `${folder}/${name}`;
			const inner = texts.has(header) ? null : read(header);
			if (inner !== null) texts.set(header, inner);
		}
	return [...texts.values()].join("\n");
}
