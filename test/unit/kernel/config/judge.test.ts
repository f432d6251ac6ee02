import { describe, expect, it } from "vitest";
import { instrumentationOf } from "../../../../src/kernel/config/instrumentation.ts";
import { judgeDrift, needsProof } from "../../../../src/kernel/config/judge.ts";
import { emptyKconfig, readKconfigText } from "../../../../src/kernel/config/kconfig.ts";

const kconfig = emptyKconfig();
readKconfigText(
	[
		"success = $(shell,$(1))",
		"config CC_HAS_THIS\n\tdef_bool $(success,x)",
		"config CC_HAS_THAT\n\tdef_bool $(success,y)",
		'config SLUB_DEBUG\n\tbool "Debug"',
		'config MEMCG\n\tbool "Groups"',
		'config RUST\n\tbool "Rust"',
		'config NOVA\n\ttristate "Nova"\n\tdepends on RUST',
		'config CFI\n\tbool "CFI"',
		"config ARCH_SUPPORTS_RT\n\tbool",
		'config EXPERT\n\tbool "Expert"\n\tselect ARCH_SELECTED',
		"config ARCH_SELECTED\n\tbool",
		'config PREEMPT_RT\n\tbool "Realtime"\n\tdepends on EXPERT && ARCH_SUPPORTS_RT',
		'config BY_SELECT\n\tbool "Selected"\n\tdepends on ARCH_SELECTED',
	].join("\n"),
	kconfig,
);

describe("judgeDrift", () => {
	it.each([
		["CC_HAS_THIS", "n", "y", "host"],
		["CC_HAS_THAT", "n", "y", "felt"],
		["AS_HAS_SOMETHING_OLDER", "y", "n", "host"],
		["SLUB_DEBUG", "y", "n", "options"],
		["MEMCG", "y", "n", "felt"],
		["RUST", "y", "n", "rust"],
		["NOVA", "m", "n", "rust"],
		["RUSTC_HAS_A", "y", "n", "rust"],
		["CFI", "y", "n", "code"],
		["VENDOR_ADDITION", "y", null, "felt"],
		["TREE_ADDITION", null, "y", "options"],
	])("CONFIG_%s, target %s, tree %s: %s", (symbol, target, tree, expected) => {
		const drift = [
			{ symbol, target, tree, cause: null, abi: null },
			{ symbol: "RUST", target: "y", tree: "n", cause: null, abi: null },
		];
		const knowledge = { kconfig, headers: new Set(["MEMCG"]), build: new Set(["CC_HAS_THAT"]) };
		const [judged] = judgeDrift(drift, knowledge);
		expect(judged?.class).toBe(expected);
		expect(judged && needsProof(judged)).toBe(["felt", "code"].includes(expected));
		expect(judged?.known).toBe(kconfig.symbols.has(symbol));
	});

	it.each([
		["PREEMPT_RT", "y", null, false],
		["PREEMPT_RT", "y", "n", true],
		["PREEMPT_RT", null, "y", true],
		["MEMCG", "y", null, true],
		["VENDOR_ADDITION", "y", null, false],
		["BY_SELECT", "y", null, true],
	])("attainable: CONFIG_%s, target %s, tree %s: %s", (symbol, target, tree, expected) => {
		const knowledge = { kconfig, headers: new Set<string>(), build: new Set<string>() };
		const [judged] = judgeDrift([{ symbol, target, tree, cause: null, abi: true }], knowledge);
		expect(judged?.attainable).toBe(expected);
	});

	it("without any Kconfig tells host facts by their names", () => {
		const drift = ["CC_HAS_THIS", "EXT4_FS"].map((symbol) => ({
			...{ symbol, target: "y", tree: null, cause: null, abi: null },
		}));
		const knowledge = { kconfig: null, headers: new Set<string>(), build: new Set<string>() };
		expect(judgeDrift(drift, knowledge).map((one) => one.class)).toEqual(["host", "options"]);
	});
});

it.each([
	["CFI_CLANG", "cfi"],
	["X86_KERNEL_IBT", "ibt"],
	["MITIGATION_RETHUNK", "return-thunk"],
	["MITIGATION_SLS", "sls"],
	["SHADOW_CALL_STACK", "shadow-call-stack"],
	["ARM64_PTR_AUTH_KERNEL", "pac"],
	["KASAN_GENERIC", "kasan"],
	["KMSAN", "kmsan"],
	["DYNAMIC_FTRACE_WITH_ARGS", "ftrace"],
	["STACKPROTECTOR_PER_TASK", "stack-guard"],
	["GCC_PLUGIN_STACKLEAK", "plugin"],
	["HZ", "numbers"],
	["EXT4_FS", undefined],
])("CONFIG_%s: %s", (symbol, id) => expect(instrumentationOf(symbol)?.id).toBe(id));
