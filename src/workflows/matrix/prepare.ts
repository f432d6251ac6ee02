import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { fileMark } from "../../host/files/mark.ts";
import { alone } from "../../host/files/waiting.ts";
import type { Progress } from "../../host/progress.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import type { ProjectTarget } from "../../kernel/project/targets.ts";
import type { MatrixTarget, Stage } from "../../report/matrix/document.ts";
import { resolveTarget } from "../../target/resolve.ts";
import { bringTarget } from "../../target/schemes/index.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { readTree, textOf } from "../../tree/read.ts";
import type { BuildFacts } from "../explain/make.ts";
import { sync } from "../sync/index.ts";
import { obtainToolchain, type ToolchainMode } from "../toolchain/obtain.ts";
import { causeOf } from "./cause.ts";
import { lockPlace, objtreePlace } from "./place.ts";
import type { JobShare, Once } from "./pool.ts";
import { sourceFor } from "./source.ts";
import { atStage, type StageFailure } from "./stage.ts";

/** What all targets of a run share. */
export interface Shared {
	/** Path of the targets file. */
	targetsFile: string;
	jobs: JobShare;
	once: Once;
	/** For targets whose section says nothing else. */
	toolchain: ToolchainMode;
	/** As of sync. */
	stores?: readonly string[] | null | undefined;
	/** Bring nothing that is not kept. */
	offline: boolean;
	signal?: AbortSignal | undefined;
}

/** A target that is there, and, where modules are built for it, its tree. */
export interface Ready {
	section: ProjectTarget;
	spec: TargetSpec;
	target: Target;
	/** null: nothing is to be built. */
	tree: { path: string; output: string } | null;
	/** Programs that compile for it, or folders of kept ones. */
	compilers: string[];
}

/** Called when the kernel itself is found, before anything is made for it. */
export type OnTarget = (target: Target) => Promise<void>;

/**
 * Makes one target ready, as far as `build` wants it: the kernel's files, its toolchain, its source, a synced objtree. What
 * is found out on the way is written into `row`. Throws StageFailure.
 */
export async function prepareTarget(
	section: ProjectTarget,
	row: MatrixTarget,
	build: boolean,
	shared: Shared,
	progress: Progress,
	onTarget: OnTarget = async () => {},
): Promise<Ready> {
	const { signal } = shared;
	const { spec, target } = await atStage("target", signal, async () => {
		const found = await findTarget(section, row, shared.offline, progress);
		await onTarget(found.target);
		return found;
	});
	if (!build) return { section, spec, target, tree: null, compilers: [] };
	const mode = section.toolchain ?? shared.toolchain;
	const config = target.config === null ? null : new TextDecoder().decode(await target.config.read());
	const compilers = await atStage("toolchain", signal, () =>
		shared.jobs.with(() => toolchainFor(target, config, mode, row, shared, progress)),
	);
	const source = await atStage("source", signal, () =>
		sourceFor({ source: section.source, spec, target, offline: shared.offline, progress, signal }),
	);
	row.source = { tree: source.tree, from: source.from, version: source.version };
	const own = source.config !== null && spec.config === undefined ? { ...spec, config: source.config } : spec;
	const meant = own === spec ? target : await atStage("target", signal, () => resolveTarget(own, progress));
	const output = objtreePlace(target.release?.value ?? "unknown", [
		source.tree,
		target.arch?.value ?? null,
		config === null ? source.config : sha256(config),
		target.symvers === null ? null : fileMark(target.symvers.source.path),
		mode,
	]);
	row.output = output;
	await atStage("sync", signal, () =>
		shared.once
			.do(output, () =>
				alone(lockPlace(output), { progress, signal }, () =>
					shared.jobs.with(async (jobs) => {
						const report = await sync({
							...{
								tree: source.tree,
								output,
								target: meant,
								spec: own,
								jobs,
								toolchain: mode,
								stores: shared.stores,
								progress,
								signal,
							},
						});
						return report;
					}),
				),
			)
			.then((report) => {
				row.verify = report.verify?.verdict ?? null;
				row.drift = report.drift.map(({ symbol, target: theirs, tree, cause }) => ({
					...{ symbol, target: theirs ?? "n", tree, cause },
				}));
			}),
	);
	return { section, spec: own, target: meant, tree: { path: source.tree, output }, compilers };
}

async function findTarget(
	{ target: named, sysroot, config }: ProjectTarget,
	row: MatrixTarget,
	offline: boolean,
	progress: Progress,
): Promise<{ spec: TargetSpec; target: Target }> {
	const asked: TargetSpec = { target: named, sysroot, config };
	progress.step("target", named ?? sysroot ?? "the running kernel");
	const brought = await bringTarget(asked, progress, offline);
	const spec: TargetSpec =
		brought === null ? asked : { target: brought.target, sysroot: brought.sysroot, config };
	const target = await resolveTarget(spec, progress);
	row.release = target.release?.value ?? null;
	row.exact = brought?.exact ?? named ?? null;
	return { spec, target };
}

/** Brought and tried before the source is fetched: without a compiler all else is in vain. */
async function toolchainFor(
	target: Target,
	config: string | null,
	mode: ToolchainMode,
	row: MatrixTarget,
	{ signal, offline }: Shared,
	progress: Progress,
): Promise<string[]> {
	const toolchain = await obtainToolchain(
		{
			compiler: target.compiler?.value ?? null,
			arch: target.arch?.value ?? null,
			config: parseConfig(config ?? ""),
		},
		{ mode: offline && mode === "fetch" ? "auto" : mode, progress, signal },
	);
	row.toolchain = toolchain.text;
	return toolchain.parts.flatMap(({ program, kept }) => kept?.folder ?? program ?? []);
}

/** What a failure says of a target, for its row and its cells. */
export function failureOf(failure: StageFailure, row: MatrixTarget): NonNullable<MatrixTarget["failed"]> {
	const [message = ""] = failure.error.message.split("\n");
	return { stage: failure.stage, message, diagnosis: causeOf(failure.error, factsOf(row, failure.stage)) };
}

function factsOf({ release, output }: MatrixTarget, stage: Stage): BuildFacts | undefined {
	if (stage !== "sync" || output === null) return undefined;
	return { release, config: textOf(join(output, ".config")), arch: null, tree: output };
}

/** The facts for the explanation of a module's build. */
export function buildFacts({ target, tree }: Ready): BuildFacts | undefined {
	if (tree === null) return undefined;
	const read = readTree(tree.path, tree.output);
	return {
		...{ release: target.release?.value ?? null, config: read.config?.text ?? null },
		...{ arch: target.arch?.value ?? null, tree: tree.output },
	};
}
