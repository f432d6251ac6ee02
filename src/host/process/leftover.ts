import { readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { readRegular } from "../files/regular.ts";
import { groupIsAlive, living, markOf, membersOf } from "./process-mark.ts";

const NAME = "running.json";
const MOST_NOTE = 64 * 1024;

const leftoverSchema = v.object({
	pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
	start: v.string(),
	boot: v.string(),
	/** PID namespace; notes of earlier builds have none. */
	namespace: v.optional(v.string()),
});

/** Notes in `folder` that this process group is at work there, so that whoever comes after a kill -9 of kprep can stop it. */
export function noteRunning(folder: string, pid: number): void {
	const mark = { ...markOf(pid), namespace: namespaceOf("self") };
	writeFileSync(join(folder, NAME), JSON.stringify(mark), { mode: 0o644 });
}

/** Takes the note away again. */
export function forgetRunning(folder: string): void {
	rmSync(join(folder, NAME), { force: true });
}

/**
 * Kills what a killed kprep left running by the note in `folder`, and waits until it is gone: only a process group
 * whose every member belongs to this user and began as the note says. The caller holds the lock, and the folder is
 * its own. Throws "busy" when the group is in another PID namespace of this boot, where it cannot be seen.
 */
export async function stopLeftover(folder: string): Promise<void> {
	const path = join(folder, NAME);
	const leader = read(path);
	const here = namespaceOf("self");
	if (
		leader !== null &&
		leader.namespace !== undefined &&
		leader.namespace !== here &&
		leader.boot === markOf(1).boot &&
		!isGone(leader.namespace, here)
	)
		throw new KprepError(
			"busy",
			"make-elsewhere",
			"a killed kprep may have left make running in another container",
			{
				expected: `a process group of this PID namespace (${here})`,
				found: `process group ${leader.pid} of ${leader.namespace}`,
				where: path,
				suggestions: [`make sure that this container is gone, then: rm ${quoted(path)}`],
			},
		);
	for (let round = 0; leader !== null && groupIsAlive(leader) && round < 250; round++) {
		if (!isOurs(leader.pid)) break;
		try {
			process.kill(-leader.pid, "SIGKILL");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
		}
		await sleep(20);
	}
	forgetRunning(folder);
}

/** The first PID namespace of a boot, which sees the processes of all others (linux/proc_ns.h, PROC_PID_INIT_INO). */
const FIRST = "pid:[4026531836]";

/** Whether a namespace can be shown to have no process of this user any more. */
function isGone(namespace: string, here: string): boolean {
	return here === FIRST && !living().some((pid) => namespaceOf(pid) === namespace);
}

/** Root may signal everybody's processes: a number in a note is not enough. */
function isOurs(group: number): boolean {
	return membersOf(group).every((pid) => {
		const status = statSync(`/proc/${pid}`, { throwIfNoEntry: false });
		// Ended meanwhile: nobody's any more.
		return status === undefined || status.uid === process.geteuid?.();
	});
}

function namespaceOf(pid: number | "self"): string {
	try {
		return readlinkSync(`/proc/${pid}/ns/pid`);
	} catch {
		return "";
	}
}

function read(path: string): v.InferOutput<typeof leftoverSchema> | null {
	try {
		return v.parse(
			leftoverSchema,
			JSON.parse(readRegular(path, { limit: MOST_NOTE, within: dirname(path) }).toString("utf8")),
		);
	} catch {
		return null;
	}
}
