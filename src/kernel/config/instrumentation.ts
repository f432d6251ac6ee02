/**
 * Options that change how code is called, instrumented or what numbers it has built in: a module and its kernel must
 * agree on them although no structure tells. Each row names the marks that built code carries (checks/deep/marks.ts).
 */
export interface Instrumentation {
	id: string;
	/** Names without CONFIG_. */
	symbols: RegExp;
	/** What is at stake, for people. */
	stake: string;
	/** What becomes of a module that lacks what its kernel has, and of one that has what its kernel lacks. */
	lost: Consequence;
	extra: Consequence;
	/** Marks in a built module that show whether it is in force; empty: nothing in the code shows it. */
	marks: readonly Mark[];
}

/** "harmless": the module only does without it; what it wants and does not get is an unknown symbol, which the loader tells. */
export type Consequence = "unsafe" | "harmless";

/** What can be seen in a module's code: names of symbols that it has or wants, or instructions at its functions. */
export type Mark =
	| "endbr"
	| "cfi"
	| "fentry"
	| "patchable"
	| "return-thunk"
	| "indirect-thunk"
	| "sls"
	| "pac"
	| "bti"
	| "shadow-call-stack"
	| "asan"
	| "msan"
	| "tsan"
	| "ubsan"
	| "coverage"
	| "stack-guard-global"
	| "stack-guard-task"
	| "stack-leak";

/** In the order in which a symbol is looked for: the first row that has it counts. */
export const INSTRUMENTATION: readonly Instrumentation[] = [
	{
		id: "cfi",
		symbols: /^(?:CFI|CFI_CLANG|CFI_ICALL_\w+|FINEIBT\w*|SHADOW_CFI|CFI_CLANG_SHADOW|CFI_PERMISSIVE)$/,
		stake: "calls through pointers are checked against the type of the callee (CFI)",
		marks: ["cfi"],
		lost: "unsafe",
		extra: "unsafe",
	},
	{
		id: "ibt",
		symbols: /^(?:X86_KERNEL_IBT|ARM64_BTI_KERNEL)$/,
		stake: "functions that are called through pointers begin with a landing pad (IBT, BTI)",
		marks: ["endbr", "bti"],
		lost: "unsafe",
		extra: "harmless",
	},
	{
		id: "return-thunk",
		symbols:
			/^(?:RETHUNK|MITIGATION_RETHUNK|CALL_THUNKS|CALL_DEPTH_TRACKING|MITIGATION_CALL_DEPTH_TRACKING)$/,
		stake: "functions return through a thunk that the mitigation needs",
		marks: ["return-thunk"],
		lost: "unsafe",
		extra: "harmless",
	},
	{
		id: "retpoline",
		symbols: /^(?:RETPOLINE|MITIGATION_RETPOLINE)$/,
		stake: "calls through pointers take a thunk that the mitigation needs",
		marks: ["indirect-thunk"],
		lost: "unsafe",
		extra: "harmless",
	},
	{
		id: "sls",
		symbols: /^(?:SLS|MITIGATION_SLS|HARDEN_SLS_ALL)$/,
		stake: "a trap stands behind each return",
		marks: ["sls"],
		lost: "unsafe",
		extra: "harmless",
	},
	{
		id: "shadow-call-stack",
		symbols: /^(?:SHADOW_CALL_STACK|DYNAMIC_SCS|UNWIND_PATCH_PAC_INTO_SCS)$/,
		stake: "return addresses are kept on a shadow stack, whose register no other code may use",
		marks: ["shadow-call-stack", "pac"],
		lost: "unsafe",
		extra: "unsafe",
	},
	{
		id: "pac",
		symbols: /^(?:ARM64_PTR_AUTH|ARM64_PTR_AUTH_KERNEL)$/,
		stake: "return addresses are signed",
		marks: ["pac"],
		lost: "harmless",
		extra: "harmless",
	},
	{
		id: "kasan",
		symbols: /^(?:KASAN|KASAN_\w+)$/,
		stake: "accesses are checked by the sanitizer, and its padding is laid around variables",
		marks: ["asan"],
		lost: "harmless",
		extra: "harmless",
	},
	{
		id: "kmsan",
		symbols: /^(?:KMSAN|KMSAN_\w+)$/,
		stake: "every access is tracked by the sanitizer",
		marks: ["msan"],
		lost: "unsafe",
		extra: "harmless",
	},
	{
		id: "kcsan",
		symbols: /^(?:KCSAN|KCSAN_\w+)$/,
		stake: "every access calls the sanitizer",
		marks: ["tsan"],
		lost: "harmless",
		extra: "harmless",
	},
	{
		id: "ubsan",
		symbols: /^(?:UBSAN|UBSAN_\w+)$/,
		stake: "code calls the sanitizer, or traps in its way",
		marks: ["ubsan"],
		lost: "harmless",
		extra: "harmless",
	},
	{
		id: "coverage",
		symbols: /^(?:KCOV|KCOV_\w+|GCOV_KERNEL|GCOV_PROFILE_ALL)$/,
		stake: "code records what was run",
		marks: ["coverage"],
		lost: "harmless",
		extra: "harmless",
	},
	{
		id: "ftrace",
		symbols:
			/^(?:FUNCTION_TRACER|DYNAMIC_FTRACE|DYNAMIC_FTRACE_WITH_\w+|FTRACE_MCOUNT_USE_\w+|HAVE_FENTRY|FTRACE_MCOUNT_RECORD|CALL_PADDING|PREFIX_SYMBOLS|FUNCTION_PADDING_(?:CFI|BYTES))$/,
		stake: "functions begin with the place that ftrace patches",
		marks: ["fentry", "patchable"],
		lost: "harmless",
		extra: "unsafe",
	},
	{
		id: "stack-guard",
		symbols: /^(?:STACKPROTECTOR|STACKPROTECTOR_\w+|CC_STACKPROTECTOR\w*)$/,
		stake: "functions compare a guard whose place both must know",
		marks: ["stack-guard-global", "stack-guard-task"],
		lost: "harmless",
		extra: "unsafe",
	},
	{
		id: "plugin",
		symbols: /^(?:GCC_PLUGIN_\w+|RANDSTRUCT\w*|KSTACK_ERASE|STACKLEAK\w*)$/,
		stake: "a plugin of the compiler changes code or structures",
		marks: ["stack-leak"],
		lost: "unsafe",
		extra: "unsafe",
	},
	{
		id: "numbers",
		symbols:
			/^(?:HZ|PAGE_OFFSET|PHYS_OFFSET|PAGE_SHIFT|PAGE_SIZE_\w+|ARM64_(?:4K|16K|64K)_PAGES|\w+_PAGE_SHIFT|HAVE_PAGE_SIZE_\w+|VMSPLIT_\w+|ARM64_VA_BITS\w*|ARM64_PA_BITS\w*|PGTABLE_LEVELS|FLATMEM|SPARSEMEM\w*|DISCONTIGMEM|HIGHMEM\w*|SMP|PREEMPT|PREEMPTION|PREEMPT_COUNT|PREEMPT_BUILD|PREEMPT_RT|THREAD_SHIFT|THREAD_SIZE_ORDER|64BIT|CPU_BIG_ENDIAN|KERNEL_MODE_NEON_ABI|AEABI|THUMB2_KERNEL)$/,
		stake: "numbers and ways of locking that are built into each module",
		marks: [],
		lost: "unsafe",
		extra: "unsafe",
	},
];

/** The row that a symbol falls under; null for all others. */
export function instrumentationOf(symbol: string): Instrumentation | null {
	return INSTRUMENTATION.find(({ symbols }) => symbols.test(symbol)) ?? null;
}
