import { dirname, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import type { ManyProgress } from "../../host/progress.ts";
import type { MatrixDocument } from "../../report/matrix/document.ts";
import type { ToolchainMode } from "../toolchain/obtain.ts";
import type { Engine } from "./engine/engine.ts";
import { localEngine } from "./engine/local.ts";
import { LockFile, type LockMode, lockPathOf } from "./lock-file.ts";
import { modulesNamed } from "./modules.ts";
import { JobShare, Once } from "./pool.ts";
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
	lock: LockMode;
	/** Bring nothing that is not kept. */
	offline: boolean;
	toolchain: ToolchainMode;
	/** As of sync. */
	stores?: readonly string[] | null;
	/** Files that are written beside the sources, such as reports: they are no sources. */
	reports?: string[];
	/** Names of the sections to work on; undefined: all of them. */
	only?: readonly string[] | undefined;
	/** Who does the work; undefined: this machine. */
	engine?: Engine | undefined;
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
	const { progress, prepare } = request;
	const modules = prepare ? [] : modulesNamed(request.what);
	if (!prepare && modules.length === 0)
		throw new KprepError("usage", "no-module", "no module is named", {
			suggestions: ["kprep matrix FOLDER-OR-KO...", "kprep matrix --prepare makes the targets ready only"],
		});
	const [first] = modules;
	const start = first === undefined ? process.cwd() : first.kind === "ko" ? dirname(first.path) : first.path;
	const project = readProject(start, request.targets);
	const lock = new LockFile(project.file, request.lock);
	const names = project.targets.map(({ name }) => name);
	const stranger = request.only?.find((name) => !names.includes(name));
	if (stranger !== undefined)
		throw new KprepError("usage", "no-such-target", `${project.file} has no [${stranger}]`, {
			expected: names.join(", "),
		});
	const sections = project.targets.flatMap((section, at) => {
		if (request.only !== undefined && !request.only.includes(section.name)) return [];
		const written = project.written[at] ?? section;
		return [{ section, written, entry: lock.entry(section.name, written) }];
	});
	const shared = {
		...{ jobs: new JobShare(request.jobs), once: new Once(), targetsFile: project.file, lock },
		...{
			toolchain: request.toolchain,
			stores: request.stores,
			offline: request.offline,
			signal: request.signal,
		},
		...{ boot: request.boot, prepare, modules },
		left: new Set([lockPathOf(project.file), ...(request.reports ?? []).map((path) => resolve(path))]),
	};
	progress.begin(sections.map(({ section }) => section.name));
	const engine = request.engine ?? localEngine(Math.max(2, Math.floor(request.jobs / 2)));
	const rows = await engine.rows(sections, shared, progress);
	await lock.save(names);
	return {
		modules,
		targets: rows.map(({ target }) => target),
		cells: rows.flatMap(({ cells }) => cells),
		seconds: (Date.now() - started) / 1000,
	};
}
