/**
 * The sections of a unified diff whose files are all wanted, joined again. A section begins at "diff --git", or at
 * "--- " where there is none; `wanted` gets paths without their first part (patch -p1).
 */
export function patchFor(text: string, wanted: (path: string) => boolean): string {
	const git = /^diff --git /m.test(text);
	const sections = text.split(git ? /^(?=diff --git )/m : /^(?=--- \S+[^\n]*\n\+\+\+ )/m);
	return sections.filter((section) => filesOf(section).every(wanted)).join("");
}

/** Files that a section changes or makes; none for the words in front of the first one. */
function filesOf(section: string): string[] {
	const head = section.split(/^@@ /m)[0] ?? "";
	const names = [...head.matchAll(/^(?:---|\+\+\+) ([^\t\n]+)/gm)].map((match) => match[1] as string);
	const renamed = /^diff --git (\S+) (\S+)/.exec(head);
	const all = names.length === 0 && renamed ? [renamed[1] as string, renamed[2] as string] : names;
	return all.filter((name) => name !== "/dev/null").map((name) => name.slice(name.indexOf("/") + 1));
}
