import { readdirSync, readFileSync } from "node:fs";

/** A process, told apart from another one that gets the same number later. */
export interface ProcessMark {
	pid: number;
	/** Start time in clock ticks since boot (proc_pid_stat(5), field 22). */
	start: string;
	boot: string;
}

/** The mark of a process; `start` is "" when there is no such process. */
export function markOf(pid: number): ProcessMark {
	return { pid, start: startOf(pid) ?? "", boot: bootId() };
}

/** Whether that very process still runs; a zombie does not. */
export function isAlive({ pid, start, boot }: ProcessMark): boolean {
	return boot === bootId() && Number.isInteger(pid) && pid > 0 && startOf(pid) === start;
}

/**
 * Whether the process group that this process led still has members. A number stays taken while a group of it is
 * there, so another process under that number means that the group is gone.
 */
export function groupIsAlive(leader: ProcessMark): boolean {
	if (leader.boot !== bootId() || !Number.isInteger(leader.pid) || leader.pid <= 1) return false;
	const start = startOf(leader.pid);
	if (start !== null && start !== leader.start) return false;
	return membersOf(leader.pid).length > 0;
}

/** The living processes of a process group. */
export function membersOf(group: number): number[] {
	return living((fields) => fields[2] === String(group));
}

/** The numbers of the processes that run; zombies, whose parent has not asked for them yet, do not. */
export function living(wanted: (fields: string[]) => boolean = () => true): number[] {
	return readdirSync("/proc")
		.filter((name) => {
			const fields = /^\d+$/.test(name) ? statOf(Number(name)) : null;
			return fields !== null && fields[0] !== "Z" && wanted(fields);
		})
		.map(Number);
}

function startOf(pid: number): string | null {
	const fields = statOf(pid);
	return fields === null || fields[0] === "Z" ? null : (fields[19] ?? null);
}

/** The fields of /proc/PID/stat from the state on; null when there is no such process. */
function statOf(pid: number): string[] | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	} catch {
		return null;
	}
}

function bootId(): string {
	try {
		return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
	} catch {
		return "";
	}
}
