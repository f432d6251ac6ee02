import type { Details, Entry } from "../entry.ts";
import { building } from "../place.ts";
import { rebuildCommands } from "../poster/way.ts";
import { kernelCompiler } from "../probes/building.ts";
import type { Scene } from "../reading/scene.ts";

/** Options that only clang knows, as the kernel's Makefiles pass them when it was configured for clang. */
const CLANG_ONLY =
	/^(?:kcfi|shadow-call-stack|cfi|cfi-icall|thin|-mretpoline-external-thunk|-fsanitize=(?:kcfi|cfi\S{0,10}|shadow-call-stack)|-fsanitize-cfi-\S{1,40}|-fexperimental-\S{1,60}|-fsplit-lto-unit|-flto=thin|-Qunused-arguments|-mstack-alignment=\d{1,3}|-fno-sanitize-\S{1,40}|--target=\S{1,60}|-enable-trivial\S{0,100}|-mllvm|-fintegrated-as|-fno-integrated-as|-no-integrated-as|-mno-global-merge|-mspeculative-load-hardening|-mharden-sls=none|-Wno-gnu\S{0,60}|-W(?:no-)?format-(?:invalid-specifier|insufficient-args|non-iso)|-Wno-gnu|-fdebug-info-for-profiling|-fcolor-diagnostics|-fno-pic-data-is-text-relative|-ftrivial-auto-var-init-\S{1,60}|-mlvi-cfi|-fdebug-default-version=\d|-fstrict-flex-arrays=3-clang|-Wno-(?:initializer-overrides|tautological-\S{1,60}|unaligned-access|pointer-to-enum-cast|format-(?:insufficient-args|non-iso|invalid-specifier)|self-assign|asm-operand-widths|enum-(?:enum-conversion|compare-conditional)|default-const-init-unsafe)|-fno-experimental\S{0,40}|-fmerge-constants-all|-fpatchable-function-entry-\S{1,20})$/;

/** The compiler itself, its plugins and defaults. */
export const compilerEntries: Entry[] = [
	{
		id: "clang-built-kernel",
		title: "The kernel was built with clang, the module is being built with gcc",
		place: building(30),
		cause:
			"The kernel was built with clang[[ ({tool})]], so its configuration asks for options that gcc does not know[[: {option}]].",
		remedy:
			"Build with LLVM=1 (or CC=clang, with ld.lld when the kernel used it) on the make command line; a variable in the environment does not win over the Makefile.",
		commands: [{ install: ["clang", "ld.lld"] }, { way: "rebuild", set: "LLVM=1" }],
		patterns: [
			// An object of LLVM's bitcode (LTO) in the hands of GNU ld.
			{
				needles: ["reating as linker script"],
				match: /(?<file>[^\s:]{1,300}\.k?[oa]): file format not recognized; treating as linker script/,
				place: building(28),
				certainty: "likely",
			},
		],
		check: "grep CC_IS_CLANG in the config; /proc/version",
		origin: "top Makefile (CC_IS_CLANG), scripts/Makefile.kcov and others",
		event: (event, scene) => {
			if (event.kind !== "option" || /clang/.test(event.compiler ?? "")) return null;
			const byClang = /clang/i.test(scene.builtBy ?? "");
			if (!byClang && !CLANG_ONLY.test(event.option)) return null;
			const details: Details = { option: [event.option] };
			if (byClang) details.tool = ["clang"];
			return byClang ? { details } : { details, certainty: "likely" };
		},
		confirm: (_, machine) => {
			const version = machine.text("/proc/version");
			if (version === null) return { verdict: "not-checkable", evidence: [] };
			const clang = /clang/i.test(version);
			return {
				verdict: clang ? "confirmed" : "contradicted",
				evidence: [`the kernel that runs was built with ${clang ? "clang" : "gcc"} (/proc/version)`],
			};
		},
	},
	{
		id: "gcc-plugin-mismatch",
		title: "The tree's gcc plugins were made for another gcc",
		place: building(29),
		cause: "{file|A gcc plugin of the tree} was compiled for another gcc than the one that runs now.",
		remedy:
			"Use the gcc that built the kernel (CC=gcc-N), update kernel and headers together, or rebuild the plugins in the tree (make modules_prepare with that gcc's plugin headers).",
		commands: ["gcc --version | head -1; cat /proc/version", { install: ["gcc-plugin"] }],
		check: "CONFIG_GCC_PLUGINS; gcc --version against CONFIG_CC_VERSION_TEXT",
		origin: "scripts/gcc-plugins, 4.8 and later; gcc's plugin loader",
		confirm: kernelCompiler,
		patterns: [
			{
				needles: ["gcc/plugin versions", "gcc-plugins", "plugin"],
				match: /incompatible gcc\/plugin versions/,
				read: () => ({}),
			},
			{
				needles: ["initialize plugin", "load plugin"],
				match: /(?:fail(?:ed)? to initialize|cannot load) plugin (?:\.\/)?(?<file>[^\s:']{1,300}\.so)/,
				read: ({ groups }) => ({
					file: [(groups?.file ?? "").replace(/^.*\/(?=scripts\/gcc-plugins\/)/, "")],
				}),
			},
			{
				needles: ["gcc-plugins"],
				match:
					/(?<file>scripts\/gcc-plugins\/[\w-]{1,60}\.so)[^a-z]{1,6}(?:undefined symbol|cannot open shared object|wrong ELF class|No such file|.{0,40}(?:not found))/,
			},
			// gcc's sentences are translated; that it speaks of a plugin of the tree is enough.
			{
				needles: ["gcc-plugins"],
				match:
					/(?:^|\/)(?:cc1|cc1plus|lto1|\S{0,40}g(?:cc|\+\+)\S{0,5}): .{0,60}'(?:\.\/)?\S{0,200}?(?<file>scripts\/gcc-plugins\/[\w-]{1,60}\.so)'/,
			},
			{
				needles: ["plugin"],
				match:
					/plugin (?:'?(?<file>\S{1,200}\.so)'? )?(?:is not |was built |built )(?:for|with) (?:GCC|gcc) (?:version )?\d/,
				place: building(31),
			},
			{
				needles: ["gcc-plugin.h", "support plugins", "plugin header"],
				match:
					/(?<file>gcc-plugin\.h)'?: |gcc installation does not support plugins|plugin headers? (?:for gcc )?(?:not found|missing|not installed)/,
				place: building(33),
				certainty: "likely",
			},
		],
		// bversion.h, plugin-version.h...: the plugins' sources include nothing that is not gcc's or their own.
		event: (event) =>
			event.kind === "no-header" && /(?:^|\/)scripts\/gcc-plugins\//.test(event.source ?? "")
				? { details: { file: [event.header] }, place: building(33), certainty: "likely" }
				: null,
	},
	{
		id: "compiler-flag-unsupported",
		title: "The compiler cannot do what the kernel's configuration demands",
		place: building(32),
		cause:
			"The compiler in use does not know {option|an option that the kernel's configuration passes}[[ ({config})]]: it is older than, or other than, the one that built the kernel.",
		remedy:
			"Use the compiler that built the kernel (CONFIG_CC_VERSION_TEXT names it): make CC=gcc-N. Where a default gets in the way (PIE), switch it off with the flag of the kernel's own Makefile.",
		commands: [
			"grep CC_VERSION_TEXT /lib/modules/{release_kernel|$(uname -r)}/build/.config; cat /proc/version; gcc --version | head -1",
			{ system: "compiler" },
			(known, { scene, release, board }) =>
				// A toolset of Red Hat's kind calls its compiler gcc.
				board === "rhel" || board === "oracle-uek"
					? rebuildCommands(scene, release)
					: rebuildCommands(scene, release, `CC=${known.compiler?.[0] ?? "gcc-N"}`),
			"kprep toolchain get -t {release_kernel|$(uname -r)}",
		],
		here: ({ fact }) => (fact === undefined ? null : `The tree says: ${fact.join("; ")}.`),
		causes: [
			"an old distribution compiler with the headers of a newer kernel",
			"gcc that makes position-independent code by default with a kernel older than 4.9",
			"clang with a configuration that was made for gcc",
		],
		check: "gcc --version against CONFIG_CC_VERSION_TEXT",
		origin: "the compiler; arch/*/Makefile, scripts/Makefile.compiler",
		confirm: kernelCompiler,
		patterns: [
			{
				needles: ["not supported by", "not supported"],
				match:
					/(?:Cannot use |\*\*\* )?(?<config>CONFIG_\w{1,80})(?:=[ymn])?[,:]? (?:but )?(?:is )?(?:not supported by(?: the| your)? compiler|.{0,40}-fstack-protector\S{0,20} not supported)/,
			},
			// The versions, as scripts/cc-version.sh and its like say them below.
			{
				needles: [" version: "],
				match: /^\*\*\* +(?<fact>(?:Your|Minimum) \S{1,20} version: +\d\S{0,20})$/,
				adds: true,
			},
			{
				needles: ["Cannot use CONFIG_"],
				match: /Cannot use (?<config>CONFIG_\w{1,80}): (?<fact>\S.{0,150})/,
				place: building(33),
			},
			{
				needles: ["GNU Make >= "],
				match:
					/\*\*\* GNU Make >= (?<least>\S{1,10}) is required\. Your Make version is (?<own>[\d.]{1,12}?)\.?(?:\s|$)/,
				read: ({ groups }) => ({
					tool: ["make"],
					fact: [`make here is ${groups?.own}, and the tree wants ${groups?.least}`],
				}),
			},
			{
				needles: ["unsupported without", "supported without"],
				match:
					/(?<config>CONFIG_\w{1,80}) (?:unsupported|not supported) without (?<option>-\S{1,80}?)[.,]?(?:\s|$)/,
			},
			{
				needles: ["support PIC mode", "support PIE mode"],
				match: /code model '?(?<option>kernel)'? does not support (?:PIC|PIE) mode/,
				read: () => ({}),
			},
			{
				needles: ["too old", "upgrade your", "newer is required", "Sorry, your", "Sorry, this"],
				match:
					/(?:\*\*\* (?:C )?[Cc]ompiler is too old|Sorry, this (?:C compiler|compiler|linker|assembler)(?: version)? is not supported|C compiler is too old|Assembler is too old|Linker is too old|[Yy]our (?:gcc|compiler|linker|binutils)[^.]{0,60} (?:is )?too old|(?:gcc|GCC|clang|compiler)[^.]{0,60}(?:too old|or newer is required|upgrade your)|Sorry, your (?:compiler|version of GCC|version of Clang)[^.]{0,80})/,
			},
			{
				needles: ["retpoline", "RETPOLINE"],
				match:
					/(?:CONFIG_)?RETPOLINE(?:=y)?,? but (?:not supported by|the compiler)|[Yy]ou are building kernel with non-retpoline compiler|Compiler does not support retpoline/i,
				read: ({ input = "" }) => (/CONFIG_RETPOLINE/.test(input) ? { config: ["CONFIG_RETPOLINE"] } : {}),
			},
			{
				needles: ["#error"],
				match:
					/#error:? "?(?:no compiler-gcc\.h file for this gcc version|Sorry, your|.{0,80}(?:compiler|gcc|GCC|Clang).{0,80})/,
			},
			{
				needles: ["ompiler "],
				match: /[Cc]ompiler (?:lacks|does not support|doesn't support|without) (?:asm[- _]goto|\S{1,40})/,
				place: building(34),
			},
		],
		event: (event, scene) => {
			// Kernels before 4.2 have a header for each version of gcc that they know.
			if (event.kind === "no-header" && /(?:^|\/)linux\/compiler-gcc\d{1,2}\.h$/.test(event.header))
				return { details: { file: [event.header] } };
			if (event.kind !== "option") return null;
			// In words that name no compiler, only a real option counts.
			if (event.compiler === null && !event.option.startsWith("-")) return null;
			if (isClangCase(event.option, event.compiler, scene)) return null;
			return {
				details: { option: [event.option], ...(event.compiler === null ? {} : { tool: [event.compiler] }) },
			};
		},
	},
	{
		id: "yylloc-multiple-definition",
		title: "The old tree's dtc does not link with this host compiler",
		place: building(28),
		cause:
			"Both the parser and the lexer of dtc define yylloc, and host compilers from gcc 10 on no longer merge such definitions.",
		remedy:
			"Remove the line `YYLTYPE yylloc;` from scripts/dtc/dtc-lexer.l (and dtc-lexer.lex.c_shipped), as kernels from 5.6 have it, or build with HOSTCFLAGS=-fcommon.",
		commands: ["make HOSTCFLAGS=-fcommon modules_prepare"],
		check: "gcc --version; grep -n 'YYLTYPE yylloc' scripts/dtc/dtc-lexer.l*",
		origin: "scripts/dtc, before 5.6; gcc 10 and later (-fno-common)",
		patterns: [
			{
				needles: ["yylloc"],
				match: /(?:multiple definition of|duplicate symbol:?) '?yylloc/,
				read: ({ input = "" }) => ({
					symbol: ["yylloc"],
					...(/\bdtc\b/.test(input) ? { tool: ["dtc"] } : {}),
				}),
			},
		],
	},
];

function isClangCase(option: string, compiler: string | null, scene: Scene): boolean {
	return !/clang/.test(compiler ?? "") && (CLANG_ONLY.test(option) || /clang/i.test(scene.builtBy ?? ""));
}
