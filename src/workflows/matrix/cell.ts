import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { alone } from "../../host/files/waiting.ts";
import type { Progress } from "../../host/progress.ts";
import type { CheckedModule } from "../../kernel/loader/verdict.ts";
import type { Cell, CellModule } from "../../report/matrix/document.ts";
import { copySources } from "../build/copy.ts";
import { buildModule } from "../build/index.ts";
import { checkModules } from "../check/index.ts";
import { causeOf, causeOfVerdict } from "./cause.ts";
import type { MatrixModule } from "./modules.ts";
import { copyPlace, lockPlace } from "./place.ts";
import { buildFacts, type Ready, type Shared } from "./prepare.ts";
import { copyRoot } from "./sources.ts";
import { atStage, StageFailure } from "./stage.ts";

/** The outcome of one module on one target: everything of a cell but its log and time. */
export type Outcome = Pick<Cell, "stage" | "verdict" | "errno" | "message" | "diagnosis" | "modules">;

/**
 * Builds a module's folder in a copy and checks what came out, or checks a .ko. A failure is an outcome; only an
 * interruption is thrown.
 */
export async function runCell(
	module: MatrixModule,
	ready: Ready,
	shared: Shared,
	progress: Progress,
): Promise<Outcome> {
	const { signal } = shared;
	try {
		const modules =
			module.kind === "ko" || ready.tree === null
				? await atStage(
						"check",
						signal,
						async () => (await checkModules([module.path], ready.spec, progress)).modules,
					)
				: await built(module, ready, shared, progress);
		return judged(modules);
	} catch (error) {
		if (!(error instanceof StageFailure)) throw error;
		return failed(error, ready);
	}
}

async function built(
	{ path }: MatrixModule,
	{ tree, spec }: Ready,
	{ jobs, signal, targetsFile }: Shared,
	progress: Progress,
): Promise<CheckedModule[]> {
	const { path: srctree, output } = tree as NonNullable<Ready["tree"]>;
	const copy = copyPlace(path, output);
	const root = copyRoot(path, targetsFile);
	return alone(lockPlace(copy), { progress, signal }, () =>
		atStage("build", signal, async () => {
			if (existsSync(copy)) rmSync(copy, { recursive: true });
			mkdirSync(dirname(copy), { recursive: true });
			await copySources(root, copy);
			const document = await jobs.with((share) =>
				buildModule({
					...{
						folder: join(copy, relative(root, path)),
						isCopy: true,
						tree: srctree,
						output,
						target: spec,
						words: [],
						jobs: share,
					},
					...{ progress, signal },
				}),
			);
			return document.modules;
		}),
	);
}

/** The cell of a target that could not be made ready, or whose build failed. */
function failed({ stage, error }: StageFailure, ready: Ready): Outcome {
	const [message = ""] = error.message.split("\n");
	return {
		...{ stage, verdict: "failed", errno: null, message, modules: [] },
		diagnosis: causeOf(error, buildFacts(ready)),
	};
}

const WORST = ["refused", "unsafe", "unknown", "loads"] as const;

/** The worst verdict of the modules, and the first module with it. */
function judged(checked: CheckedModule[]): Outcome {
	const worst = WORST.find((word) => checked.some(({ verdict }) => verdict === word)) ?? "unknown";
	const first = checked.find(({ verdict }) => verdict === worst);
	return {
		stage: "check",
		verdict: worst,
		errno: first?.errno ?? null,
		message: first?.message ?? null,
		diagnosis: first === undefined ? null : causeOfVerdict(first),
		modules: checked.map(
			({ name, path, verdict, errno, message }): CellModule => ({ name, path, verdict, errno, message }),
		),
	};
}
