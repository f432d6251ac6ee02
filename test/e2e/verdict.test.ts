/**
 * Options of a synced tree are really changed, one after the other, and the verdict is held against what is known of
 * them and against a boot: refused where the kernel refuses, a match where it loads. KPREP_VERDICT=all tries all of
 * them (half an hour), KPREP_VERDICT=few two; the default run has those of deep.test.ts.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { silent } from "../../src/host/progress.ts";
import { editConfig, parseConfig } from "../../src/kernel/config/config.ts";
import type { VerifyReport } from "../../src/report/verify/verify-report.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { kprep } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip } from "../helpers/lab.ts";
import { skips } from "../helpers/lacks.ts";
import { shell } from "../helpers/shell.ts";

const MINUTES = 60_000;
const all = process.env.KPREP_VERDICT === "all";
const none = !all && process.env.KPREP_VERDICT !== "few";

/** `refused` and `unsafe`: a mismatch of that effect; `any`: a mismatch; `match`: notes at most, and it loads. */
type Becomes = "match" | "refused" | "unsafe" | "any";

interface Change {
	/** Values, and after make those that must be so for the row to count: what cannot be changed here is passed over. */
	set: Record<string, string>;
	becomes: Becomes;
	/** A structure that must be named. */
	struct?: string;
	/** Symbols that go off with it. */
	also?: string[];
}

const TRACING = ["FTRACE", "KPROBES", "LATENCYTOP", "DEBUG_KMEMLEAK", "MEM_ALLOC_PROFILING"];

const CHANGES: Change[] = [
	{ set: { SLUB_DEBUG: "n" }, becomes: "match" },
	{ set: { MEMCG: "n" }, becomes: "unsafe", struct: "page" },
	{ set: { DEBUG_INFO_BTF_MODULES: "n" }, becomes: "any", struct: "module" },
	{ set: { KALLSYMS: "n" }, also: TRACING, becomes: "any", struct: "module" },
	{ set: { TRACEPOINTS: "n" }, also: [...TRACING, "PERF_EVENTS"], becomes: "any", struct: "module" },
	{ set: { JUMP_LABEL: "n" }, becomes: "any", struct: "module" },
	{ set: { FUNCTION_TRACER: "n" }, becomes: "any" },
	{ set: { SMP: "n" }, becomes: "refused" },
	{ set: { MODULE_UNLOAD: "n" }, becomes: "refused" },
	{ set: { MODVERSIONS: "n" }, becomes: "refused" },
	// With PREEMPT_DYNAMIC the word in the vermagic and all structures are the same.
	{ set: { PREEMPT: "y" }, becomes: "any" },
	{ set: { KASAN: "y" }, becomes: "any" },
	{ set: { UBSAN: "y" }, becomes: "refused" },
	{ set: { RETPOLINE: "n" }, becomes: "unsafe" },
	{ set: { X86_KERNEL_IBT: "n" }, becomes: "unsafe" },
	{ set: { STACKPROTECTOR: "n" }, becomes: "unsafe", struct: "task_struct" },
	{ set: { HZ_1000: "y" }, becomes: "unsafe" },
	{ set: { AUDIT: "n" }, becomes: "unsafe", struct: "task_struct" },
	{ set: { SECURITY: "n" }, becomes: "unsafe" },
	{ set: { CGROUPS: "n" }, becomes: "unsafe", struct: "task_struct" },
	{ set: { NUMA: "n" }, becomes: "unsafe" },
	{ set: { PROVE_LOCKING: "y" }, becomes: "any" },
	{ set: { EXT4_FS: "y" }, becomes: "match" },
	{ set: { DEBUG_FS: "n" }, becomes: "any" },
	{ set: { MAGIC_SYSRQ: "n" }, becomes: "match" },
	{ set: { BLK_CGROUP: "n" }, becomes: "unsafe" },
];

let folder: string;
let tree: string;
let kernel: LabKernel | Skip = { skip: "not looked for yet" };
const built: { name: string; bytes: Uint8Array; becomes: "match" | "refused" }[] = [];

beforeAll(async () => {
	if (none) return;
	folder = mkdtempSync(join(tmpdir(), "kprep-verdict-test-"));
	tree = join(folder, "tree");
	const fits = (release: string) => !baseDisagrees(release);
	kernel = await lab.kernel({ flavour: "cloud", fits });
	if ("skip" in kernel) kernel = await lab.kernel({ flavour: "cloud", suite: "backports", fits });
	if ("skip" in kernel) return console.log(`skipped: ${kernel.skip}`);
	await kernel.tree(tree);
	const synced = await kprep(["sync", tree, "--sysroot", kernel.sysroot]);
	expect(synced.status, synced.stdout + synced.stderr).toBe(0);
	copyFileSync(join(tree, ".config"), join(folder, "config"));
}, 20 * MINUTES);
afterAll(() => {
	if (!none) rmSync(folder, { recursive: true, force: true });
});

function needed(context: TestContext): LabKernel {
	if ("skip" in kernel) return context.skip(kernel.skip);
	return kernel;
}

describe.skipIf(skips(none, "KPREP_VERDICT=all changes options of a real tree (half an hour)"))(
	"an option that is really changed",
	() => {
		it.for(all ? CHANGES : CHANGES.slice(0, 2))(
			"$set: $becomes",
			{ timeout: 15 * MINUTES },
			async (change, context) => {
				const { sysroot } = needed(context);
				const { set, also = [], becomes, struct } = change;
				const original = readFileSync(join(folder, "config"), "utf8");
				const changed = new Map([...also.map((symbol) => [symbol, "n"] as const), ...Object.entries(set)]);
				writeFileSync(join(tree, ".config"), editConfig(original, changed));
				await shell(["make", "-s", "-C", tree, "olddefconfig"]);
				const now = parseConfig(readFileSync(join(tree, ".config"), "utf8"));
				const before = parseConfig(original);
				const [symbol, value] = Object.entries(set)[0] as [string, string];
				if ((now.get(symbol) ?? "n") !== value || (before.get(symbol) ?? "n") === value)
					return console.log(`passed over: CONFIG_${symbol} cannot be changed to ${value} here`);
				await shell(["make", "-s", "-j2", "-C", tree, "modules_prepare"]);

				const { json, stderr } = await kprep(["verify", tree, "--sysroot", sysroot, "--json"]);
				const report = json as VerifyReport;
				expect(report.verdict, stderr).toBe(becomes === "match" ? "match" : "mismatch");
				const effects = report.checks.flatMap(({ effect }) => (effect === null ? [] : [effect]));
				if (becomes === "refused" || becomes === "unsafe")
					expect(
						effects.map(({ kind }) => kind),
						JSON.stringify(effects),
					).toContain(becomes);
				const structs = effects.flatMap((effect) => (effect.kind === "unsafe" ? effect.structs : []));
				if (struct !== undefined) expect(structs.map(({ name }) => name)).toContain(struct);
				const refused = effects.some(({ kind }) => kind === "refused");
				if (report.verdict === "match" || refused)
					built.push({
						...(await hello(`changed_${symbol.toLowerCase()}`)),
						becomes: refused ? "refused" : "match",
					});
			},
		);

		it("the boot agrees", { timeout: 10 * MINUTES }, async (context) => {
			const { image } = needed(context);
			if (built.length === 0) return;
			const modules = built.map(({ name, bytes }) => ({ name, bytes }));
			const { modules: verdicts } = await bootAndLoad({ image, arch: "x86", modules, progress: silent });
			expect(verdicts.map(({ name, loaded }) => `${name} ${loaded}`)).toEqual(
				built.map(({ name, becomes }) => `${name} ${becomes === "match"}`),
			);
		});
	},
);

/** A module of that name, built in the tree as it is now. */
async function hello(name: string): Promise<{ name: string; bytes: Uint8Array }> {
	const place = mkdtempSync(join(folder, "hello-"));
	writeFileSync(join(place, "Makefile"), `obj-m := ${name}.o\n`);
	writeFileSync(
		join(place, `${name}.c`),
		[
			"#include <linux/module.h>",
			// What sanitizers look at: memory, and an index that is not known.
			"static int values[4], at;",
			"module_param(at, int, 0);",
			"static int __init hello_init(void) { values[at] = at + 1; return values[at] > 99 ? -EINVAL : 0; }",
			"static void __exit hello_exit(void) { }",
			"module_init(hello_init);",
			"module_exit(hello_exit);",
			'MODULE_LICENSE("GPL");',
			"",
		].join("\n"),
	);
	await shell(["make", "-s", "-C", tree, `M=${place}`, "KBUILD_MODPOST_WARN=1", "modules"]);
	return { name, bytes: readFileSync(join(place, `${name}.ko`)) };
}
