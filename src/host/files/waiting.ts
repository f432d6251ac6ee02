import { setTimeout as pause } from "node:timers/promises";
import { KprepError } from "../../errors.ts";
import type { Progress } from "../progress.ts";
import { makeFolders } from "./files.ts";
import { lock } from "./lock.ts";

/** Runs `work` while no other kprep of this machine, and nothing else in this one, works in `folder`; waits for one that does, and says so. */
export async function alone<T>(
	folder: string,
	{ progress, signal }: { progress: Progress; signal?: AbortSignal | undefined },
	work: () => Promise<T>,
): Promise<T> {
	makeFolders(folder);
	const release = await waitFor(folder, progress, signal);
	try {
		return await work();
	} finally {
		release();
	}
}

async function waitFor(
	folder: string,
	progress: Progress,
	signal: AbortSignal | undefined,
): Promise<() => void> {
	for (let told = false; ; told = true) {
		try {
			return lock(folder);
		} catch (error) {
			if (!(error instanceof KprepError) || error.kind !== "busy") throw error;
			if (!told) progress.step("wait", `another kprep is at work in ${folder}`);
			signal?.throwIfAborted();
			await pause(500);
		}
	}
}
