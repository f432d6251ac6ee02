import { quoted } from "../../shell-word.ts";
import type { Entry, Pattern } from "../entry.ts";
import { building, follows, refused, reported } from "../place.ts";
import { rebuildCommands, remark } from "../poster/way.ts";
import { exported, gplOnly, namespaced, narrowMachine, unexported } from "../probes/loading.ts";
import { configured } from "../probes/probe.ts";
import { says } from "../reading/pattern.ts";
import { compilerSymbolAdvice } from "./compiler-symbols.ts";
import { anyOf, withdrawnAdvice } from "./withdrawn.ts";

const ORIGIN = "kernel/module.c, kernel/module/main.c (simplify_symbols, resolve_symbol)";

/** Routines that compilers call on their own: libgcc, stack protector, sanitizers, profiling, thunks, outline atomics. */
const COMPILER_SYMBOL =
	"(?:__aeabi_(?!unwind)\\w{1,40}|__u?(?:div|mod|divmod)[dst]i[34]|__(?:ash[lr]|lshr|mul|neg|cmp|ucmp|ffs|clz|ctz|popcount|parity|bswap)v?[dst]i[234]?|__(?:add|sub|mul|div|neg|eq|ne|lt|gt|le|ge|unord)[sdt]f[23]|__(?:fix|float)\\w{2,12}|__(?:extend|trunc)[sdthx]f[sdtx]f2|__stack_chk_(?:guard|fail)\\w{0,20}|__stack_smash_handler|_?_?mcount|__gnu_mcount_nc|__fentry__|__cyg_profile_func_\\w{1,10}|__(?:asan|ubsan|tsan|kcsan|msan|hwasan|sanitizer_cov)_\\w{1,60}|__gcov_\\w{1,40}|__llvm_\\w{1,40}|__x86_(?:indirect|return)_thunk\\w{0,20}|__cfi_\\w{1,20}|__aarch64_(?:cas|swp|ldadd|ldclr|ldeor|ldset)\\w{1,20}|__(?:sync|atomic)_\\w{1,40}|_GLOBAL_OFFSET_TABLE_|_(?:save|rest)[gf]pr\\w{0,10}|__gnu_(?:thumb|lto)\\w{0,20}|_Unwind_\\w{1,30}|__gxx_personality\\w{0,10})";

const NOT_COMPILER = `(?!${COMPILER_SYMBOL}(?![\\w.]))`;

/** Symbols that nothing provides, or that the kernel does not let this module have. */
export const unknownSymbolEntries: Entry[] = [
	{
		id: "unknown-symbol",
		title: "Nothing provides a symbol that the module needs",
		place: refused(71),
		cause:
			"{module|The module} needs {symbol|a symbol}, and neither the kernel nor a loaded module exports it.",
		remedy:
			"Load with modprobe, which loads dependencies first (run depmod after copying), or load the exporter by hand before insmod. If no module exports it, the kernel's configuration lacks the option, has it trimmed, or this version does not export it: then the source must use another interface.",
		commands: [
			({ symbol, module }) =>
				symbol === undefined || module === undefined
					? ["sudo dmesg | tail -50 | kprep explain # names the symbols"]
					: [],
			({ symbol }) =>
				symbol?.[0] === undefined
					? []
					: [
							`grep ${anyOf(symbol)} /proc/kallsyms | head; grep ${anyOf(symbol)} /lib/modules/$(uname -r)/modules.symbols`,
							`grep ${anyOf(symbol)} /lib/modules/$(uname -r)/build/Module.symvers`,
						],
			({ module, file }) =>
				withDependencies(
					module?.[0],
					file?.find((path) => /\.ko/.test(path)),
				),
		],
		here: ({ symbol }, { scene }) =>
			withdrawnAdvice(symbol) ??
			(symbol === undefined && scene.refusedBoth
				? "modprobe says Invalid argument where insmod says Unknown symbol: that is mostly a symbol of another version (err -22 in the kernel log), so the module was built in another tree than this kernel's."
				: null),
		causes: [
			"insmod does not load dependencies",
			"the option that exports it is off in this kernel (grep its .config)",
			"CONFIG_TRIM_UNUSED_KSYMS removed the export",
			"the symbol was unexported in this version (kallsyms_lookup_name since 5.7)",
		],
		check: "grep -w SYMBOL /proc/kallsyms; Module.symvers; modinfo -F depends",
		origin: `${ORIGIN}; libkmod, depmod`,
		patterns: [
			unknown(NOT_COMPILER),
			{
				needles: [" unknown symbol"],
				match: new RegExp(
					`(?:(?<ko>[^\\s'"]{1,300}?\\.k?o(?:\\.\\w{2,4})?) )?needs (?:\\(\\w\\) )?unknown symbol ${NOT_COMPILER}(?<symbol>[\\w.$]{1,512})`,
				),
				place: follows(30),
			},
			{
				needles: ["nresolved symbol"],
				match: new RegExp(
					`(?:(?<ko>\\S{1,200}\\.k?o):|insmod:|^) ?unresolved symbol ${NOT_COMPILER}(?<symbol>[\\w.$]{1,512})`,
				),
			},
		],
		event: (event) =>
			event.kind === "refusal" && event.errno === "ENOENT"
				? {
						details: event.module === null ? {} : { module: [event.module] },
						place: reported(71),
						certainty: /parameter/i.test(event.words) ? "likely" : "certain",
					}
				: null,
		returns: ["ENOENT"],
		confirm: unexported,
	},
	{
		id: "compiler-runtime-symbol",
		title: "The unknown symbol is one that the compiler emitted",
		place: refused(69),
		cause:
			"{symbol|The symbol} is not a kernel function: the compiler called it on its own, for an operation or a check that this kernel does not support.",
		remedy:
			"Divide 64-bit numbers with do_div() or div64_u64() on 32-bit machines, use no floating point, and compile through kbuild of a tree with the kernel's own .config and compiler, so that no stack protector, sanitizer or profiling is switched on that the kernel lacks.",
		commands: [
			"nm -u {ko} | grep -w {symbol|SYMBOL}",
			"grep -E 'STACKPROTECTOR|KASAN|KCOV|GCOV|FTRACE|CC_VERSION_TEXT' /lib/modules/{release_kernel|$(uname -r)}/build/.config; cat /proc/version; gcc --version | head -1",
			{ system: "prepared" },
			({ symbol }, { scene, release }) =>
				/^__stack_chk/.test(symbol?.[0] ?? "")
					? [
							`kprep toolchain get${release === null ? "" : ` -t ${quoted(release)}`} # the kernel's own compiler, where this machine has an older one`,
							...rebuildCommands(scene, release, "CC=gcc-N").map((command) =>
								remark(command, "gcc-N: as /proc/version names it"),
							),
						]
					: rebuildCommands(scene, release),
		],
		here: ({ symbol }) => compilerSymbolAdvice(symbol?.[0] ?? ""),
		causes: [
			"__udivdi3, __aeabi_ldivmod...: a 64-bit / or % on a 32-bit machine",
			"__stack_chk_guard: the tree's stack protector settings are not the kernel's",
			"__x86_indirect_thunk_*, __x86_return_thunk: mitigations differ between tree and kernel",
			"mcount, __fentry__: function tracing differs",
		],
		check: "nm -u x.ko; stack protector, sanitizer and tracer options of tree and kernel",
		origin: "the compiler's runtime library (libgcc), seen by kernel/module and modpost",
		confirm: narrowMachine,
		patterns: [
			unknown(`(?=${COMPILER_SYMBOL}(?![\\w.]))`),
			{
				needles: ["undefined!"],
				match: new RegExp(`'(?<symbol>${COMPILER_SYMBOL})' \\[(?<ko>[^\\]]{1,300}\\.ko)\\] undefined!`),
				place: building(60),
				read: ({ groups }) => ({
					symbol: [groups?.symbol ?? ""],
					...(groups?.ko === undefined ? {} : { module: [baseName(groups.ko)] }),
				}),
			},
			// depmod names all symbols of a module when it was given the wrong list: then these are none of the compiler's.
			{
				needles: ["unknown symbol", "nresolved symbol"],
				match: new RegExp(`un(?:known|resolved) symbol (?<symbol>${COMPILER_SYMBOL})(?![\\w.])`),
				place: follows(31),
			},
		],
		returns: ["ENOENT"],
		explains: ["unknown-symbol", "modpost-undefined"],
	},
	{
		id: "protected-symbol-export",
		title: "A protected symbol of this GKI kernel may not be exported by this module",
		place: refused(65),
		cause:
			"{module|The module} exports {symbol|a symbol} that this GKI kernel protects, and its signature is not one of the kernel's own build.",
		remedy:
			"Use the modules that were built and signed together with this kernel (system_dlkm), or trust their certificate in an own build, or change its list of protected exports.",
		commands: ["modinfo -F signer {ko}", "zcat /proc/config.gz | grep MODULE_SIG_PROTECT"],
		check: "CONFIG_MODULE_SIG_PROTECT; signer of the file against the running build",
		origin: "Android common kernel, kernel/module/main.c and gki_module.c (android13-5.15 and later)",
		confirm: configured(["MODULE_SIG_PROTECT"], (value) => value === "y"),
		patterns: [
			says("<module>: exports protected symbol <symbol>"),
			says("<module>: Protected symbol: <symbol>"),
		],
		returns: ["EACCES", "EPERM"],
		explains: ["unknown-symbol"],
	},
	{
		id: "gpl-only-symbol",
		title: "A module without a GPL-compatible licence uses a GPL-only symbol",
		place: building(40),
		cause:
			"{module|The module} declares no GPL-compatible licence and uses {symbol|a symbol}, which is exported to GPL modules only.",
		remedy:
			"Look for a newer version of the module that does without it, or a kernel in which the symbol is not pulled in (debug and lock options make inline functions call GPL-only ones: DEBUG_LOCK_ALLOC, PREEMPT_RCU, tracing).",
		commands: ["modinfo -F license {ko}"],
		unsafe: "Declaring another licence than the code has is no fix.",
		check:
			"MODULE_LICENSE of the source; EXPORT_SYMBOL_GPL of the symbol in this kernel and not in the one before",
		origin: "scripts/mod/modpost.c (check_for_gpl_usage), 2.6.16 and later",
		confirm: gplOnly,
		patterns: [
			{
				needles: ["GPL-incompatible module"],
				match:
					/GPL-incompatible module (?<ko>[^\s']{1,300}?)(?:\.ko)? uses (?:the future )?GPL-only symbol '(?<symbol>[\w.]{1,512})'/,
			},
			{
				needles: ["from proprietary module"],
				match:
					/(?<module>[\w.+-]{1,64}): module using GPL-only symbols uses symbols (?<symbol>\w{1,200}) from proprietary module/,
				place: refused(68),
			},
			{
				needles: ["failing symbol_get"],
				match: /(?:(?<module>[\w.+-]{1,64}): )?failing symbol_get of non-GPLONLY symbol (?<symbol>\w{1,200})/,
				place: refused(68),
			},
		],
	},
	{
		id: "symbol-namespace",
		title: "The symbol is in an export namespace that the module does not import",
		place: refused(68),
		cause:
			"{symbol|A symbol} is exported in the namespace {namespace|of another subsystem}, and {module|the module} does not import it.",
		remedy:
			'Add MODULE_IMPORT_NS("{namespace|NAMESPACE}") to the module (without quotes before 6.13) if it is meant to use it, and build again; else use another interface. The namespaces that the kernel keeps for named modules (module:...) cannot be imported at all: drop such an import.',
		commands: ["modinfo -F import_ns {ko}"],
		check: "the namespace column of Module.symvers; modinfo -F import_ns",
		origin: "kernel/module (verify_namespace_is_imported) and scripts/mod/modpost.c, 5.4 and later",
		confirm: namespaced,
		patterns: [
			{
				needles: ["but does not import it"],
				match:
					/(?<module>[\w.+-]{1,64}): module uses symbol \(?(?<symbol>[\w.]{1,512}?)\)? from namespace (?<namespace>[\w.,-]{1,128}), but does not import it/,
			},
			{
				needles: ["but does not import it"],
				match:
					/(?:modpost: |WARNING: |ERROR: )module (?<module>[\w.+/-]{1,128}) uses symbol \(?(?<symbol>[\w.]{1,512}?)\)? from namespace (?<namespace>[\w.,-]{1,128}), but does not import it/,
				place: building(41),
				read: ({ groups }) => ({
					module: [baseName(groups?.module ?? "")],
					symbol: [groups?.symbol ?? ""],
					namespace: [groups?.namespace ?? ""],
				}),
			},
		],
		returns: ["EINVAL", "ENOENT"],
		explains: ["symbol-version-mismatch", "unknown-symbol"],
	},
	{
		id: "duplicate-export",
		title: "The same symbol is exported twice",
		place: refused(85),
		cause: "{symbol|A symbol} is exported by more than one of the modules, or listed twice.",
		remedy:
			"Remove the second export, or the second copy of the symvers file (KBUILD_EXTRA_SYMBOLS, Module.symvers); when loading, unload or switch off the module that has it already.",
		commands: [
			({ tool, module }) =>
				tool?.[0] === "kernel"
					? [
							`grep -w ${quoted(module?.[0] ?? "NAME")} /lib/modules/"$(uname -r)"/modules.builtin; modinfo -n ${quoted(module?.[0] ?? "NAME")}`,
							"sudo depmod # after the stray file was moved away",
						]
					: tool?.[0] === undefined
						? []
						: [`sudo modprobe -r ${quoted(tool[0])}; modinfo -n ${quoted(tool[0])}`],
			"grep -w {symbol|SYMBOL} Module.symvers /lib/modules/{release_kernel|$(uname -r)}/build/Module.symvers",
		],
		here: ({ tool, module }) =>
			tool?.[0] === "kernel"
				? `The kernel itself has it: ${module?.[0] ?? "the module"} is built in, so the file of that name is a stray one and is not needed.`
				: tool?.[0] === undefined
					? null
					: `The module ${tool[0]} has it: only one of the two can be loaded.`,
		check: "which of vmlinux, in-tree modules and external modules export it",
		origin: "kernel/module (verify_exported_symbols); scripts/mod/modpost.c (sym_add_exported)",
		confirm: exported,
		patterns: [
			{
				needles: ["exports duplicate symbol"],
				match:
					/(?<![\w.+/-])(?<module>[\w.+-]{1,64}): exports duplicate symbol (?<symbol>[\w.$]{1,512})(?: \(owned by (?<tool>[\w-]{1,64})\))?/,
			},
			{
				needles: ["exported twice"],
				match: /(?:modpost: )?(?<ko>[^\s:]{1,300}): '(?<symbol>[\w.]{1,512})' exported twice/,
				place: building(42),
			},
		],
		returns: ["ENOEXEC"],
	},
];

/** Loads what a module needs, then the module: from its file when that is not installed. */
function withDependencies(module: string | undefined, file: string | undefined): string[] {
	const name = module === undefined ? "NAME" : quoted(module);
	if (file === undefined || file.startsWith("/lib/modules/") || file.startsWith("/usr/lib/modules/"))
		return [`modinfo -F depends ${name}`, `sudo depmod && sudo modprobe ${name}`];
	const path = quoted(file);
	return [
		`modinfo -F depends ${path}; modinfo -F vermagic ${path}; uname -r`,
		`for m in $(modinfo -F depends ${path} | tr , ' '); do sudo modprobe $m || sudo insmod "$(find / -xdev -name "$m.ko*" -print -quit 2>/dev/null)"; done; sudo insmod ${path}`,
	];
}

/** "Unknown symbol X" in all its wordings but the one of a refused version (err -22). */
function unknown(guard: string): Pattern {
	return {
		needles: ["Unknown symbol", "unknown symbol"],
		match: new RegExp(
			`(?:(?<![\\w.+/-])(?<module>[\\w.+-]{1,64}): )?[Uu]nknown symbol:? (?!in module)'?${guard}(?<symbol>(?!in\\b|or\\b|err\\b)[\\w.$]{1,512})(?![\\w$])'?(?! ?\\(err(?:or)?:? -(?:16|22)\\))`,
		),
		read: (found) => {
			const { module, symbol } = found.groups ?? {};
			if (found.input?.includes("needs unknown symbol")) return null;
			if (symbol === undefined || found.input?.slice(found.index).match(/^.{0,700}\(err -22\)/)) return null;
			return module === undefined || module === "symbol"
				? { symbol: [symbol] }
				: { module: [module], symbol: [symbol] };
		},
	};
}

/** Name of a module file without folders and suffix. */
export function baseName(path: string): string {
	return (path.split("/").pop() ?? path).replace(/\.k?o(?:\.\w{2,4})?$/, "");
}
