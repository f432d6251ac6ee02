import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { make } from "../../host/process/make.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { stringOf } from "../../kernel/config/config.ts";
import { parseProgressLine } from "../../kernel/kbuild/progress-line.ts";
import type { CheckDocument } from "../../kernel/loader/verdict.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { checkModules } from "../check/index.ts";

export interface BuildRequest {
	/** Folder of the external module. */
	folder: string;
	/** srctree, and objtree when it is another folder. */
	tree: string;
	output?: string | undefined;
	target: TargetSpec;
	/** NAME=VALUE words and goals for make, as typed: V=1, W=1, clean... */
	words: string[];
	jobs: number;
	/** Signs every module with the tree's sign-file. */
	sign?: { key: string; certificate: string };
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Builds an external module in a tree, signs it when asked to, and has every .ko checked. Throws KprepError: "command"
 * when make fails, "missing" when the folder, a prepared tree, or a module in the end is not there.
 */
export async function buildModule(request: BuildRequest): Promise<CheckDocument> {
	const { progress, signal, words } = request;
	const folder = moduleFolder(request.folder);
	const tree = readTree(request.tree, request.output);
	requirePrepared(tree);
	const settings = words.filter((word) => word.includes("="));
	const goals = words.filter((word) => !word.includes("="));
	progress.step("make", folder);
	await make({
		// objtree has a Makefile too, and kprep's settings beside it.
		...{ srctree: tree.output, objtree: tree.output, jobs: request.jobs, progress, signal },
		words: [`M=${folder}`, ...settings],
		goals: goals.length === 0 ? ["modules"] : goals,
		onLine: (line) => {
			const parsed = parseProgressLine(line);
			if (parsed !== null) progress.note(`${parsed.word} ${parsed.what}`);
			else if (/:\d+: warning: /.test(line)) progress.warn(line.trim());
		},
	});
	const modules = modulesIn(folder);
	if (goals.includes("clean")) return { target: "", modules: [] };
	if (modules.length === 0) throw nothingBuilt(folder);
	if (request.sign !== undefined) await signAll(tree, modules, request.sign, request);
	return checkModules(modules, request.target, progress);
}

/** kbuild takes M= apart at white space and refuses colons. */
function moduleFolder(given: string): string {
	const folder = resolve(given);
	const described = ["Kbuild", "Makefile"].some((name) => existsSync(join(folder, name)));
	if (described && !/[\s:]/.test(folder)) return folder;
	throw new KprepError(
		"missing",
		described ? "bad-path" : "no-module-source",
		described ? "kbuild refuses a path with spaces or colons" : `${given} has neither Kbuild nor Makefile`,
		{
			where: folder,
			suggestions: described
				? ["move or rename the folder"]
				: ["kprep new NAME makes a module to begin with"],
		},
	);
}

function requirePrepared(tree: Tree): void {
	if (tree.prepared !== null && existsSync(join(tree.output, "scripts/mod/modpost"))) return;
	throw new KprepError("missing", "not-prepared", `${tree.output} is not prepared for module builds`, {
		expected: "a tree after make modules_prepare",
		suggestions: [`kprep sync ${tree.path}${tree.output === tree.path ? "" : ` -O ${tree.output}`}`],
	});
}

function modulesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".ko"))
		.map((path) => join(folder, path))
		.filter((path) => statSync(path).isFile())
		.sort();
}

function nothingBuilt(folder: string): KprepError {
	return new KprepError("missing", "nothing-built", `make ended well, but there is no .ko below ${folder}`, {
		expected: "obj-m := NAME.o in its Kbuild or Makefile",
		where: folder,
		suggestions: ["kprep new NAME shows what such a file looks like"],
	});
}

/** scripts/sign-file HASH KEY CERTIFICATE MODULE (4.3 and later take both as PEM files). */
async function signAll(
	tree: Tree,
	modules: string[],
	{ key, certificate }: { key: string; certificate: string },
	{ progress, signal }: BuildRequest,
): Promise<void> {
	const signFile = join(tree.output, "scripts/sign-file");
	if (!existsSync(signFile))
		throw new KprepError("missing", "no-sign-file", "the tree has no sign-file", {
			expected: signFile,
			suggestions: [
				`kprep sync ${tree.path}`,
				"the target must have CONFIG_MODULE_SIG, and OpenSSL's headers be here",
			],
		});
	const hash = (tree.config && stringOf(tree.config.symbols, "MODULE_SIG_HASH")) || "sha256";
	for (const path of modules) {
		progress.step("sign", path);
		await run([signFile, hash, resolve(key), resolve(certificate), path], {
			progress,
			signal,
			timeout: 60_000,
		});
	}
}
