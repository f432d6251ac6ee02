import { spawn } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { KprepError } from "../../../../src/errors.ts";
import { type Holder, thisHolder } from "../../../../src/host/files/holder.ts";
import { lock } from "../../../../src/host/files/lock.ts";
import { noteRunning, stopLeftover } from "../../../../src/host/process/leftover.ts";
import { groupIsAlive, isAlive, markOf } from "../../../../src/host/process/process-mark.ts";
import { findProgram } from "../../../../src/host/process/program.ts";
import { fakeRoot } from "../../target/fake-root.ts";

const busy = expect.objectContaining({ code: "tree-busy", exitStatus: 5 });

it("one holder at a time, and nothing left behind", () => {
	const folder = fakeRoot();
	const release = lock(folder);
	expect(() => lock(folder)).toThrow(busy);
	release();
	lock(folder)();
	expect(readdirSync(folder)).toEqual([]);
});

const note = (folder: string, holder: Partial<Holder> | string) =>
	writeFileSync(
		join(folder, "holder.json"),
		typeof holder === "string" ? holder : JSON.stringify({ ...thisHolder(true), ...holder }),
	);
const FLOCK = findProgram("flock");

describe.skipIf(FLOCK === null)("with the kernel's lock", () => {
	it.each<[string, Partial<Holder> | string]>([
		["a process that is gone", { pid: 4_194_300, start: "1" }],
		["another process under the same number", { start: "1" }],
		["a process of an earlier boot", { boot: "another" }],
		["a process of another namespace that had the kernel's lock", { namespace: "pid:[1]" }],
		["nobody: garbage", "{"],
		["nobody: nonsense", "null"],
	])("takes over from %s", (_what, holder) => {
		const folder = fakeRoot();
		note(folder, holder);
		lock(folder)();
		expect(readdirSync(folder)).toEqual([]);
	});

	it.each<[string, Partial<Holder>, RegExp]>([
		["a living process without it", { ...markOf(process.ppid), kernel: false }, /process \d+\)/],
		["another namespace without it", { namespace: "pid:[1]", kernel: false }, /another container/],
		["another machine without it", { boot: "x", host: "nas id", kernel: false }, /on nas\)/],
	])("respects %s, and says where to look", (_what, holder, message) => {
		const folder = fakeRoot();
		note(folder, holder);
		expect(() => lock(folder)).toThrow(busy);
		expect(() => lock(folder)).toThrow(message);
	});
});

describe("without the flock program", () => {
	const lockAlone = (folder: string) => lock(folder, null);

	it("one holder at a time; a dead one of this very namespace is taken over", () => {
		const folder = fakeRoot();
		const release = lockAlone(folder);
		expect(() => lockAlone(folder)).toThrow(busy);
		release();
		note(folder, { pid: 4_194_300, start: "1" });
		lockAlone(folder)();
		expect(readdirSync(folder)).toEqual(["lock"]);
	});

	it.each<[string, Partial<Holder> | string]>([
		["another boot", { boot: "another" }],
		["another machine", { boot: "x", host: "nas id" }],
		["another namespace", { namespace: "pid:[1]" }],
		["a note that cannot be read", "{"],
	])("never takes over from %s, and names the file to remove", (_what, holder) => {
		const folder = fakeRoot();
		note(folder, holder);
		expect(() => lockAlone(folder)).toThrow(busy);
		try {
			lockAlone(folder);
		} catch (error) {
			expect((error as KprepError).suggestions.join()).toContain(`rm ${folder}/holder.json`);
		}
	});
});

it("a lock that is a link is not followed", () => {
	const [folder, out] = [fakeRoot(), fakeRoot()];
	symlinkSync(join(out, "made"), join(folder, "lock"));
	expect(() => lock(folder)).toThrow(expect.objectContaining({ code: "lock-damaged", exitStatus: 5 }));
	expect(readdirSync(out)).toEqual([]);
});

it("stopLeftover kills the noted process group, children of a dead leader too", async () => {
	const folder = fakeRoot();
	const child = spawn("sh", ["-c", "sleep 60 & exec true"], { detached: true, stdio: "ignore" });
	const pid = child.pid as number;
	onTestFinished(() => {
		try {
			process.kill(-pid, "SIGKILL");
		} catch {}
	});
	const mark = markOf(pid);
	noteRunning(folder, pid);
	await new Promise((resolve) => child.on("exit", resolve));
	expect(isAlive(mark)).toBe(false);
	expect(groupIsAlive(mark)).toBe(true);
	await stopLeftover(folder);
	expect(groupIsAlive(mark)).toBe(false);
	expect(existsSync(join(folder, "running.json"))).toBe(false);
});

it("stopLeftover leaves another process under the same number alone", async () => {
	const folder = fakeRoot();
	const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
	const pid = child.pid as number;
	onTestFinished(() => void child.kill("SIGKILL"));
	writeFileSync(join(folder, "running.json"), JSON.stringify({ ...markOf(pid), start: "1" }));
	await stopLeftover(folder);
	expect(isAlive(markOf(pid))).toBe(true);
});

it("stopLeftover refuses where make may run in another container", async () => {
	const folder = fakeRoot();
	noteRunning(folder, process.pid);
	const path = join(folder, "running.json");
	writeFileSync(path, JSON.stringify({ ...markOf(process.pid), namespace: "pid:[1]" }));
	// The first namespace of a boot sees all others: one without any process there is gone, and its make with it.
	if (readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]") return void (await stopLeftover(folder));
	await expect(stopLeftover(folder)).rejects.toMatchObject({ code: "make-elsewhere", exitStatus: 5 });
	expect(existsSync(path)).toBe(true);
});
