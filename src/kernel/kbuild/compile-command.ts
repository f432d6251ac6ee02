/**
 * The command that kbuild ran for an object, from its saved `.NAME.o.cmd` file: `cmd_PATH := ...` up to 6.2,
 * `savedcmd_PATH := ...` later (scripts/Kbuild.include). Only the compiler's own words, not what runs after it.
 * null when the text has no such line.
 */
export function compileCommand(saved: string): string[] | null {
	const line = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(saved)?.[1];
	if (line === undefined) return null;
	// Make's own escapes: $$ for $, $(pound) or \# for a hash.
	const words = shellWords(line.replaceAll("$$", "$").replaceAll("$(pound)", "#").replaceAll("\\#", "#"));
	const end = words.indexOf(";");
	const command = end < 0 ? words : words.slice(0, end);
	return command.includes("-c") ? command : null;
}

/** Flags that belong to the one object, or to modules only, and would be wrong for another source file. */
const DROPPED = /^(?:-Wp,-M.*|-Wp,-MMD.*|-DMODULE|-DKBUILD_BASENAME=.*|-DKBUILD_MODFILE=.*|-c)$/;

/** The same compiler with the same flags, for another source and purpose: `purpose` goes in front of the source. */
export function commandFor(words: readonly string[], purpose: readonly string[], source: string): string[] {
	const kept: string[] = [];
	for (let at = 0; at < words.length - 1; at++) {
		const word = words[at] as string;
		if (word === "-o") at++;
		else if (!DROPPED.test(word)) kept.push(word);
	}
	return [...kept, `-DKBUILD_BASENAME="kprep"`, ...purpose, source];
}

/** Words of a shell command: quotes and backslashes undone, `;` a word of its own. No expansion of any kind. */
export function shellWords(text: string): string[] {
	const words: string[] = [];
	const pattern = /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|(\s+)|(;)|([^\s'"\\;]+)|(.)/gs;
	let word: string | null = null;
	for (const [, single, double, escaped, space, semicolon, plain, other] of text.matchAll(pattern)) {
		if (space !== undefined || semicolon !== undefined) {
			if (word !== null) words.push(word);
			word = null;
			if (semicolon !== undefined) words.push(";");
			continue;
		}
		const part = single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? other ?? "";
		word = (word ?? "") + part;
	}
	if (word !== null) words.push(word);
	return words;
}
