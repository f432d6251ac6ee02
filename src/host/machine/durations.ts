import { mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../files/files.ts";
import type { Progress } from "../progress.ts";

const KEPT = 5;
const MOST_KINDS = 200;
/** A run that is expected to take less than this shows no estimate. */
const WORTH_SAYING = 30;

/**
 * Does `work`, whose length depends on `kind` (any stable text: "modules_prepare x86 -j2"), and remembers the seconds
 * it took when it succeeds. When earlier runs took over 30 s, `progress` is told their median first, after the step.
 * A cache that cannot be read or written is no failure.
 */
export async function timed<T>(kind: string, progress: Progress, work: () => Promise<T>): Promise<T> {
	const estimate = estimateText(kind);
	if (estimate !== "") progress.expect?.(estimate);
	const started = performance.now();
	const result = await work();
	await remember(kind, (performance.now() - started) / 1000);
	return result;
}

/** "about 2 min, by earlier runs" for work that took over 30 s before; "" for short or unknown work. */
export function estimateText(kind: string): string {
	const seconds = expectedSeconds(kind);
	if (seconds === null || seconds < WORTH_SAYING) return "";
	return `about ${seconds < 100 ? `${Math.round(seconds / 10) * 10} s` : `${Math.round(seconds / 60)} min`}, by earlier runs`;
}

/** Median of the last runs of this kind in seconds; null when there were none. */
export function expectedSeconds(kind: string): number | null {
	const seconds = [...(readCache()[kind] ?? [])].sort((a, b) => a - b);
	return seconds[Math.floor((seconds.length - 1) / 2)] ?? null;
}

/** Adds one run to what is known of `kind`; does nothing where the cache cannot be written. */
export async function remember(kind: string, seconds: number): Promise<void> {
	const { [kind]: earlier = [], ...others } = readCache();
	const rest = Object.entries(others).slice(-(MOST_KINDS - 1));
	const kinds = Object.fromEntries([
		...rest,
		[kind, [...earlier, Math.round(seconds * 10) / 10].slice(-KEPT)],
	]);
	try {
		mkdirSync(folder(), { recursive: true });
		await writeAtomically(file(), `${JSON.stringify(kinds)}\n`);
	} catch {
		// A home that is full, read-only or missing must not fail the work that was just done.
	}
}

function readCache(): Record<string, number[]> {
	try {
		const entries = Object.entries(JSON.parse(readFileSync(file(), "utf8")) as Record<string, unknown>);
		return Object.fromEntries(
			entries.map(([kind, list]) => [kind, Array.isArray(list) ? list.filter(Number.isFinite) : []]),
		);
	} catch {
		return {};
	}
}

function file(): string {
	return join(folder(), "durations.json");
}

function folder(): string {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kprep");
}
