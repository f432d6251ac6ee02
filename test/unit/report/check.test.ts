import { describe, expect, test } from "vitest";
import { type CheckedModule, passes } from "../../../src/kernel/loader/verdict.ts";
import type { BootResult } from "../../../src/kernel/log/bootlog.ts";
import { checkText } from "../../../src/report/check.ts";

function module(change: Partial<CheckedModule> = {}): CheckedModule {
	return {
		...{ path: "a.ko", name: "a", verdict: "loads", errno: null, message: null, messages: [] },
		...{ reasons: [], taints: [], warnings: [], needs: [], caveats: [] },
		...change,
	};
}

function boot(change: Partial<BootResult> = {}): BootResult {
	return {
		...{ loaded: false, errno: null, stage: "loader", panic: null, dependency: null },
		...{ accelerator: "tcg", seconds: 4, log: [] },
		...change,
	};
}

const text = (...modules: CheckedModule[]) => checkText({ target: "6.1.0", modules });

describe("checkText", () => {
	test("a boot that says otherwise is in the headline", () => {
		const refused = module({ boot: boot({ errno: "ENOEXEC" }) });
		expect(text(refused)).toMatch(
			/^a\.ko: refused by 6\.1\.0 \(ENOEXEC\); kprep's prediction \(loads\) was wrong\n/,
		);
		const taken = module({
			verdict: "refused",
			errno: "ENOENT",
			boot: boot({ stage: "loaded", loaded: true }),
		});
		expect(text(taken)).toMatch(
			/^a\.ko: loads on 6\.1\.0; kprep's prediction \(refused, ENOENT\) was wrong\n/,
		);
		const crashed = module({ boot: boot({ stage: "crashed", panic: "Kernel panic - not syncing" }) });
		expect(text(crashed)).toMatch(/takes 6\.1\.0 down.*was wrong\n.*did not survive it.*Kernel panic/);
		expect(text(module({ boot: boot({ stage: "crashed" }) }))).toContain("no panic was seen");
	});

	test("an init that fails is no refusal, and a dependency speaks for itself", () => {
		const failed = module({ boot: boot({ errno: "EINVAL", stage: "init" }) });
		expect(text(failed)).toMatch(
			/^a\.ko: loads on 6\.1\.0; its own init function fails in the emulator \(EINVAL\)\n/,
		);
		expect(text(failed)).toContain("--params 'a KEY=VALUE'");
		expect([passes(failed, { lenient: false }), passes(module({ boot: boot() }), { lenient: true })]).toEqual(
			[true, false],
		);
		const dependency = { name: "low", errno: "ENODEV", stage: "init" as const, log: ["low: nothing here"] };
		const left = module({ verdict: "loads", boot: boot({ errno: "ENOENT", dependency }) });
		expect(text(left)).toMatch(
			/low, which it needs, is not there: its init function failed, ENODEV\n.*low: nothing here/,
		);
	});

	test("a loader that could not be asked contradicts nothing", () => {
		const strict = { lenient: false };
		const without = (how: "init" | "loader", errno: string, verdict: CheckedModule["verdict"] = "loads") => {
			const dependency = { name: "low", errno: "ENODEV", stage: how, log: [] };
			return module({ verdict, boot: boot({ errno, dependency }) });
		};
		const unasked = without("init", "ENOENT");
		expect(text(unasked)).toMatch(
			/^a\.ko: loads on 6\.1\.0; the emulator could not ask: low, which it needs, fails there \(ENODEV\)\n/,
		);
		expect(text(unasked)).toContain("not asked");
		expect(passes(unasked, strict)).toBe(true);
		const open = without("init", "ENOENT", "unknown");
		expect([passes(open, strict), passes(open, { lenient: true })]).toEqual([false, true]);
		// What the loader refuses is not there for others either, and another errno has another reason.
		for (const refused of [without("loader", "ENOENT"), without("init", "ENOEXEC")]) {
			expect(text(refused)).toContain("prediction (loads) was wrong");
			expect(passes(refused, strict)).toBe(false);
		}
	});

	test("a crash in the init function is no wrong prediction, and a silent machine blames nobody", () => {
		const crash: Partial<BootResult> = {
			...{ loaded: false, stage: "crashed", panic: "BUG: x", log: ["BUG: x"] },
		};
		const inInit = module({ boot: boot({ ...crash, inInit: true }) });
		expect(text(inInit)).toMatch(/^a\.ko: loads on 6\.1\.0; its own init function takes the kernel down\n/);
		expect(passes(inInit, { lenient: false })).toBe(false);
		expect(text(module({ boot: boot(crash) }))).toContain("prediction (loads) was wrong");
		const silent = text(module({ boot: boot({ ...crash, panic: null, log: ["IOAM"] }) }));
		expect(silent).toMatch(/^a\.ko: the machine stopped without a word while .* foretold was: loads\n/);
		expect(silent).not.toContain("IOAM");
	});

	test("advice is given once, however many symbols and modules want it", () => {
		const reasons = Array.from({ length: 600 }, (_, at) => ({
			...{
				id: "unknown-symbol",
				expected: `s${at}: an export of that name`,
				actual: "none",
				remedy: "Build it.",
			},
		}));
		const driver = module({ verdict: "refused", errno: "ENOENT", reasons });
		const shown = text(driver, module({ path: "b.ko", name: "b", verdict: "refused", reasons }));
		expect(shown.match(/Build it\./g)).toHaveLength(1);
		expect(shown).toContain("as for a");
		expect(shown).toContain("580 more");
		expect(shown.split("\n").length).toBeLessThan(100);
	});

	test("what is open is told once for all", () => {
		const caveats = [{ id: "enforcement", text: "it is open", remedy: "--enforce none" }];
		const shown = text(module({ caveats }), module({ path: "b.ko", caveats }));
		expect(shown.match(/it is open/g)).toHaveLength(1);
		expect(shown).toContain("(2 of 2 modules)");
	});

	test("unsafe and unknown do not pass; unknown does where that is asked for", () => {
		const strict = { lenient: false };
		const [unsafe, unknown] = [module({ verdict: "unsafe" }), module({ verdict: "unknown" })];
		expect(text(unsafe)).toContain("a.ko: unsafe on 6.1.0");
		expect([passes(unsafe, { lenient: true }), passes(unknown, strict)]).toEqual([false, false]);
		expect([passes(unknown, { lenient: true }), passes(module(), strict)]).toEqual([true, true]);
		expect(passes(module({ verdict: "unsafe", boot: boot({ stage: "loaded", loaded: true }) }), strict)).toBe(
			false,
		);
	});
});
