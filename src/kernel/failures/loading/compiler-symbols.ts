/** What a symbol of the compiler's own tells of the build, by its kind; null when nothing more than the general remedy. */
export function compilerSymbolAdvice(symbol: string): string | null {
	return ADVICE.find(([kind]) => kind.test(symbol))?.[1] ?? null;
}

const ADVICE: readonly [kind: RegExp, advice: string][] = [
	[
		/^__stack_chk_guard/,
		"Here: the kernel keeps the guard per task (STACKPROTECTOR_PER_TASK; arm64 in sp_el0, arm in a TLS register), and this compiler compiled for the global guard: it is older than the kernel's (arm64 needs gcc 9), or the headers were configured again with it, which drops the option without a word. Reinstall the headers untouched and build with the compiler of /proc/version.",
	],
	[
		/^__stack_chk_fail|^__stack_smash/,
		"Here: the module was compiled with a stack protector, and the kernel has none (CONFIG_STACKPROTECTOR off): compile through kbuild, or with -fno-stack-protector where the compiler's default switches it on.",
	],
	[
		/^__(?:u?div|u?mod|aeabi_(?:u?l?div|ldiv|uldiv|u?idiv))/,
		"Here: a 64-bit / or % in the driver on a 32-bit machine. Write div_u64(a, b), div64_u64() or do_div() of linux/math64.h there.",
	],
	[
		/^__(?:add|sub|mul|div|neg|eq|ne|lt|gt|le|ge|unord|fix|float|extend|trunc)\w{0,8}[sdtx]f|^__aeabi_[dfi]\d?[a-z]*(?:add|sub|mul|div|2)/,
		"Here: floating point in the driver. The kernel has none: compute with integers.",
	],
	[
		/^__(?:asan|kasan|hwasan|ubsan|tsan|kcsan|msan|sanitizer_cov)/,
		"Here: the tree has a sanitizer switched on that the running kernel has not (KASAN, UBSAN, KCSAN, KCOV): the two have other configurations.",
	],
	[/^__gcov|^__llvm_gcov|^__llvm_prf/, "Here: the tree was configured for GCOV or PGO, the kernel was not."],
	[
		/mcount|__fentry__|__cyg_profile/,
		"Here: the tree has function tracing (FUNCTION_TRACER) and the kernel has not, or the module was compiled with -pg outside of kbuild.",
	],
	[
		/^__x86_(?:indirect|return)_thunk/,
		"Here: the tree has RETPOLINE or RETHUNK mitigations that the running kernel was built without, or calls them by other names: the kernel is older than the headers.",
	],
	[
		/^__aarch64_(?:cas|swp|ld)/,
		"Here: gcc 10 and later call outline atomics on arm64; kbuild passes -mno-outline-atomics since 5.8. Compile through kbuild, or add that flag in older trees.",
	],
];
