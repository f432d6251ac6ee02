import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../host/files/regular.ts";
import { openRepository, type Repository } from "../host/git/repository.ts";
import type { GitState } from "./tree.ts";

/**
 * What git adds to the release of the tree at `path` (scripts/setlocalversion): null when there is no git at its top,
 * no git program, or git refuses the folder, as kbuild then adds nothing. Nothing that the repository names is run. `script` is scripts/setlocalversion's text:
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
		const text = readRegular(scmversion, { within: path }).toString("utf8").trim();
		return { full: text, short: text === "" ? "" : "+" };
	}
	const repository = openRepository(path);
	if (repository === null) return null;
	try {
		return stateOf(repository, kernelversion, script);
	} finally {
		repository.close();
	}
}

function stateOf(git: Repository, kernelversion: string, script: string): GitState | null {
	const head = git.ask(["rev-parse", "--verify", "HEAD"]);
	if (head === null) return null;
	const match = script.includes("KERNELVERSION") ? [`--match=${tagOf(kernelversion)}`] : [];
	const exact = git.ask(["describe", "--exact-match", ...match]);
	const changes = git.ask([
		"--no-optional-locks",
		"status",
		"-uno",
		"--porcelain",
		"--ignore-submodules=all",
	]);
	const dirty = changes ? "-dirty" : "";
	if (exact !== null) return { full: dirty, short: dirty === "" ? "" : dirtyTag(script) };
	const described = git.ask(["describe", ...match]);
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
