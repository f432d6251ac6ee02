import { shellWords } from "./compile-command.ts";

/** One saved command of kbuild that compiled or linked a host program (scripts/Makefile.host). */
export interface HostCommand {
	/** Its words behind the compiler's own: `-Wall -o scripts/mod/modpost scripts/mod/modpost.o`. */
	words: string[];
	/** Objects among them that commands of their own have made. */
	objects: string[];
}

/**
 * The command of a host program, or of an object of one, from its saved `.NAME.cmd` file (`cmd_PATH := ...` up to 6.2,
 * `savedcmd_PATH := ...` later). null when the text has none that makes PATH with `-o`.
 */
export function hostCommand(saved: string): HostCommand | null {
	const line = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(saved)?.[1];
	if (line === undefined) return null;
	const all = shellWords(line.replaceAll("$$", "$").replaceAll("$(pound)", "#").replaceAll("\\#", "#"));
	const end = all.indexOf(";");
	const command = end < 0 ? all : all.slice(0, end);
	// HOSTCC may be several words: ccache gcc.
	const words = command.slice(command.findIndex((word) => word.startsWith("-")));
	if (words.length === 0 || !words.includes("-o")) return null;
	const made = words[words.indexOf("-o") + 1];
	return { words, objects: words.filter((word) => word.endsWith(".o") && word !== made) };
}

/**
 * The same command by another compiler, its product and the objects that it reads placed by `placed`; what it would write
 * beside them (dependency lists) is left out.
 */
export function byCompiler(
	{ words, objects }: HostCommand,
	compiler: string,
	placed: (path: string) => string,
): string[] {
	return [
		compiler,
		...words
			.filter((word) => !/^-Wp,-MM?D,|^-M/.test(word))
			.map((word, at, all) => (all[at - 1] === "-o" || objects.includes(word) ? placed(word) : word)),
	];
}
