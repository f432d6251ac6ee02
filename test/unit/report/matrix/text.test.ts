import { describe, expect, test } from "vitest";
import type { CellBoot } from "../../../../src/report/matrix/document.ts";
import { matrixText } from "../../../../src/report/matrix/text.ts";
import { cell, matrix, target } from "./made.ts";

describe("the matrix for people", () => {
	test("a word a cell, and the causes of those that do not load, alike ones together", () => {
		const cause = {
			...{ id: "vermagic", title: "vermagic differs", cause: "expected A; found B" },
			...{ remedy: "build it anew", commands: [] },
		};
		const refused = {
			verdict: "refused",
			errno: "ENOEXEC",
			message: "bad vermagic",
			diagnosis: cause,
		} as const;
		const text = matrixText(
			matrix({
				modules: ["one", "two"],
				targets: [target({ name: "a", release: "6.1.0-1" }), target({ name: "b", release: "6.12.0-2" })],
				cells: [
					cell({ target: "a", module: "one" }),
					cell({ target: "a", module: "two", ...refused }),
					cell({ target: "b", module: "one", verdict: "failed", stage: "build", message: "make failed" }),
					cell({ target: "b", module: "two", ...refused }),
				],
			}),
		);
		expect(text).toMatchInlineSnapshot(`
			"target  kernel    one       two
			a       6.1.0-1   loads     refused ENOEXEC
			b       6.12.0-2  no build  refused ENOEXEC

			a two, b two: refused
			  kernel:   bad vermagic
			  cause:    vermagic differs
			  because:  expected A; found B
			  try:      build it anew

			b one: build failed
			  error:    make failed

			1 of 4 cells load (2.0 s)"
		`);
	});

	test("an init function that failed in the emulator is told beside a cell that loads", () => {
		const boot: CellBoot = {
			...{ loaded: false, stage: "init", errno: "ENODEV", accelerator: "tcg", seconds: 2, log: [] },
		};
		const text = matrixText(
			matrix({
				modules: ["one"],
				targets: [target({ name: "a" })],
				cells: [cell({ target: "a", module: "one", stage: "boot", boot })],
			}),
		);
		expect(text).toMatchInlineSnapshot(`
			"target  kernel   one
			a       6.1.0-1  loads

			a one: its init function failed in the emulator, ENODEV

			1 of 1 cells load (2.0 s)"
		`);
	});

	test("more modules than fit stand in another table; no line is wider", () => {
		const modules = Array.from({ length: 12 }, (_, at) => `a-module-with-a-name-${at}`);
		const text = matrixText(
			matrix({
				modules,
				targets: [target({ name: "a" })],
				cells: modules.map((module) => cell({ target: "a", module })),
			}),
			60,
		);
		expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
		for (const name of modules) expect(text).toContain(name);
	});

	test("control characters of names, releases and messages do not come out", () => {
		const text = matrixText(
			matrix({
				modules: ["m\u001b[31m"],
				targets: [target({ name: "a\u0007", release: "6.1\u001b]0;x\u0007" })],
				cells: [
					cell({
						target: "a\u0007",
						module: "m\u001b[31m",
						verdict: "failed",
						message: "x\u001b[2Jy",
						stage: "sync",
					}),
				],
			}),
		);
		expect(text).not.toMatch(/[^\P{Cc}\n]/u);
	});
});
