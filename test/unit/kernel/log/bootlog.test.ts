import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTranscript, withoutStamp } from "../../../../src/kernel/log/bootlog.ts";

describe("readTranscript", () => {
	test("a run with a load, a refusal and a kernel that speaks between", () => {
		const transcript = readTranscript(
			[
				"\x1bc\x1b[?7l[    0.000000] Linux version 6.1.0\r",
				"\r",
				"@w start 6.1.0-56-amd64\r",
				"@w sysctl /proc/version Linux version 6.1.0",
				"@w log <5>[    0.000000] Linux version 6.1.0",
				"@w try /kprep/0.ko",
				"@w log <6>[    1.500000] hello: it is\\x0a me",
				"@w result /kprep/0.ko 0 done",
				"@w unloaded /kprep/0.ko hello 0",
				"[    2.000000] Kernel says something dire",
				"@w try /kprep/1.ko",
				"@w log <3>[    2.500000][   T61] hello: version magic 'a' should be 'b'",
				"@w result /kprep/1.ko -8 done",
				"@w end",
			],
			"@w",
		);
		expect(transcript).toEqual({
			release: "6.1.0-56-amd64",
			loads: [
				{
					...{ file: "/kprep/0.ko", returned: 0, state: "done", unloaded: "hello" },
					...{ inits: [], asked: [] },
					log: ["hello: it is\\x0a me"],
				},
				{
					...{ file: "/kprep/1.ko", returned: -8, state: "done", unloaded: null },
					...{ inits: [], asked: [] },
					log: ["hello: version magic 'a' should be 'b'"],
				},
			],
			unfinished: null,
			complete: true,
			panic: null,
			shown: new Map([["/proc/version", "Linux version 6.1.0"]]),
			log: [
				"[    0.000000] Linux version 6.1.0",
				"[    1.500000] hello: it is\\x0a me",
				"[    2.000000] Kernel says something dire",
				"[    2.500000][   T61] hello: version magic 'a' should be 'b'",
			],
		});
	});

	test("the machine's own timers do not speak for the module", () => {
		const { loads, log } = readTranscript(
			[
				"@w start 6.12.9",
				"@w try /kprep/0.ko",
				"@w log <4>[    1.500000] hello: disagrees about version of symbol __x86_return_thunk",
				"@w log <6>[    1.500100] tsc: Refined TSC clocksource calibration: 2599.980 MHz",
				"@w log <6>[    1.500200] clocksource: Switched to clocksource tsc",
				"@w log <6>[    1.500300][   T61] tsc_probe: loaded",
				"@w log <3>[    1.500400][   T61] clocksource: module is already loaded",
				"@w result /kprep/0.ko -22 done",
			],
			"@w",
		);
		expect(loads[0]?.log).toEqual([
			"hello: disagrees about version of symbol __x86_return_thunk",
			"tsc_probe: loaded",
			"clocksource: module is already loaded",
		]);
		expect(log).toHaveLength(5);
	});

	test("a kernel that never came to the init", () => {
		const { release, complete, log } = readTranscript(["[ 1.0] Kernel panic - not syncing"], "@w");
		expect({ release, complete, log }).toEqual({
			...{ release: null, complete: false, log: ["[ 1.0] Kernel panic - not syncing"] },
		});
	});

	test("a machine that went down during a load", () => {
		const { unfinished, loads, complete } = readTranscript(
			["@w start 6.1", "@w try /kprep/0.ko", "[ 2.0] Kernel panic"],
			"@w",
		);
		expect({ unfinished, loads, complete }).toEqual({
			...{ unfinished: "/kprep/0.ko", loads: [], complete: false },
		});
	});

	test.each([
		["another word", "@v result /kprep/0.ko 0 done"],
		["a line cut in two", "@w result /kprep/0.ko [ 1.0] oops"],
		["no number", "@w result /kprep/0.ko zero done"],
		["no file", "@w result"],
		["an unknown state", "@w result /kprep/0.ko 0 perhaps"],
	])("takes no verdict from %s", (_, line) => {
		expect(readTranscript(["@w start 6.1", line], "@w").loads).toEqual([]);
	});

	test("takes whatever a serial port gives", () => {
		const line = fc.oneof(
			fc.string(),
			fc.string().map((it) => `@w ${it}`),
		);
		fc.assert(
			fc.property(fc.array(line), (lines) => {
				// biome-ignore lint/suspicious/noControlCharactersInRegex: they must be gone
				for (const it of readTranscript(lines, "@w").log) expect(it).not.toMatch(/[\x00-\x1f\x7f]/);
			}),
		);
	});
});

test.each([
	["<6>[    1.234567] a: b", "a: b"],
	["<6>[    1.234567][   T12] a: b", "a: b"],
	["[12345.678901] a", "a"],
	["a [1.0] b", "a [1.0] b"],
])("withoutStamp %j", (line, text) => {
	expect(withoutStamp(line)).toBe(text);
});
