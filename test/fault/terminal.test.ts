import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../helpers/fingerprint.ts";
import { HOLDING, Hold, isGone } from "../helpers/kbuild/hold.ts";
import { Bench } from "../helpers/kbuild/machine.ts";
import { lacks } from "../helpers/lacks.ts";
import { Pty } from "../helpers/pty.ts";

/** More of everything, for a run that may take long. */
const ALL = process.env.KPREP_FAULTS === "all";
const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const RELEASE = "6.6.0-56-amd64";
const [HIDE, SHOW] = ["\x1b[?25l", "\x1b[?25h"];

describe.skipIf(lacks("make", "script", "stty"))("on a terminal", () => {
	const bench = (hook = HOLDING) => new Bench({ era: "6.6", release: RELEASE, hook });
	const start = (it: Bench, env: Record<string, string>, columns: number, ...more: string[]) =>
		new Pty(
			[process.execPath, BIN, "sync", it.tree, "--sysroot", it.root, "-j", "2", ...more],
			it.env({ TERM: "xterm", ...env }),
			columns,
		);

	it.each<[string, number, string[]]>([
		["Ctrl-C", 0, []],
		["Ctrl-C", 60, ["-v"]],
		["SIGTERM", 200, []],
		...(ALL
			? ([
					["SIGHUP", 60, []],
					["Ctrl-C", 200, ["-q"]],
					["SIGTERM", 0, ["-q"]],
				] as [string, number, string[]][])
			: []),
	])(
		"%s, %i columns, %j: 130, the tree put back, nobody left, the cursor shown",
		async (what, columns, more) => {
			const it = bench();
			const before = fingerprint(it.tree);
			const hold = new Hold(it.top, "prepare");
			const terminal = start(it, hold.env, columns, ...more);
			const worker = await hold.reached();
			if (what === "Ctrl-C") terminal.type("\x03");
			else process.kill(terminal.pid, what);
			expect(await terminal.ended()).toBe(130);
			expect(await isGone(worker)).toBe(true);
			expect(fingerprint(it.tree)).toEqual(before);
			expect(existsSync(`${it.tree}/.kprep`)).toBe(false);
			expect(terminal.output).toContain("kprep: interrupted");
			expect(terminal.output.lastIndexOf(SHOW)).toBeGreaterThanOrEqual(terminal.output.lastIndexOf(HIDE));
		},
	);

	it.each(ALL ? [0, 60, 200] : [0])(
		"a sync on %i columns ends well, and make's words move no cursor",
		async (columns) => {
			const it = bench("printf '\\033[2J\\033]0;title\\007\\302\\233K\\n' >&2");
			const terminal = start(it, {}, columns);
			expect(await terminal.ended()).toBe(0);
			expect(terminal.output).toContain("strategy: ");
			// What the tree's make wrote moves no cursor and sets no title.
			for (const acts of ["\x1b[2J", "\x1b]0;", "\u009b"]) expect(terminal.output).not.toContain(acts);
			expect(terminal.output.lastIndexOf(SHOW)).toBeGreaterThanOrEqual(terminal.output.lastIndexOf(HIDE));
		},
	);

	it("with -v the control characters of make's output are seen as text", async () => {
		const it = bench("printf '\\033[2Jgone\\n'");
		const terminal = start(it, {}, 80, "-v");
		expect(await terminal.ended()).toBe(0);
		expect(terminal.output).toContain("\\x1b[2Jgone");
		expect(terminal.output).not.toContain("\x1b[2J");
	});
});
