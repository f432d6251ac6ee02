import { dirname } from "node:path";
import { KprepError } from "../../errors.ts";
import type { ManyProgress } from "../../host/progress.ts";
import type { ProjectTarget } from "../../kernel/project/targets.ts";
import type { Cell, MatrixDocument, MatrixTarget } from "../../report/matrix/document.ts";
import type { ToolchainMode } from "../toolchain/obtain.ts";
import { bootCells } from "./boot.ts";
import { runCell } from "./cell.ts";
import { type MatrixModule, modulesNamed } from "./modules.ts";
import { JobShare, Once, pooled } from "./pool.ts";
import { failureOf, prepareTarget, type Shared } from "./prepare.ts";
import { recorded, StageFailure } from "./stage.ts";
import { readProject } from "./targets-file.ts";

export interface MatrixRequest {
	/** Folders of modules, and .ko files. Empty: the targets are only made ready (`prepare`). */
	what: readonly string[];
	/** The targets file; undefined: found upwards from the first of `what`, else from the working folder. */
	targets?: string | undefined;
	/** Load what came out on each target's own image. */
	boot: boolean;
	/** Only make the targets ready: kernels, toolchains, sources, trees. */
	prepare: boolean;
	toolchain: ToolchainMode;
	/** Jobs of all makes together. */
	jobs: number;
	progress: ManyProgress;
	signal?: AbortSignal | undefined;
}

/**
 * Builds (or only checks) modules for every target of a project. What fails fails in its cells; thrown are usage errors, a
 * missing targets file, and an interruption, after which every tree is as a rerun needs it.
 */
export async function runMatrix(request: MatrixRequest): Promise<MatrixDocument> {
	const started = Date.now();
	const { signal, progress, prepare } = request;
	const modules = prepare ? [] : modulesNamed(request.what);
	if (!prepare && modules.length === 0)
		throw new KprepError("usage", "no-module", "no module is named", {
			suggestions: ["kprep matrix FOLDER-OR-KO...", "kprep matrix --prepare makes the targets ready only"],
		});
	const [first] = modules;
	const start = first === undefined ? process.cwd() : first.kind === "ko" ? dirname(first.path) : first.path;
	const project = readProject(start, request.targets);
	const shared: Shared = {
		...{ jobs: new JobShare(request.jobs), once: new Once(), toolchain: request.toolchain, signal },
	};
	const rows = await pooled(project.targets, Math.max(2, Math.floor(request.jobs / 2)), (section) =>
		runTarget(section, modules, request, shared, progress),
	);
	return {
		modules,
		targets: rows.map(({ target }) => target),
		cells: rows.flatMap(({ cells }) => cells),
		seconds: (Date.now() - started) / 1000,
	};
}

async function runTarget(
	section: ProjectTarget,
	modules: readonly MatrixModule[],
	{ boot, prepare }: MatrixRequest,
	shared: Shared,
	many: ManyProgress,
): Promise<{ target: MatrixTarget; cells: Cell[] }> {
	const started = Date.now();
	const row = many.row(section.name);
	const { progress, lines } = recorded(row);
	const target = blank(section);
	const cells: Cell[] = [];
	try {
		const build = prepare || modules.some(({ kind }) => kind === "folder");
		const ready = await prepareTarget(section, target, build, shared, progress);
		target.seconds = (Date.now() - started) / 1000;
		for (const module of modules) {
			const begun = Date.now();
			const own = recorded(row);
			const outcome = await runCell(module, ready, shared, own.progress);
			cells.push({
				...{ target: section.name, module: module.name, ...outcome, kept: false, boot: null },
				...{ seconds: (Date.now() - begun) / 1000, log: own.lines() },
			});
		}
		if (boot) await bootCells(cells, ready, shared, progress);
	} catch (error) {
		if (!(error instanceof StageFailure)) throw error;
		target.seconds = (Date.now() - started) / 1000;
		target.failed = failureOf(error, target);
		const { stage, message, diagnosis } = target.failed;
		for (const { name } of modules)
			cells.push({
				...{ target: section.name, module: name, stage, verdict: "failed", errno: null, message, diagnosis },
				...{ seconds: target.seconds, kept: false, modules: [], boot: null, log: lines() },
			});
	}
	await row.done();
	return { target, cells };
}

function blank({ name, target, sysroot, config }: ProjectTarget): MatrixTarget {
	return {
		...{ name, spec: { target, sysroot, config }, release: null, exact: null, source: null, output: null },
		...{ verify: null, toolchain: null, drift: [], seconds: 0, failed: null },
	};
}
