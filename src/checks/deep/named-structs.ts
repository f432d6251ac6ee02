import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { KprepError } from "../../errors.ts";
import { COMMON_STRUCTS, type CommonStruct } from "../../kernel/layout/common-structs.ts";

/** Where most structures that modules use are declared comes first: names occur twice (uapi has its own `struct stat`). */
const FOLDERS = ["include/linux", "include/net", "include"];

/**
 * The structures of these names ("dev_pm_info" or "struct dev_pm_info"), each with the header of the tree that defines
 * it, found by looking below include/. Throws KprepError "usage" when a word is not a name, or no header defines it.
 */
export function namedStructs(srctree: string, words: readonly string[]): CommonStruct[] {
	const names = new Set(words.map(nameOf));
	return [...names].map((name) => COMMON_STRUCTS.find((one) => one.name === name) ?? find(srctree, name));
}

function nameOf(word: string): string {
	const name = /^(?:struct\s+)?([A-Za-z_]\w*)$/.exec(word.trim())?.[1];
	if (name !== undefined) return name;
	throw new KprepError("usage", "bad-struct", "--struct takes the name of a C structure", { found: word });
}

function find(srctree: string, name: string): CommonStruct {
	// An attribute may stand between name and brace.
	const definition = new RegExp(`^(?:typedef\\s+)?struct\\s+${name}\\b[^;(){}]{0,200}\\{`, "m");
	for (const folder of FOLDERS)
		for (const header of headersBelow(join(srctree, folder), folder === "include")) {
			const text = readFileSync(header, "latin1");
			if (text.includes(name) && definition.test(text))
				return { name, header: relative(join(srctree, "include"), header) };
		}
	throw new KprepError("usage", "no-such-struct", `no header of the tree defines struct ${name}`, {
		where: join(srctree, "include"),
		suggestions: ["name a structure that a header below include/ defines"],
	});
}

/** In order of their names, so that the answer is the same on every machine. */
function headersBelow(folder: string, recursive: boolean): string[] {
	if (!existsSync(folder)) return [];
	const entries: Dirent[] = readdirSync(folder, { withFileTypes: true, recursive });
	return entries
		.filter((entry) => entry.isFile() && entry.name.endsWith(".h"))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}
