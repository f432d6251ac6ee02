import { KprepError } from "../../errors.ts";
import { failureText } from "../../host/process/failure.ts";
import { make } from "../../host/process/make.ts";
import { attempt } from "../../host/process/run.ts";
import { readSourceError, type SourceError } from "../../kernel/driver/source-error.ts";
import { parseProgressLine } from "../../kernel/kbuild/progress-line.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Tree } from "../../tree/tree.ts";
import { MakeListener } from "../explain/make.ts";
import type { BuildRequest } from "./index.ts";
import type { Recipe } from "./recipe.ts";

/** What a driver's build needs besides the request. */
export interface Running {
	tree: Tree;
	release: string;
	settings: string[];
	goals: string[];
	jobs: number;
}

/**
 * Runs what the recipe says in `folder`, and tells the driver's own errors from those of the tree. Gives the
 * first line by which a make said that it failed, which the commands of a dkms.conf may pass over. Throws KprepError
 * "command" when the whole fails.
 */
export async function runRecipe(
	recipe: Recipe,
	folder: string,
	{ tree, release, settings, goals, jobs }: Running,
	{ progress, signal }: Pick<BuildRequest, "progress" | "signal">,
): Promise<string | null> {
	let failed: string | null = null;
	const listener = new MakeListener();
	const errors: string[] = [];
	const onLine = (line: string) => {
		listener.line(line);
		if (failed === null && /^g?make(?:\[\d+\])?: \*\*\* /.test(line)) failed = line.trim();
		// Enough to find the first error and its notes.
		if (errors.length > 0 ? errors.length < 40 : /: (?:fatal )?error: /.test(line)) errors.push(line);
		const parsed = parseProgressLine(line);
		if (parsed !== null) progress.note(`${parsed.word} ${parsed.what}`);
		else if (/:\d+: warning: /.test(line)) progress.warn(line.trim());
	};
	const shared = { jobs, progress, signal, onLine, goals, explains: false };
	try {
		if (recipe.kind === "kbuild")
			await make({
				// objtree has a Makefile too, and kprep's settings beside it.
				...{ ...shared, srctree: tree.output, objtree: tree.output, cwd: recipe.folder },
				words: [`M=${recipe.folder}`, ...recipe.words, ...settings],
				goals: goals.length === 0 ? ["modules"] : goals,
			});
		else if (recipe.kind === "makefile")
			await make({
				...{ ...shared, srctree: folder, objtree: folder, cwd: folder },
				words: [...recipe.words, ...settings],
			});
		else
			for (const command of recipe.commands)
				await shell(command, folder, { release, makeflags: recipe.settings }, { progress, signal, onLine });
		return failed;
	} catch (error) {
		if (!(error instanceof KprepError) || error.kind !== "command") throw error;
		throw explainedFailure(error, listener, readSourceError(errors, folder, tree.path), {
			...{ tree, release, folder },
		});
	}
}

/** As dkms runs a command of dkms.conf: by bash, in the build folder. */
async function shell(
	command: string,
	folder: string,
	{ release, makeflags }: { release: string; makeflags: string[] },
	options: Pick<BuildRequest, "progress" | "signal"> & { onLine: (line: string) => void },
): Promise<void> {
	const result = await attempt(["bash", "-c", command], {
		...{
			cwd: folder,
			env: {
				...{ PWD: folder, LC_ALL: "C", kernelver: release, KERNELRELEASE: undefined },
				// Words there count as typed (GNU make manual, 5.7.3), for a make in any of the driver's folders.
				MAKEFLAGS: makeflags.length === 0 ? undefined : makeflags.join(" "),
			},
			...options,
		},
	});
	if (result.status === 0 || result.stopped) return;
	throw new KprepError("command", "make-failed", failureText(result), { where: folder });
}

/** The failure with what is known of its cause in front. */
function explainedFailure(
	error: KprepError,
	listener: MakeListener,
	source: SourceError | null,
	{ tree, release, folder }: Pick<Running, "tree" | "release"> & { folder: string },
): KprepError {
	const facts = { release, config: tree.config?.text ?? null, arch: null, tree: tree.output };
	const [first] = listener.explain(facts);
	const off = first?.machine?.evidence.filter((line) => / is off in the target$/.test(line)) ?? [];
	const options = [...new Set(off.map((line) => line.replace(/,.* is off.*/, "")))].slice(0, 3);
	const why =
		off.length > 0
			? `${options.join(", ")} is off in ${release}: this module can never load there`
			: source === null
				? null
				: source.whose === "tree"
					? "the error is in the kernel tree, not in the driver"
					: source.misfit
						? `the driver's source does not fit ${tree.base}${source.header === null ? "" : ` (${source.header} declares it otherwise)`}`
						: "the error is in the driver's own source";
	const explained = [first?.remedy ?? "", ...(first?.commands ?? [])].filter((line) => line !== "");
	const advice =
		off.length > 0
			? [
					`grep -E ${quoted(options.flatMap((line) => line.match(/CONFIG_\w+/g) ?? []).join("|"))} ${quoted(`${tree.output}/.config`)}`,
				]
			: source?.whose !== "driver"
				? explained
				: source.misfit
					? [`a newer release of the driver, or its patch for ${tree.base.split(".").slice(0, 2).join(".")}`]
					: [`look at ${quoted(/^\S[^:]*:\d+/.exec(source.line)?.[0] ?? folder)}`];
	return new KprepError(
		"command",
		why !== null && off.length > 0 ? "option-off" : error.code,
		[why, error.message].filter(Boolean).join("\n"),
		{
			...(source !== null ? { found: source.line } : error.found === undefined ? {} : { found: error.found }),
			...(error.expected === undefined ? {} : { expected: error.expected }),
			...(error.where === undefined ? {} : { where: error.where }),
			suggestions: [...new Set([...advice, ...(source?.whose === "driver" ? [] : error.suggestions)])],
			cause: error,
		},
	);
}
