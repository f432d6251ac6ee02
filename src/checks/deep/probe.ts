import { existsSync, readFileSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { type ModuleFile, readModule } from "../../formats/module/module.ts";
import { templatePath } from "../../host/machine/templates.ts";
import { warnAboutRoot } from "../../host/process/foreign-code.ts";
import { attempt, type RunResult, run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { commandFor, compileCommand } from "../../kernel/kbuild/compile-command.ts";
import { quoted } from "../../kernel/shell-word.ts";

/** The tree to look into, and where to put what is compiled. */
export interface DeepRequest {
	/** srctree and objtree (the same when the tree is built in place). */
	tree: { path: string; output: string };
	/** As for every make in that tree: ARCH=..., CC=... */
	makeArguments: string[];
	/** A temporary folder; everything that is written is below it. */
	folder: string;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** A module of the tree, and the means to compile other sources just as the tree would. */
export interface DeepProbe {
	module: ModuleFile;
	/** The file itself. */
	bytes: Uint8Array;
	/** Runs the tree's own compiler command with another purpose (-E, -c...) on another source, and writes `output`. */
	compile(purpose: string[], source: string, output: string): Promise<RunResult>;
}

const MINUTES = 3;

/**
 * Builds templates/deep as an external module of the tree, in `folder`: the tree is not written. Throws KprepError
 * "command" when that fails, as it does in a tree that is not prepared.
 */
export async function buildDeepProbe(request: DeepRequest): Promise<DeepProbe> {
	const { tree, folder, progress, signal } = request;
	const place = join(folder, "deep");
	await cp(templatePath("deep"), place, { recursive: true });
	progress.step("deep", "compiling a module in the tree");
	const limits = { timeout: MINUTES * 60_000, progress, signal };
	for (const part of new Set([tree.path, tree.output])) warnAboutRoot(part, progress);
	await run(
		["make", "-C", tree.output, `M=${place}`, ...request.makeArguments, "KBUILD_MODPOST_WARN=1", "modules"],
		{
			...limits,
			env: CLEAN,
		},
	);
	const made = ["kprep_deep.ko", ".kprep_deep.o.cmd"].map((name) => join(place, name));
	const [object = "", saved = ""] = made;
	if (!made.every((path) => existsSync(path))) throw nothingMade(tree.output);
	const bytes = await readFile(object);
	const module = readModule(bytes);
	const words = compileCommand(readFileSync(saved, "utf8"));
	if (words === null) throw noCommand(place);
	const cwd = workingFolder(words, tree.output, place);
	return {
		module,
		bytes,
		compile: (purpose, source, output) =>
			attempt([...commandFor(words, purpose, source), "-o", output], { ...limits, cwd, env: CLEAN }),
	};
}

/** What make hands down to its children must not reach a make that kprep starts. */
const CLEAN = { MAKEFLAGS: undefined, MAKELEVEL: undefined, MAKEOVERRIDES: undefined, M: undefined };

/** Where kbuild was when it ran the command: the folder in which its relative include paths exist (6.13 moved it). */
function workingFolder(words: string[], objtree: string, place: string): string {
	const relative = words.find((word) => /^-I\.{1,2}\//.test(word))?.slice(2);
	if (relative === undefined || existsSync(join(objtree, relative))) return objtree;
	return place;
}

function nothingMade(objtree: string): KprepError {
	return new KprepError("command", "no-probe", "make made no module, and said nothing", {
		expected: "kprep_deep.ko and the command that compiled it",
		where: objtree,
		suggestions: [`make -C ${quoted(objtree)} modules_prepare`],
	});
}

function noCommand(place: string): KprepError {
	return new KprepError("bug", "no-compile-command", "kbuild left no compile command behind", {
		where: place,
	});
}
