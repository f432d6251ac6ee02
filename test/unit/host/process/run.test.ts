import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { groupIsAlive, markOf, type ProcessMark } from "../../../../src/host/process/process-mark.ts";
import { attempt } from "../../../../src/host/process/run.ts";

it("when the program cannot be noted, it is stopped, and the error is told", async () => {
	let mark: ProcessMark | undefined;
	const running = attempt(["sh", "-c", "sleep 60 & wait"], {
		onStart: (pid) => {
			mark = markOf(pid);
			throw new Error("no room for a note");
		},
	});
	await expect(running).rejects.toThrow("no room for a note");
	expect(groupIsAlive(mark as ProcessMark)).toBe(false);
});

it("a program that is noted begins only afterwards, under its own name, with its input and in its folder", async () => {
	const folder = mkdtempSync(join(tmpdir(), "kprep-run-"));
	const file = join(folder, "begun");
	const script = 'touch begun; echo "$0 $1"; ps -o args= -p $$; cat';
	const { stdout, status } = await attempt(["sh", "-c", script, "zero", "one two"], {
		cwd: folder,
		input: "typed",
		onStart: () => {
			execFileSync("sleep", ["0.3"]);
			expect(existsSync(file)).toBe(false);
		},
	});
	expect({ stdout, status }).toEqual({
		stdout: `zero one two\nsh -c ${script} zero one two\ntyped`,
		status: 0,
	});
	const never = attempt(["sh", "-c", "sleep 0.2; touch never"], {
		cwd: folder,
		onStart: () => {
			execFileSync("sleep", ["0.3"]);
			throw new Error("no room");
		},
	});
	await expect(never).rejects.toThrow("no room");
	await sleep(300);
	expect(readdirSync(folder)).toEqual(["begun"]);
	rmSync(folder, { recursive: true });
});

it("what outlives its leader in the group is killed when a stop was asked for", async () => {
	const stop = new AbortController();
	let mark: ProcessMark | undefined;
	const running = attempt(["sh", "-c", "(trap '' TERM; sleep 60) >/dev/null 2>&1 & echo ready; wait"], {
		signal: stop.signal,
		onStart: (pid) => {
			mark = markOf(pid);
		},
		onLine: () => stop.abort(),
	});
	expect((await running).stopped).toBe(true);
	await sleep(50);
	expect(groupIsAlive(mark as ProcessMark)).toBe(false);
});

it("a program that leaves its pipes to another process is over when it ends", async () => {
	const { status, stdout, seconds } = await attempt(["sh", "-c", "setsid sleep 30 & echo done"]);
	expect({ status, stdout }).toEqual({ status: 0, stdout: "done\n" });
	expect(seconds).toBeLessThan(20);
});
