import type { Progress } from "../../host/progress.ts";
import { leftUnasked, takenByLoader } from "../../kernel/loader/verdict.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
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
			const answers = cell.modules.flatMap(({ path }) => said[paths.indexOf(path)] ?? []);
			Object.assign(cell, withBoot(cell, answers));
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

/** The cell with the kernel's answers to its modules; where it could not ask the loader, the prediction stands. */
export function withBoot(cell: Cell, answers: readonly BootResult[]): Cell {
	const refused = answers.find((one) => !takenByLoader(one) && !leftUnasked(one));
	const answer = refused ?? answers.find(({ loaded }) => !loaded) ?? answers[0];
	if (answer === undefined) return { ...cell, stage: "boot" };
	const { loaded, stage, errno, accelerator, seconds, log } = answer;
	const booted: Cell = {
		...cell,
		...{ stage: "boot", boot: { loaded, stage, errno, accelerator, seconds, log } },
	};
	if (refused !== undefined && cell.verdict !== "refused")
		return { ...booted, verdict: "refused", errno, message: causeIn(log) ?? "the kernel went down with it" };
	// Loading is not safety: an unsafe module stays one.
	if (answers.every(takenByLoader) && ["refused", "unknown"].includes(cell.verdict))
		return { ...booted, verdict: "loads", errno: null, message: null, diagnosis: null };
	return booted;
}

/** The first line that is more than a note about taint, which stands before the refusal of most modules. */
function causeIn(log: readonly string[]): string | undefined {
	return log.find((line) => !/\btaint(?:s|ing) kernel/i.test(line)) ?? log[0];
}
