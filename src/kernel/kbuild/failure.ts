/** What a failed make says about itself. */
export interface MakeFailure {
	/** The first line that is an error; null when none is recognised. */
	first: string | null;
	/** Programs and headers that were missing, as a package table names them: `flex`, `gelf.h`, `openssl/bio.h`. */
	missing: string[];
}

const ERROR =
	/(?:\berror:|: fatal error:|^\S*make(?:\[\d+\])?: \*\*\* |: not found$|: command not found$|No such file or directory$|^ERROR: |^Error: )/i;
const HEADER = /fatal error: ([\w./+-]+\.h): No such file/;
const PROGRAM = /(?:^|[\s:'"])([\w./+-]+): (?:command )?not found$/;
const NO_PROGRAM = /make(?:\[\d+\])?: ([\w+-]+): (?:No such file or directory|Command not found)/;

/**
 * Reads the lines of a failed make for its first error, and for tools that were not there (sh, make, gcc and
 * kbuild's own wordings; tools/objtool's libelf message).
 */
export function readMakeFailure(lines: Iterable<string>): MakeFailure {
	let first: string | null = null;
	const missing = new Set<string>();
	for (const line of lines) {
		if (line.length > 4096) continue;
		const header = HEADER.exec(line)?.[1];
		const program = NO_PROGRAM.exec(line)?.[1] ?? PROGRAM.exec(line)?.[1];
		if (header !== undefined) missing.add(header === "libelf.h" ? "gelf.h" : header);
		if (program !== undefined) missing.add(program.slice(program.lastIndexOf("/") + 1));
		if (/libelf-dev|elfutils-libelf-devel/.test(line)) missing.add("gelf.h");
		if (/pahole \(pahole\) is not available|BTF: .*pahole/.test(line)) missing.add("pahole");
		if (first === null && ERROR.test(line)) first = line.trim();
	}
	return { first, missing: [...missing] };
}
