import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groupIsAlive, markOf, type ProcessMark } from "./process-mark.ts";

const NAME = "running.json";

/** Notes in `folder` that this process group is at work there, so that whoever comes after a kill -9 of kprep can stop it. */
export function noteRunning(folder: string, pid: number): void {
	writeFileSync(join(folder, NAME), JSON.stringify(markOf(pid)));
}

/** Takes the note away again. */
export function forgetRunning(folder: string): void {
	rmSync(join(folder, NAME), { force: true });
}

/** Kills what a killed kprep left running by the note in `folder`, and waits until it is gone. The caller holds the lock. */
export async function stopLeftover(folder: string): Promise<void> {
	const leader = read(join(folder, NAME));
	for (let round = 0; leader !== null && groupIsAlive(leader) && round < 250; round++) {
		try {
			process.kill(-leader.pid, "SIGKILL");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
		}
		await sleep(20);
	}
	forgetRunning(folder);
}

function read(path: string): ProcessMark | null {
	try {
		return JSON.parse(readFileSync(path, "utf8")) as ProcessMark;
	} catch {
		return null;
	}
}
