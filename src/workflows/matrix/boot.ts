import type { Progress } from "../../host/progress.ts";
import type { Cell } from "../../report/matrix/document.ts";
import { bootModules } from "../boot/modules.ts";
import { causeOf } from "./cause.ts";
import type { Ready, Shared } from "./prepare.ts";
import { atStage, StageFailure } from "./stage.ts";

/**
 * Boots the target's image once and loads what its cells made; what the kernel says stands above the prediction. Where it
 * cannot be booted, the cells fail at this stage and keep their modules.
 */
export async function bootCells(
	cells: Cell[],
	{ target }: Ready,
	{ once, signal }: Shared,
	progress: Progress,
): Promise<void> {
	const made = cells.filter(({ modules }) => modules.length > 0);
	const paths = made.flatMap(({ modules }) => modules.map(({ path }) => path));
	if (paths.length === 0) return;
	try {
		const said = await atStage("boot", signal, () =>
			once.do(`boot ${paths.join("\0")}`, () => bootModules({ paths, target, progress, signal })),
		);
		for (const cell of made) {
			cell.stage = "boot";
			const answers = cell.modules.map(({ path }) => said[paths.indexOf(path)]);
			const no = answers.findIndex((answer) => answer?.loaded === false);
			const answer = answers[Math.max(no, 0)];
			if (answer === undefined) continue;
			const { loaded, accelerator, seconds, log } = answer;
			cell.boot = { loaded, accelerator, seconds, log };
			if (!loaded && cell.verdict !== "refused") {
				cell.verdict = "refused";
				cell.errno = answer.errno;
				cell.message = log[0] ?? "the kernel went down with it";
			}
			// Loading is not safety: an unsafe module stays one.
			else if (loaded && ["refused", "unknown"].includes(cell.verdict)) {
				cell.verdict = "loads";
				cell.errno = null;
				cell.message = null;
				cell.diagnosis = null;
			}
		}
	} catch (error) {
		if (!(error instanceof StageFailure)) throw error;
		for (const cell of made) {
			cell.stage = "boot";
			cell.verdict = "failed";
			cell.message = error.error.message.split("\n")[0] ?? "";
			cell.diagnosis = causeOf(error.error);
		}
	}
}
