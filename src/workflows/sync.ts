import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../errors.ts";
import type { Progress } from "../host/progress.ts";
import { chooseToolchain } from "../host/toolchain.ts";
import { parseConfig } from "../kernel/config.ts";
import { type Drift, isFatal } from "../kernel/drift.ts";
import { remedyFor } from "../kernel/failures/catalogue.ts";
import { settingWords } from "../kernel/kbuild/settings.ts";
import type { StageTime, SyncReport } from "../report/sync-report.ts";
import type { TargetSpec } from "../target/subject.ts";
import type { Target } from "../target/target.ts";
import { openSession } from "../tree/apply.ts";
import { driftOf } from "../tree/drift.ts";
import { readJournal } from "../tree/journal.ts";
import type {
	MakeAction,
	Plan,
	PlanFacts,
	PlanOptions,
	Stage,
	SyncRecord,
	WriteAction,
} from "../tree/plan/action.ts";
import { makePlan } from "../tree/plan/plan.ts";
import { seedVariables } from "../tree/plan/seed.ts";
import { readTree, textOf } from "../tree/read.ts";
import type { Tree } from "../tree/tree.ts";
import { readPlanFacts } from "./sync-facts.ts";
import { runStage } from "./sync-make.ts";
import { verify } from "./verify.ts";

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
	/** Go on where options were lost that change the ABI. */
	force?: boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Makes a tree ready for the target: reads, plans, applies, runs make, compares the configuration, verifies. When
 * something fails or is interrupted on the way, a first sync is put back whole; a later one puts its files back, and
 * the next sync runs make again.
 */
export async function sync(request: SyncRequest): Promise<SyncReport> {
	const { target, progress } = request;
	const tree = readTree(request.tree, request.output);
	requireCleanSource(tree);
	const facts = await readPlanFacts(target);
	const toolchain = chooseToolchain({
		compiler: target.compiler?.value ?? null,
		arch: target.arch?.value ?? null,
		config: parseConfig(facts.config.text),
		cc: request.cc,
		crossCompile: request.crossCompile,
		archFlag: request.arch,
	});
	const options: PlanOptions = {
		makefile: request.makefile ?? "auto",
		until: request.until ?? "modules_prepare",
		make: request.make ?? true,
		variables: { ...toolchain.variables, ...seedVariables(facts, tree.path, existsSync) },
	};
	const plan = planFor(tree, facts, options);
	const warnings = [...plan.warnings, ...toolchain.warnings];
	for (const warning of warnings) progress.warn(warning);
	const { spec = {} } = request;
	const report = { strategy: plan.strategy, reason: plan.reason, plan: plan.actions, warnings, spec };
	if (request.dryRun) return { ...report, stages: [], drift: [], applied: false, verify: null };
	const applied = plan.actions.some(({ changed }) => changed);
	const { stages, drift } = applied
		? await apply(request, { tree, facts, options, plan })
		: { stages: [], drift: drifted(request, tree, facts) };
	progress.step("verify", tree.output);
	const { output } = request;
	const verified = await verify({ tree: tree.path, output, target, spec, progress });
	return { ...report, stages, drift, applied, verify: verified };
}

interface Planned {
	tree: Tree;
	facts: PlanFacts;
	options: PlanOptions;
	plan: Plan;
}

async function apply(
	request: SyncRequest,
	{ tree, facts, options, plan }: Planned,
): Promise<Pick<SyncReport, "stages" | "drift">> {
	const { progress, signal } = request;
	const writes = plan.actions.filter(
		(action): action is WriteAction => action.kind === "write" && action.changed,
	);
	const makes = plan.actions.filter(
		(action): action is MakeAction => action.kind === "make" && action.changed,
	);
	progress.step("write", tree.output);
	const session = await openSession(
		tree,
		writes.map(({ path }) => path),
		makes.length > 0,
	);
	try {
		signal?.throwIfAborted();
		await session.write(writes);
		let drift: Drift[] = [];
		const stages = await session.making(async (onStart) => {
			const times: StageTime[] = [];
			for (const action of makes) {
				const untilSplit = options.until === "split" && action.stage === "split";
				times.push(
					await runStage({
						action,
						tree,
						words: wordsOf(facts, options, plan),
						jobs: request.jobs,
						untilSplit,
						onStart,
						progress,
						signal,
					}),
				);
				if (action.stage === "config") drift = requireNoLoss(request, drifted(request, tree, facts));
			}
			return times;
		});
		const unsaved = await session.finish(recordOf(tree, facts, options, plan));
		for (const path of unsaved)
			progress.warn(`make changed ${path}, of which no copy was kept: undo cannot put it back`);
		return { stages, drift };
	} catch (error) {
		progress.step("put the tree back", tree.output);
		await session.rollBack();
		throw error;
	} finally {
		session.close();
	}
}

/** The settings of the tree's GNUmakefile, typed on the command line: with -O the source tree's Makefile does not see that file. */
function wordsOf({ release }: PlanFacts, { variables }: PlanOptions, { strategy }: Plan): string[] {
	return settingWords({ release: strategy === "pin" ? release : null, quietScm: true, variables });
}

function planFor(tree: Tree, facts: PlanFacts, options: PlanOptions): Plan {
	return makePlan({
		tree,
		facts,
		options,
		record: readJournal(tree.output)?.record ?? null,
		read: (path) => (existsSync(path) ? readFileSync(path) : null),
		exists: existsSync,
		digest,
	});
}

function recordOf(tree: Tree, facts: PlanFacts, options: PlanOptions, plan: Plan): SyncRecord {
	const given = plan.actions.find(
		(action): action is WriteAction => action.kind === "write" && action.id === "config",
	);
	return {
		release: facts.release,
		configGiven: digest(given?.content ?? ""),
		configLeft: digest(textOf(join(tree.output, ".config")) ?? ""),
		variables: options.variables,
		until: options.until,
		made: options.make,
	};
}

function drifted({ target }: SyncRequest, tree: Tree, facts: PlanFacts): Drift[] {
	const text = textOf(join(tree.output, ".config"));
	if (text === null) return [];
	return driftOf({
		srctree: tree.path,
		base: tree.base,
		arch: target.arch?.value ?? "x86",
		target: {
			config: parseConfig(facts.config.text),
			compiler: target.compiler?.value ?? null,
			version: facts.version,
		},
		config: parseConfig(text),
	});
}

/** Options that change structures and were lost because this machine lacks a tool stop the sync. */
function requireNoLoss({ force }: SyncRequest, drift: Drift[]): Drift[] {
	const lost = drift.filter(isFatal);
	if (lost.length === 0 || force) return drift;
	throw new KprepError(
		"missing",
		"config-lost",
		"the target's options would be lost, and structures laid out differently",
		{
			expected: lost.map(({ symbol, target }) => `CONFIG_${symbol}=${target}`).join(" "),
			found: lost
				.map(({ symbol, tree, cause }) => `CONFIG_${symbol}=${tree ?? "n"}${cause ? ` (${cause})` : ""}`)
				.join("; "),
			suggestions: ["kprep doctor --fix", "then the same command again (--force goes on without them)"],
		},
	);
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
			suggestions: [remedyFor("tree-not-clean", { path }), `kprep undo ${path}`, `make -C ${path} mrproper`],
		},
	);
}

function digest(content: string | Uint8Array): string {
	return createHash("sha256").update(content).digest("hex");
}
