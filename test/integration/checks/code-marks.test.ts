/** What instrumentation leaves in code: the same source is compiled with and without it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { codeMarks } from "../../../src/kernel/config/code-marks.ts";
import type { Mark } from "../../../src/kernel/config/instrumentation.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-marks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = `
int (*volatile callee)(char *, int);
__attribute__((noinline)) int guarded(int count)
{
	char buffer[64];
	for (int at = 0; at < 64; at++)
		buffer[at] = at + count;
	int shift = count << (count + 3);
	if (callee)
		shift += callee(buffer, count);
	return shift + buffer[count & 63];
}
static int called(char *text, int count) { return text[count & 63]; }
int init_module(void) { callee = called; return guarded(1); }
`;

/** The marks of the source with these flags; null where this machine's compiler does not know them. */
function marksWith(cc: string, flags: string[]): Set<Mark> | null {
	const [source, object] = [join(folder, "probe.c"), join(folder, "probe.o")];
	writeFileSync(source, SOURCE);
	if (spawnSync(cc, ["--version"]).error) return null;
	const plain = ["-O2", "-fno-pie", "-ffreestanding", "-fno-stack-protector", "-fcf-protection=none"];
	const base = cc.startsWith("aarch64") ? plain.slice(0, -1) : plain;
	try {
		execFileSync(cc, [...base, ...flags, "-c", source, "-o", object], { stdio: "pipe" });
	} catch {
		return null;
	}
	return codeMarks(readFileSync(object));
}

describe("code marks", () => {
	it.each<[string, string[], Mark]>([
		["gcc", ["-fcf-protection=branch"], "endbr"],
		["gcc", ["-mharden-sls=all"], "sls"],
		["gcc", ["-mfunction-return=thunk-extern"], "return-thunk"],
		["gcc", ["-mindirect-branch=thunk-extern"], "indirect-thunk"],
		["gcc", ["-pg", "-mfentry"], "fentry"],
		["gcc", ["-pg"], "fentry"],
		["gcc", ["-fpatchable-function-entry=16,16"], "patchable"],
		["gcc", ["-fstack-protector-strong"], "stack-guard-task"],
		["gcc", ["-fstack-protector-strong", "-mstack-protector-guard=global"], "stack-guard-global"],
		["gcc", ["-fsanitize=kernel-address", "--param", "asan-instrumentation-with-call-threshold=0"], "asan"],
		["gcc", ["-fsanitize=thread"], "tsan"],
		["gcc", ["-fsanitize=shift"], "ubsan"],
		["gcc", ["-fsanitize-coverage=trace-pc"], "coverage"],
		["clang", ["-fsanitize=kcfi"], "cfi"],
		["aarch64-linux-gnu-gcc-12", ["-mbranch-protection=bti"], "bti"],
		["aarch64-linux-gnu-gcc-12", ["-mbranch-protection=pac-ret"], "pac"],
		["aarch64-linux-gnu-gcc-12", ["-fsanitize=shadow-call-stack", "-ffixed-x18"], "shadow-call-stack"],
	])("%s %j: %s", (cc, flags, mark) => {
		const [without, instrumented] = [marksWith(cc, []), marksWith(cc, flags)];
		if (without === null || instrumented === null) return console.log(`skipped: no ${cc} ${flags.join(" ")}`);
		expect([...instrumented]).toContain(mark);
		expect([...without]).not.toContain(mark);
	});
});
