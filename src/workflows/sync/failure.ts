import { existsSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { MakeRequest } from "../../host/process/make.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { UnsetVariable } from "../../tree/kconfig-environment.ts";
import { unsetVariables } from "../../tree/kconfig-environment.ts";
import type { FailedProbes } from "./failed-probes.ts";

/**
 * A failed make of a sync with its cause in front, where the tree alone shows it: variables of a vendor's build that its
 * Kconfig needs, or compiler tests that all fail with the same words. Other errors as they are.
 */
export async function explainedFailure(error: unknown, request: MakeRequest, arch: string): Promise<unknown> {
	// Missing tools are named already.
	if (!(error instanceof KprepError) || error.code !== "make-failed" || error.expected !== undefined)
		return error;
	const absent = absentFile(error, request.srctree);
	if (absent !== null) return incompleteError(error, absent, request.srctree);
	const unset = unsetVariables(request.srctree, variablesOf(request.words ?? []), arch);
	const parses = /Kconfig|syncconfig|oldconfig|olddefconfig|oldnoconfig/.test(error.message);
	if (parses && unset.length > 0) return unsetError(error, unset, request.srctree);
	const { failedProbes } = await import("./failed-probes.ts");
	const probes = await failedProbes(request);
	return probes === null ? error : probesError(error, probes, request.srctree);
}

/** A file of the tree that kconfig or make asked for and that is not there: zconf_initscan() and GNU make's words. */
function absentFile(
	{ message, found = "" }: KprepError,
	srctree: string,
): { path: string; line: string } | null {
	const told =
		/can't open file "(?<path>[^"$]{1,300})"|^(?:\S+:\d+: )?(?<made>(?:arch|scripts|init|tools|include|kernel|Documentation)\/[^\s:]{1,300}): No such file or directory/m;
	const match = told.exec(`${found}\n${message}`);
	const path = match?.groups?.path ?? match?.groups?.made ?? null;
	if (match === null || path === null || path.startsWith("/") || path.split("/").includes("..")) return null;
	return existsSync(join(srctree, path)) ? null : { path, line: match[0] };
}

function incompleteError(
	cause: KprepError,
	{ path, line }: { path: string; line: string },
	srctree: string,
): KprepError {
	return new KprepError("command", "tree-incomplete", `the source tree is not whole: ${path} is missing`, {
		expected: `${path}, which the tree's own files ask for`,
		found: line,
		where: srctree,
		suggestions: [
			"kprep source get",
			"unpack the source again, all of it, into a new folder; a git clone: git status lists what was deleted",
		],
		cause,
	});
}

function variablesOf(words: string[]): Record<string, string> {
	return Object.fromEntries(
		words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
	);
}

/** One line for each variable, for warnings and errors. */
export function unsetText({ name, where, text, values }: UnsetVariable): string {
	const known = values.map(({ value, where: place }) => `${value} (${place})`).join(", ");
	return `${name} is set by nothing: ${where}: ${text.slice(0, 100)}${known === "" ? "" : `; the tree's build files say ${known}`}`;
}

function unsetError(error: KprepError, unset: UnsetVariable[], srctree: string): KprepError {
	const words = unset.map(
		({ name, values }) => `--make-var ${quoted(`${name}=${values[0]?.value ?? "VALUE"}`)}`,
	);
	return new KprepError(
		"command",
		"kconfig-environment",
		`the tree's Kconfig reads variables of its vendor's build that are not set: ${unset.map(({ name }) => name).join(", ")}`,
		{
			expected: unset.slice(0, 5).map(unsetText).join("; "),
			...(error.found === undefined ? {} : { found: error.found }),
			where: srctree,
			suggestions: [`the same command with ${words.join(" ")}`],
			cause: error,
		},
	);
}

function probesError(
	error: KprepError,
	{ command, words, missing }: FailedProbes,
	srctree: string,
): KprepError {
	const blamed = error.found === undefined ? "" : ` (make blames: ${error.found})`;
	return new KprepError(
		"command",
		"compiler-tests-fail",
		`every test for a compiler option fails alike, whatever the option${blamed}\n${words}`,
		{
			...(missing === null ? {} : { expected: `${missing}, which is not on this machine` }),
			found: words,
			where: srctree,
			suggestions: [
				...(missing === null
					? []
					: [
							`grep -rnF -e ${quoted(missing.slice(missing.lastIndexOf("/") + 1))} ${quoted(srctree)}/Makefile ${quoted(srctree)}/arch/*/Makefile ${quoted(srctree)}/scripts`,
							"bring that file from the vendor's build to this place, or take the option out of the makefile",
						]),
				`alone: ${command.replace(/\s+/g, " ").slice(0, 600)}`,
			],
			cause: error,
		},
	);
}
