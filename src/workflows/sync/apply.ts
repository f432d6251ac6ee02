import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import type { Progress } from "../../host/progress.ts";
import type { JudgedDrift } from "../../kernel/config/judge.ts";
import { settingEnvironment, settingWords } from "../../kernel/kbuild/settings.ts";
import type { StageTime, SyncReport } from "../../report/sync/sync-report.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import type {
	MakeAction,
	Plan,
	PlanFacts,
	PlanOptions,
	SyncRecord,
	WriteAction,
} from "../../tree/plan/action.ts";
import type { Cured } from "../../tree/plan/cures/cure.ts";
import { textOf } from "../../tree/read.ts";
import { openSession } from "../../tree/session/index.ts";
import type { Tree } from "../../tree/tree.ts";
import { drifted, requireNoLoss } from "./drift.ts";
import { runStage } from "./make.ts";
import { type StoredRequest, storedPreparation } from "./stored.ts";

/** A plan, and what it was made of. */
export interface Planned {
	tree: Tree;
	facts: PlanFacts;
	options: PlanOptions;
	plan: Plan;
	cures: readonly Cured[];
}

/** How the plan is carried out: the part of a sync's request that this step needs. */
export interface ApplyRequest {
	target: Target;
	jobs: number;
	/** How the user named the target. */
	spec?: TargetSpec | undefined;
	/** Go on where options were lost that change the ABI. */
	force?: boolean | undefined;
	/** Places of prepared objtrees that are only read, besides the user's own; null: no store at all. */
	stores?: readonly string[] | null | undefined;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Writes the plan's files and runs its makes in one session; when any of it fails or is aborted the tree is put back and
 * the error thrown on.
 */
export async function applyPlan(
	request: ApplyRequest,
	{ tree, facts, options, plan, cures }: Planned,
): Promise<Pick<SyncReport, "stages" | "drift" | "kept">> {
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
		let drift: JudgedDrift[] = [];
		const words = wordsOf(facts, options, plan);
		const loss = { release: facts.release, spec: request.spec ?? {} };
		const { stores = [] } = request;
		const stored =
			session.fresh && stores !== null
				? storedPreparation({
						...{ ...storedFacts(request, plan, options), stores, tree, makes, words },
						files: tree.path === tree.output ? session.filesBefore() : undefined,
					})
				: null;
		const stages = await session.making(async ({ onStart, onNamed, onPut }) => {
			const restored = (await stored?.restore(onPut)) ?? null;
			if (restored !== null) {
				drift = drifted(request.target, tree, facts);
				if (!request.force) requireNoLoss(drift, loss);
				return [restored];
			}
			await stored?.seed(onPut);
			const times: StageTime[] = [];
			for (const action of makes) {
				const untilSplit = options.until === "split" && action.stage === "split";
				times.push(
					await runStage({
						action,
						tree,
						arch: request.target.arch?.value ?? "x86",
						words,
						env: settingEnvironment(options, process.env.PATH ?? ""),
						jobs: request.jobs,
						untilSplit,
						onStart,
						onNamed,
						progress,
						signal,
					}),
				);
				if (action.stage !== "config") continue;
				drift = drifted(request.target, tree, facts);
				if (!request.force) requireNoLoss(drift, loss);
			}
			return times;
		});
		const { unsaved, kept } = await session.finish(recordOf({ tree, facts, options, plan, cures }));
		for (const path of unsaved)
			progress.warn(`${path} changed while make ran, and no copy was kept: undo cannot put it back`);
		for (const path of kept) progress.warn(`what you had changed since the last sync is kept as ${path}`);
		if (unsaved.length === 0 && !stages.some(({ name }) => name === "restore")) stored?.keep(session.made());
		return { stages, drift, kept };
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

function storedFacts(
	{ target, progress }: ApplyRequest,
	plan: Plan,
	{ environment = {}, path = [] }: PlanOptions,
): Pick<StoredRequest, "arch" | "writes" | "environment" | "progress"> {
	const writes = plan.actions.filter((action): action is WriteAction => action.kind === "write");
	const first = path.length === 0 ? {} : { PATH: path.join(":") };
	return {
		arch: target.arch?.value ?? null,
		writes,
		environment: { ...environment, ...first },
		progress,
	};
}

function recordOf({ tree, facts, options, plan, cures }: Planned): SyncRecord {
	const given = plan.actions.find(
		(action): action is WriteAction => action.kind === "write" && action.id === "config",
	);
	return {
		release: facts.release,
		configGiven: sha256(given?.content ?? ""),
		configLeft: sha256(textOf(join(tree.output, ".config")) ?? ""),
		variables: options.variables,
		...(options.environment === undefined ? {} : { environment: options.environment }),
		...(options.path === undefined ? {} : { path: options.path }),
		until: options.until,
		made: options.make,
		...(cures.length === 0 ? {} : { cures: cures.map(({ id }) => id) }),
	};
}
