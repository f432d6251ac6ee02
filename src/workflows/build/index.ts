import { existsSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { warnAboutRoot } from "../../host/process/foreign-code.ts";
import type { Progress } from "../../host/progress.ts";
import type { Enforcement } from "../../kernel/bootline/enforcement.ts";
import { unplainIn } from "../../kernel/kbuild/plain-path.ts";
import type { CheckDocument } from "../../kernel/loader/verdict.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Installed } from "../../report/install.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import { readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { checkModules } from "../check/index.ts";
import { installModules } from "../install/index.ts";
import type { SigningKey } from "../sign/keys.ts";
import { writeCompileCommands } from "./compile-commands.ts";
import { applyPatches, copyFolder, copySources, mustStay } from "./copy.ts";
import { type Before, modulesBefore, modulesMade } from "./made.ts";
import { type Recipe, recipeFor } from "./recipe.ts";
import { runRecipe } from "./run-make.ts";
import { signModules } from "./sign.ts";

export interface BuildRequest {
	/** Folder of the external module. */
	folder: string;
	/** The folder is a copy already: it is built in, whatever the recipe leaves there. */
	isCopy?: boolean;
	/** srctree, and objtree when it is another folder. */
	tree: string;
	output?: string | undefined;
	target: TargetSpec;
	/** What the target's boot enforces, where the user knows it. */
	enforce?: Enforcement | undefined;
	/** NAME=VALUE words and goals for make, as typed: V=1, W=1, clean... */
	words: string[];
	jobs: number;
	/** Signs every module with the tree's sign-file. */
	sign?: SigningKey;
	/** Puts what would load into the target's folder of modules, signed with this key (null: there is none). */
	install?: { key: SigningKey | null };
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** What a build ends in: the verdict of each module, and where they were installed when that was asked for. */
export interface BuildDocument extends CheckDocument {
	/** null: not asked for, or one of the modules would not load. */
	installed: Installed | null;
}

/**
 * Builds what is in a folder against a tree (by its dkms.conf, kbuild, or its own Makefile), signs it when asked to, and
 * has every .ko that this run made checked. Throws KprepError: "command" when make fails, "missing" when the folder, a
 * prepared tree, or a module in the end is not there.
 */
export async function buildModule(request: BuildRequest): Promise<BuildDocument> {
	const { progress, words } = request;
	const source = sourceFolder(request.folder);
	const tree = readTree(request.tree, request.output);
	requirePlainTree(tree);
	requirePrepared(tree);
	const release = tree.prepared?.release ?? tree.base;
	const settings = words.filter((word) => word.includes("="));
	const goals = words.filter((word) => !word.includes("="));
	const { recipe, folder } = await place(source, { tree, release, jobs: request.jobs }, goals, request);
	for (const note of recipe.notes) progress.warn(note);
	// Its makefiles and scripts are code of its own, whoever owns the tree.
	warnAboutRoot(source, progress);
	progress.step("make", folder);
	const before = modulesBefore(folder);
	const failed = await runRecipe(
		recipe,
		folder,
		{ tree, release, settings, goals, jobs: request.jobs },
		request,
	);
	if (goals.includes("clean")) return { target: "", modules: [], installed: null };
	const modules = madeHere(folder, before, recipe, failed);
	await writeCompileCommands(folder, tree.output);
	if (request.sign !== undefined) await signModules(tree, modules, request.sign, request);
	const checked = await checkModules(modules, request.target, progress, { enforce: request.enforce });
	const load = checked.modules.every(({ verdict }) => verdict === "loads");
	if (request.install === undefined || !load) return { ...checked, installed: null };
	const installed = await installModules(modules, source, request.install.key, request);
	return { ...checked, installed };
}

/** The recipe, and the folder to build in: the sources' own, or a copy where they must stay as they are. */
async function place(
	source: string,
	facts: { tree: Tree; release: string; jobs: number },
	goals: string[],
	{ progress, isCopy = false }: Pick<BuildRequest, "progress" | "isCopy">,
): Promise<{ recipe: Recipe; folder: string }> {
	const { release } = facts;
	const recipe = recipeFor({ ...facts, folder: source, build: source });
	if (isCopy) {
		if (recipe.kind === "dkms") await applyPatches(source, recipe.patches, progress);
		return { recipe, folder: source };
	}
	const copied = mustStay(source) || (recipe.kind === "dkms" && recipe.copy);
	if (!copied || goals.includes("clean")) return { recipe, folder: source };
	const folder = copyFolder(source, release);
	progress.step("copy", folder);
	await copySources(source, folder);
	if (recipe.kind === "dkms") await applyPatches(folder, recipe.patches, progress);
	return { recipe: recipeFor({ ...facts, folder, build: folder }), folder };
}

/** kbuild takes M= apart at white space, refuses colons, and hands the rest to shells. */
function sourceFolder(given: string): string {
	const status = statSync(given, { throwIfNoEntry: false });
	if (!status?.isDirectory())
		throw new KprepError("missing", "no-module-source", `there is no folder ${given}`, {
			where: resolve(given),
			suggestions: ["kprep build FOLDER-OF-THE-SOURCES"],
		});
	const folder = realpathSync(given);
	const found = unplainIn(folder);
	if (found === null) return folder;
	throw new KprepError("missing", "bad-path", `kbuild does not take a path with ${found}`, {
		...{ where: folder, suggestions: ["move or rename the folder"] },
	});
}

function requirePrepared(tree: Tree): void {
	if (tree.prepared !== null && existsSync(join(tree.output, "scripts/mod/modpost"))) return;
	throw new KprepError("missing", "not-prepared", `${tree.output} is not prepared for module builds`, {
		expected: "a tree after make modules_prepare",
		suggestions: [
			`kprep sync ${quoted(tree.path)}${tree.output === tree.path ? "" : ` -O ${quoted(tree.output)}`}`,
		],
	});
}

/** What this run made; what dkms would install of it where a dkms.conf says so. */
function madeHere(folder: string, before: Before, recipe: Recipe, failed: string | null): string[] {
	const { made, others } = modulesMade(folder, before);
	if (made.length > 0) return made;
	if (failed !== null)
		throw new KprepError("command", "make-failed", `a make in the driver's own commands failed: ${failed}`, {
			where: folder,
			suggestions: [...recipe.notes, "the same command with --verbose shows what make did"],
		});
	throw new KprepError("missing", "nothing-built", `make ended well, but made no .ko below ${folder}`, {
		expected:
			recipe.kind === "dkms" ? recipe.modules.map((it) => `${it}.ko`).join(", ") : "a .ko by obj-m := NAME.o",
		...(others.length === 0 ? {} : { found: `${others.length} .ko that were there before (${others[0]})` }),
		where: folder,
		suggestions: ["the same command with --verbose shows what make did"],
	});
}
