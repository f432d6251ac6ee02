import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeAtomically } from "../../host/files/files.ts";
import { compileCommand } from "../../kernel/kbuild/compile-command.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { textOf } from "../../tree/read.ts";
import { filesIn } from "./made.ts";

/**
 * Writes compile_commands.json for editors (Clang's JSON Compilation Database) from kbuild's saved commands below
 * `folder`. One that was not made of kbuild's commands is left as it is. Returns the path, or null when none was written.
 */
export async function writeCompileCommands(folder: string, objtree: string): Promise<string | null> {
	const path = join(folder, "compile_commands.json");
	const there = lstatSync(path, { throwIfNoEntry: false });
	if (there !== undefined && (!there.isFile() || !textOf(path)?.includes("KBUILD_MODNAME"))) return null;
	const entries = filesIn(folder, (name) => /^\..*\.o\.cmd$/.test(name)).flatMap((file) => {
		const text = textOf(file) ?? "";
		const words = compileCommand(text);
		// Only sources: kbuild compiles a .mod.c for every module.
		const source = words?.at(-1) ?? "";
		if (words === null || !/\.[cS]$/.test(source) || source.endsWith(".mod.c")) return [];
		const absolute = source.startsWith("/") ? source : join(dirname(file), basename(source));
		return [{ directory: objtree, command: words.map(quoted).join(" "), file: absolute }];
	});
	if (entries.length === 0) return null;
	try {
		await writeAtomically(path, `${JSON.stringify(entries, null, 2)}\n`);
	} catch {
		// A convenience: a folder that cannot be written holds no build up.
		return null;
	}
	return path;
}
