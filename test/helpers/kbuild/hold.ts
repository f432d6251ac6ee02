import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groupIsAlive, isAlive, markOf, type ProcessMark } from "../../../src/host/process/process-mark.ts";

/** For a tree's scripts/hook: notes every stage in HOOK_LOG, and waits in the stage HOLD_AT for as long as HOLD exists. */
export const HOLDING = `test -z "$HOOK_LOG" || echo "$1" >> "$HOOK_LOG"
if test "$1" = "$HOLD_AT"; then
	echo $$ > "$HOLD.pid.new" && mv "$HOLD.pid.new" "$HOLD.pid"
	while test -e "$HOLD"; do sleep 0.02; done
	echo "past $1" >> "$HOOK_LOG"
fi`;

/** Stops a make in one stage, so that tests can do something to kprep meanwhile. */
export class Hold {
	readonly env: Record<string, string>;
	readonly #file: string;
	readonly #log: string;

	constructor(folder: string, stage: string) {
		this.#file = join(folder, `hold-${stage}`);
		this.#log = join(folder, `log-${stage}`);
		writeFileSync(this.#file, "");
		writeFileSync(this.#log, "");
		this.env = { HOLD: this.#file, HOLD_AT: stage, HOOK_LOG: this.#log };
	}

	/** The shell that waits, once the stage is reached. */
	async reached(): Promise<ProcessMark> {
		for (let round = 0; round < 2500; round++) {
			if (existsSync(`${this.#file}.pid`)) return markOf(Number(readFileSync(`${this.#file}.pid`, "utf8")));
			await sleep(20);
		}
		throw new Error("make never got to the stage");
	}

	/** Waits for the same in another PID namespace, where the shell's number says nothing here. */
	async reachedIn(): Promise<void> {
		for (let round = 0; round < 2500 && !existsSync(`${this.#file}.pid`); round++) await sleep(20);
		if (!existsSync(`${this.#file}.pid`)) throw new Error("make never got to the stage");
	}

	/** The same, or null when `end` comes first: make was gone before the shell could say that it waits. */
	async reachedBefore(end: Promise<unknown>): Promise<ProcessMark | null> {
		let ended = false;
		const watch = () => {
			ended = true;
		};
		end.then(watch, watch);
		while (!ended && !existsSync(`${this.#file}.pid`)) await sleep(20);
		return existsSync(`${this.#file}.pid`) ? this.reached() : null;
	}

	release(): void {
		rmSync(this.#file, { force: true });
	}

	/** Stages begun, and "past STAGE" when the hold was over and the shell still lived. */
	stages(): string[] {
		return readFileSync(this.#log, "utf8").split("\n").filter(Boolean);
	}
}

/** Whether a process, or its group, is gone within five seconds. */
export async function isGone(mark: ProcessMark): Promise<boolean> {
	for (let round = 0; round < 250; round++) {
		if (!isAlive(mark) && !groupIsAlive(mark)) return true;
		await sleep(20);
	}
	return false;
}
