import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { markDifferences, marksCheck } from "../../../../src/checks/deep/marks.ts";
import type { Mark } from "../../../../src/kernel/config/instrumentation.ts";
import { composeElf } from "../../../helpers/elf.ts";
import { fakeRoot } from "../../target/fake-root.ts";
import { contextOf, fact, fakeTarget, treeFolder } from "../fake-context.ts";

/** A module that wants these symbols: enough for marks that are told by names. */
function wanting(...symbols: string[]): Uint8Array {
	return composeElf({
		...{ bits: 64, little: true, type: 1, machine: 62 },
		sections: [{ name: ".text", content: new Uint8Array(8 * 1024) }],
		symbols: symbols.map((name) => ({ name, section: 0, value: 0n, bind: 1 })),
	});
}

async function check(theirs: string[] | null, ours: string[]) {
	const root = fakeRoot({});
	for (let index = 0; theirs !== null && index < 8; index++) {
		const path = join(root, `lib/modules/R/kernel/m${index}.ko`);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, wanting("printk", ...theirs));
	}
	const modules = theirs === null ? null : fact(join(root, "lib/modules/R"));
	const context = await contextOf(treeFolder(), await fakeTarget({ modules }));
	return marksCheck(context, wanting("printk", ...ours));
}

describe("marksCheck", () => {
	it.each([
		["the same", ["__fentry__"], ["__fentry__"], "match"],
		["a mitigation is lost", ["__x86_return_thunk"], [], "mismatch"],
		["CFI is lost", ["__cfi_foo"], [], "mismatch"],
		["only not traceable", ["__fentry__"], [], "note"],
		["a sanitizer is lost", ["__asan_load1"], [], "note"],
		["a guard of another kind", ["__stack_chk_fail", "__stack_chk_guard"], ["__stack_chk_fail"], "note"],
		["the target's modules are not here", null, [], "unknown"],
	] as const)("%s", async (_, theirs, ours, status) => {
		const finding = await check(theirs === null ? null : [...theirs], [...ours]);
		expect(finding.status).toBe(status);
		expect(finding.effect?.kind).toBe(status === "mismatch" ? "unsafe" : undefined);
	});
});

it("what the target's modules lack proves something only when they are many, and had occasion for it", () => {
	const marks = (...names: Mark[]) => new Set(names);
	expect(markDifferences(marks(), marks("cfi"), 3)).toEqual([]);
	expect(markDifferences(marks(), marks("cfi"), 10)).toEqual([{ mark: "cfi", target: 0, tree: 1 }]);
	expect(markDifferences(marks(), marks("stack-guard-task"), 10)).toEqual([]);
	expect(markDifferences(marks("endbr"), marks(), 1)).toEqual([{ mark: "endbr", target: 1, tree: 0 }]);
});
