import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listCache, pruneCache } from "../../../../src/workflows/cache/index.ts";

let folder: string;
const put = (path: string, bytes: number) => {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), new Uint8Array(bytes));
};
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-cache-"));
	put("toolchains/.made/gcc-16.1-1/root/cc1", 3000);
	symlinkSync(".made/gcc-16.1-1", join(folder, "toolchains/gcc-16"));
	put("kernels/6.1.0-1/boot/vmlinuz", 2000);
	put("apt/sid/lists/a_InRelease", 500);
	// Of a kprep that was killed, or is at work.
	put("toolchains/holder.json", 40);
	put("toolchains/lock", 0);
	// Where no list came.
	put("apt/buster/apt.conf", 300);
	put("downloads/linux.tar.xz.part", 100);
	put("durations.json", 10);
	// What somebody else put there, and a link that leads away.
	put("notes/mine", 7);
	symlinkSync("/usr", join(folder, "kernels/away"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const prune = (more: Partial<Parameters<typeof pruneCache>[0]> = {}) =>
	pruneCache({ names: [], all: false, olderThan: undefined, dryRun: false, ...more }, folder).removed.map(
		({ name }) => name,
	);

test("list: each thing with its size, the largest first; no link is followed but a kept toolchain's", () => {
	const { entries, bytes } = listCache(folder);
	expect(entries.slice(0, 4).map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
		["gcc-16", "toolchain", 3000],
		["6.1.0-1", "kernel", 2000],
		["apt/sid", "package lists", 500],
		["downloads", "download", 100],
	]);
	expect(entries.find(({ name }) => name === "notes")?.kind).toBe("other");
	expect(entries.find(({ name }) => name === "away")?.bytes).toBeLessThan(20);
	expect(bytes).toBeLessThan(6000);
	expect(listCache(join(folder, "none"))).toMatchObject({ entries: [], bytes: 0 });
});

test("prune without a name: only what nothing refers to; -n removes nothing", () => {
	expect(prune({ dryRun: true }).sort()).toEqual(["apt/sid", "downloads"]);
	expect(existsSync(join(folder, "downloads"))).toBe(true);
	prune();
	expect(existsSync(join(folder, "apt"))).toBe(false);
	expect(
		listCache(folder)
			.entries.map(({ name }) => name)
			.sort(),
	).toEqual(["6.1.0-1", "away", "durations.json", "gcc-16", "notes"]);
});

test("prune by name, by age, and all; never what is not kprep's", () => {
	expect(prune({ names: ["gcc-16"] })).toEqual(["gcc-16"]);
	expect(existsSync(join(folder, "toolchains/.made/gcc-16.1-1"))).toBe(false);
	utimesSync(join(folder, "kernels/6.1.0-1"), new Date(0), new Date(0));
	expect(prune({ olderThan: 30 })).toEqual(["6.1.0-1"]);
	prune({ all: true });
	// Where another may be at work its lock stays.
	expect(readdirSync(folder).sort()).toEqual(["notes", "toolchains"]);
	expect(existsSync(join(folder, "notes/mine"))).toBe(true);
	expect(existsSync("/usr/bin")).toBe(true);
	expect(() => prune({ names: ["notes"] })).toThrow(
		expect.objectContaining({ code: "no-such-entry", exitStatus: 2 }),
	);
});
