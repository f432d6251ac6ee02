import { ask, findProgram } from "../process/program.ts";

/**
 * The packages of these that this machine's own package lists have, and the version that would be installed. null: it has no lists
 * to ask (a new container), or its package system is not one that answers without a network.
 */
export function inPackageLists(names: string[]): Map<string, string> | null {
	if (names.length === 0) return new Map();
	if (findProgram("apt-cache") === null) return null;
	const answer = ask(["apt-cache", "policy", "apt", ...names], PATIENCE, undefined, { LC_ALL: "C" });
	if (answer === null || answer.status !== 0) return null;
	const found = candidatesIn(answer.stdout);
	// apt is in every archive that has packages at all: without it there are no lists.
	return found.has("apt") ? found : null;
}

const PATIENCE = 30_000;

/** Names with a candidate in the output of `apt-cache policy`; what is only installed, and in no archive, has one too. */
function candidatesIn(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const [, name = "", candidate = ""] of text.matchAll(
		/^(\S+):\n(?: {2}Installed: .*\n)? {2}Candidate: (\S+)$/gm,
	))
		if (
			candidate !== "(none)" &&
			(name !== "apt" || /https?:|file:|copy:|cdrom:|mirror/.test(stanzaOf(text, name)))
		)
			found.set(name, candidate);
	return found;
}

function stanzaOf(text: string, name: string): string {
	return new RegExp(`^${name}:\\n(?: .*\\n?)*`, "m").exec(text)?.[0] ?? "";
}
