import { describe, expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { parseTargets } from "../../../../src/kernel/project/targets.ts";

describe("targets of a project", () => {
	test("sections in their order, dots in names, comments, every key", () => {
		const text = `# ours
[6.1-cloud]
target = apt:linux-image-cloud-amd64   ; the newest

[board.v2]
sysroot=../board
config = board.config
source = upstream
toolchain = fetch
enforce = lockdown
`;
		expect(parseTargets(text, "F")).toEqual([
			{ name: "6.1-cloud", target: "apt:linux-image-cloud-amd64" },
			{
				name: "board.v2",
				...{ sysroot: "../board", config: "board.config", source: "upstream" },
				...{ toolchain: "fetch", enforce: "lockdown" },
			},
		]);
	});

	test("an empty section is the running kernel; a release that looks like a number stays text", () => {
		expect(parseTargets("[here]\n[old]\ntarget = 6.10\n", "F")).toEqual([
			{ name: "here" },
			{ name: "old", target: "6.10" },
		]);
	});

	test.each([
		["", "F:1", "no target"],
		["target = x\n[a]\n", "F:1", "before the first section"],
		["[a]\ntarget = x\n\ncompiler = gcc\n", "F:4", "unknown key 'compiler'"],
		["[a]\n[b]\n[a]\n", "F:3", "two targets are called a"],
		["[a]\ntarget = x\ntarget = y\n", "F:3", "twice"],
		["[a]\ntarget = x\ntoolchain = mine\n", "F:3", "auto, host or fetch"],
		["[a]\ntarget =\n", "F:2", "empty"],
		["[a/b]\n", "F:1", "plain name"],
		["[a]\nconfig[] = x\n", "F:2", "unknown key"],
		["[__proto__]\n[constructor]\ntoString = 1\n", "F:3", "unknown key 'toString'"],
	])("%j is refused at %s", (text, where, message) => {
		let thrown: unknown;
		try {
			parseTargets(text, "F");
		} catch (error) {
			thrown = error;
		}
		expect(thrown).toBeInstanceOf(KprepError);
		expect(thrown).toMatchObject({ kind: "usage", where });
		expect((thrown as KprepError).message).toContain(message);
	});
});
