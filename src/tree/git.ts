import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../host/process/program.ts";
import type { GitState } from "./tree.ts";

/** Settings under which git runs no program that the repository names. */
const SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat"];

/**
 * What git adds to the release of the tree at `path` (scripts/setlocalversion): null when there is no git at its top,
 * no git program, or git refuses the folder, as kbuild then adds nothing. `script` is scripts/setlocalversion's text:
 * from 6.3 it asks for the tag of `kernelversion` (base and EXTRAVERSION) where older ones take any annotated tag. `.scmversion` wins where it is honoured.
 */
export function readGit(
	path: string,
	kernelversion: string,
	script: string,
	honoursScmversion: boolean,
): GitState | null {
	const scmversion = join(path, ".scmversion");
	if (honoursScmversion && existsSync(scmversion)) {
		const text = readFileSync(scmversion, "utf8").trim();
		return { full: text, short: text === "" ? "" : "+" };
	}
	if (!existsSync(join(path, ".git"))) return null;
	const head = git(path, ["rev-parse", "--verify", "HEAD"]);
	if (head === null) return null;
	const match = script.includes("KERNELVERSION") ? [`--match=${tagOf(kernelversion)}`] : [];
	const exact = git(path, ["describe", "--exact-match", ...match]);
	const dirty = git(path, ["--no-optional-locks", "status", "-uno", "--porcelain"]) ? "-dirty" : "";
	if (exact !== null) return { full: dirty, short: dirty === "" ? "" : dirtyTag(script) };
	const described = git(path, ["describe", ...match]);
	const count = described === null ? "" : /-(\d+)-g[0-9a-f]+$/.exec(described)?.[1];
	const commits = count ? `-${count.padStart(5, "0")}` : "";
	return { full: `${commits}-g${head.slice(0, 12)}${dirty}`, short: "+" };
}

/** 6.12.0-rc3 is tagged v6.12-rc3, 6.12.4 is v6.12.4 (scripts/setlocalversion, 6.3). */
function tagOf(kernelversion: string): string {
	return `v${kernelversion.replace(/^(\d+\.\d+)\.0/, "$1")}`;
}

/** On a tag with local changes the short suffix is `+`; from 6.3 it is what the script's function printed. */
function dirtyTag(script: string): string {
	return script.includes("KERNELVERSION") ? "-dirty" : "+";
}

/** Trimmed stdout; null when git is missing or says no. */
function git(path: string, words: string[]): string | null {
	const answer = ask(["git", ...SAFE, "-C", path, ...words], 60_000);
	return answer?.status === 0 ? answer.stdout.trim() : null;
}
