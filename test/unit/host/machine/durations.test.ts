import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { estimateText, expectedSeconds, remember, timed } from "../../../../src/host/machine/durations.ts";
import { silent } from "../../../../src/host/progress.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-durations-"));
	vi.stubEnv("XDG_CACHE_HOME", folder);
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

it("knows the median of the last five runs", async () => {
	expect(expectedSeconds("a")).toBeNull();
	for (const seconds of [999, 10, 30, 20, 50, 40]) await remember("a", seconds);
	expect(expectedSeconds("a")).toBe(30);
	expect(expectedSeconds("b")).toBeNull();
});

it.each([
	[29, ""],
	[33, "about 30 s, by earlier runs"],
	[170, "about 3 min, by earlier runs"],
])("%d s is said as '%s'", async (seconds, text) => {
	await remember("a", seconds);
	expect(estimateText("a")).toBe(text);
});

it("notes the estimate, and learns only from work that succeeds", async () => {
	const notes: string[] = [];
	const progress = { ...silent, expect: (text: string) => notes.push(text) };
	await expect(timed("a", progress, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
	expect(expectedSeconds("a")).toBeNull();
	await remember("a", 90);
	expect(await timed("a", progress, async () => 7)).toBe(7);
	expect(notes).toEqual(["about 90 s, by earlier runs"]);
	expect(expectedSeconds("a")).toBe(0);
});

it("takes a broken or unwritable cache for an empty one", async () => {
	await remember("a", 40);
	writeFileSync(join(folder, "kprep/durations.json"), '{"a":"x","b":[1,');
	expect(expectedSeconds("a")).toBeNull();
	writeFileSync(join(folder, "file"), "");
	vi.stubEnv("XDG_CACHE_HOME", join(folder, "file"));
	await remember("a", 40);
	expect(expectedSeconds("a")).toBeNull();
});
