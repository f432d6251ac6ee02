import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CheckContext, CheckFinding } from "../../checks/check.ts";
import { KprepError } from "../../errors.ts";
import { sha256 } from "../../host/files/digest.ts";
import type { Progress } from "../../host/progress.ts";
import { journalFolder } from "../../tree/journal/index.ts";
import { areCallers } from "../../tree/own.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import { keepProof, readKeptProof } from "./kept-proof.ts";

/** When probes are compiled: "auto", where a difference could matter; "always", --deep; "never", --no-deep. */
export type ProofMode = "auto" | "always" | "never";

export interface ProofRequest {
	mode: ProofMode;
	/** Structures that the user named. */
	structs?: readonly string[] | undefined;
	/** A sync asks: it has just made the tree itself, and what is shown is kept beside its journal. */
	keep?: boolean;
}

/** Who is told, and who can stop it. */
interface Listener {
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * The proof that the checks ask for: one that the last sync kept and that still fits, else one that is run now. Without
 * --deep a tree's own programs run only where kprep synced it and it belongs to the caller. null: not wanted, or not to
 * be had. Throws KprepError as deepChecks does for --deep.
 */
export async function obtainProof(
	context: CheckContext,
	asked: boolean,
	{ mode, structs = [], keep = false }: ProofRequest,
	listener: Listener,
): Promise<CheckFinding[] | null> {
	if (mode === "always") return run(context, structs, listener);
	if (mode === "never" || !asked) return null;
	const { output } = context.tree;
	const key = await proofKey(context);
	const kept = readKeptProof(output, key);
	if (kept !== null) return kept;
	if (!keep && !canRun(context)) return null;
	try {
		const findings = await run(context, structs, listener);
		if (keep && existsSync(journalFolder(output))) await keepProof(output, key, findings);
		return findings;
	} catch (error) {
		if (!(error instanceof KprepError) || ["interrupted", "bug"].includes(error.kind)) throw error;
		listener.progress.warn(`no proof could be made: ${error.message.split("\n")[0]}`);
		return null;
	}
}

/** Synced by kprep as far as modules_prepare, and nobody else's. */
function canRun({ tree }: CheckContext): boolean {
	const { path, output, settings, prepared } = tree;
	const inside = [".config", "GNUmakefile", ".kprep", ".kprep/journal.json"].map((it) => join(output, it));
	return (
		(settings !== null || existsSync(join(output, ".kprep/journal.json"))) &&
		prepared !== null &&
		existsSync(join(output, "scripts/mod/modpost")) &&
		areCallers([path, join(path, "Makefile"), join(path, "scripts"), output, ...inside])
	);
}

/** Raised when a proof shows something else than before. */
const PROOF_VERSION = 2;

/** What a proof was made of: it holds as long as this digest is the same. */
async function proofKey({ tree, target }: CheckContext): Promise<string> {
	const digest = (inner: string) => {
		const path = join(tree.output, inner);
		return statSync(path, { throwIfNoEntry: false })?.isFile() ? sha256(readFileSync(path)) : "";
	};
	const config = target.config === null ? "" : sha256(await target.config.read());
	return sha256(
		JSON.stringify([
			PROOF_VERSION,
			...[target.release?.value, target.compiler?.value, target.moduleLayoutCrc?.value, config],
			...[tree.path, tree.makefile, tree.settings],
			...[".config", "Module.symvers", "include/generated/autoconf.h"].map(digest),
		]),
	);
}

async function run(
	context: CheckContext,
	structs: readonly string[],
	{ progress, signal }: Listener,
): Promise<CheckFinding[]> {
	requirePlainTree(context.tree);
	progress.step("compile probes", context.tree.output);
	const { deepChecks } = await import("../../checks/deep/index.ts");
	return deepChecks(context, { structs, progress, signal });
}
