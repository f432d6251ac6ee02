import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Runs `work` while no other process (a vitest worker, another run) that uses the same `path` does. */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
	mkdirSync(dirname(path), { recursive: true });
	while (!take(path)) await sleep(100);
	try {
		return await work();
	} finally {
		rmSync(path, { force: true });
	}
}

function take(path: string): boolean {
	try {
		writeFileSync(path, String(process.pid), { flag: "wx" });
		return true;
	} catch {
		if (!holderLives(path)) rmSync(path, { force: true });
		return false;
	}
}

function holderLives(path: string): boolean {
	try {
		const pid = Number(readFileSync(path, "utf8"));
		// Written a moment after the file was made.
		if (pid === 0) return true;
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
