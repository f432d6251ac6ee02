import { existsSync, readdirSync } from "node:fs";

const COMMANDS = new URL("./commands/", import.meta.url);
const WORD = /^[a-z][a-z-]*$/;

/** A command of kprep's own in the bundle. */
interface Found {
	/** As oclif writes it: "sync", "source:list". */
	id: string;
	/** The bundled file whose default export is its class. */
	file: URL;
	/** What follows the command's words. */
	rest: string[];
}

/** The command that `argv` begins with, by the files in the bundle; null when it is none of kprep's own. */
export function findCommand(argv: string[]): Found | null {
	const words = argv.slice(0, 2).filter((word) => WORD.test(word));
	for (const depth of [2, 1]) {
		const file = new URL(`${words.slice(0, depth).join("/")}.js`, COMMANDS);
		if (words.length >= depth && existsSync(file))
			return { id: words.slice(0, depth).join(":"), file, rest: argv.slice(depth) };
	}
	return null;
}

/** All of kprep's own commands as they are typed: "sync", "source list". */
export function commandNames(): string[] {
	return readdirSync(COMMANDS, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".js"))
		.map((file) => file.slice(0, -".js".length).replaceAll("/", " "))
		.sort();
}
