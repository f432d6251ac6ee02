import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { lock } from "../../../../src/host/files/lock.ts";
import { noteRunning, stopLeftover } from "../../../../src/host/process/leftover.ts";
import { groupIsAlive, isAlive, markOf } from "../../../../src/host/process/process-mark.ts";
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

it.each<[string, object | string]>([
	["a process that is gone", { ...markOf(process.pid), pid: 4_194_300, start: "1" }],
	["another process under the same number", { ...markOf(process.pid), start: "1" }],
	["a process of an earlier boot", { ...markOf(process.pid), boot: "another" }],
	["nobody: garbage", "{"],
	["nobody: nonsense", { pid: -1, start: "", boot: "" }],
])("takes over from %s", (_what, holder) => {
	const folder = fakeRoot();
	mkdirSync(join(folder, "lock"));
	writeFileSync(
		join(folder, "lock/holder.json"),
		typeof holder === "string" ? holder : JSON.stringify(holder),
	);
	lock(folder)();
	expect(readdirSync(folder)).toEqual([]);
});

it("respects a living process", () => {
	const folder = fakeRoot();
	mkdirSync(join(folder, "lock"));
	writeFileSync(join(folder, "lock/holder.json"), JSON.stringify(markOf(process.ppid)));
	expect(() => lock(folder)).toThrow(busy);
	expect(readdirSync(folder)).toEqual(["lock"]);
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
