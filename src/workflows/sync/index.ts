import { existsSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { sha256 } from "../../host/files/digest.ts";
import { readRegular } from "../../host/files/regular.ts";
import type { Progress } from "../../host/progress.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { remedyFor } from "../../kernel/failures/catalogue.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { SyncReport } from "../../report/sync/sync-report.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { readJournal } from "../../tree/journal/index.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import type { Plan, PlanFacts, PlanOptions, Stage } from "../../tree/plan/action.ts";
import type { Cured } from "../../tree/plan/cures/cure.ts";
import { makePlan } from "../../tree/plan/plan.ts";
import { readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { obtainToolchain, type ToolchainMode } from "../toolchain/obtain.ts";
import { verify } from "../verify/index.ts";
import type { ProofMode } from "../verify/proof.ts";
import { applyPlan } from "./apply.ts";
import { drifted } from "./drift.ts";
import { readPlanFacts } from "./facts.ts";
import { settle } from "./settle.ts";

export interface SyncRequest {
	tree: string;
	output?: string | undefined;
	target: Target;
	/** How the user named the target, for the commands that remedies name. */
	spec?: TargetSpec;
	dryRun?: boolean;
	until?: Stage;
	/** false: files only. */
	make?: boolean;
	makefile?: PlanOptions["makefile"];
	jobs: number;
	cc?: string | undefined;
	arch?: string | undefined;
	crossCompile?: string | undefined;
	/** "host" takes this machine's only; default: a kept one where this machine's is another. */
	toolchain?: ToolchainMode | undefined;
	/** Asks on a terminal whether to bring a toolchain along. */
	confirm?: ((question: string) => Promise<boolean>) | undefined;
	/** Go on where options were lost that change the ABI. */
	force?: boolean;
	/** Whether probes are compiled to judge differences; where one could matter unless said. */
	proof?: ProofMode;
	/** false: what this machine does to an older tree is not cured. */
	cures?: boolean;
	/** Places of prepared objtrees that are only read, besides the user's own; null: no store at all. */
	stores?: readonly string[] | null | undefined;
	/** Kept for every make in the tree. */
	makeVariables?: Record<string, string>;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Makes a tree ready for the target: reads, plans, applies, runs make, compares the configuration, verifies. When
 * something fails or is interrupted on the way, a first sync is put back whole; a later one puts its files back, and
 * the next sync runs make again.
 */
export async function sync(request: SyncRequest): Promise<SyncReport> {
	const { target, progress, makeVariables: own = {} } = request;
	const tree = readTree(request.tree, request.output);
	requirePlainTree(tree);
	requireCleanSource(tree);
	const facts = await readPlanFacts(target);
	const toolchain = await obtainToolchain(
		{
			compiler: target.compiler?.value ?? null,
			arch: target.arch?.value ?? null,
			config: parseConfig(facts.config.text),
			makefile: tree.makefile,
			cc: request.cc ?? own.CC,
			crossCompile: request.crossCompile ?? own.CROSS_COMPILE,
			archFlag: request.arch ?? own.ARCH,
		},
		// A dry run brings nothing: it plans with what is here and kept.
		request.dryRun
			? { mode: request.toolchain === "host" ? "host" : "auto", progress }
			: { mode: request.toolchain, confirm: request.confirm, progress, signal: request.signal },
	);
	const { variables, cures, warnings: settled } = settle(request, tree, facts, toolchain);
	const options: PlanOptions = {
		makefile: request.makefile ?? "auto",
		until: request.until ?? "modules_prepare",
		make: request.make ?? true,
		variables,
		environment: toolchain.environment,
		path: toolchain.path,
	};
	const plan = planFor(tree, facts, options, cures);
	const warnings = [...plan.warnings, ...toolchain.warnings, ...settled];
	for (const warning of warnings) progress.warn(warning);
	const { spec = {} } = request;
	const report = { strategy: plan.strategy, reason: plan.reason, plan: plan.actions, cures, warnings, spec };
	if (request.dryRun) return { ...report, stages: [], drift: [], kept: [], applied: false, verify: null };
	const applied = plan.actions.some(({ changed }) => changed);
	const { stages, drift, kept } = applied
		? await applyPlan(request, { tree, facts, options, plan, cures })
		: { stages: [], drift: drifted(target, tree, facts), kept: [] };
	progress.step("verify", tree.output);
	const { output } = request;
	const proof = { mode: request.proof ?? "auto", keep: true };
	const { signal } = request;
	const after = { fetched: request.toolchain === "fetch" };
	const verified = await verify({ tree: tree.path, output, target, spec, proof, after, progress, signal });
	return { ...report, stages, drift, kept, applied, verify: verified };
}

function planFor(tree: Tree, facts: PlanFacts, options: PlanOptions, cures: Cured[]): Plan {
	return makePlan({
		tree,
		facts,
		options,
		cures,
		record: readJournal(tree.output)?.record ?? null,
		read: (path) => (existsSync(path) ? readRegular(path, { within: tree.output }) : null),
		exists: existsSync,
		digest: sha256,
	});
}

/** kbuild refuses O= when the source tree itself was built in (Makefile, `outputmakefile`). */
function requireCleanSource({ path, output }: Tree): void {
	if (path === output) return;
	const left = [".config", "include/config", "include/generated"].find((inner) =>
		existsSync(join(path, inner)),
	);
	if (left === undefined) return;
	throw new KprepError(
		"busy",
		"source-not-clean",
		"with -O the source tree must be clean, and this one was built in",
		{
			found: join(path, left),
			suggestions: [
				remedyFor("tree-not-clean", { path }),
				`kprep undo ${quoted(path)}`,
				`make -C ${quoted(path)} mrproper`,
			],
		},
	);
}
