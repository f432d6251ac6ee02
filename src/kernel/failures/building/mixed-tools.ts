import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building, follows } from "../place.ts";
import { buildCommands, rebuildCommands } from "../poster/way.ts";
import { says } from "../reading/pattern.ts";

/** Tools that do not belong together: of two versions, two makers or two machines; and tools that fell over. */
export const mixedToolEntries: Entry[] = [
	{
		id: "llvm-version-mixed",
		title: "Tools of two LLVM versions are mixed",
		place: building(29),
		cause:
			"One LLVM tool reads what a newer one wrote[[ ({file})]]: the objects (or the kernel's own bitcode) are of another LLVM version than the linker.",
		remedy:
			"Use one version for all: LLVM=-N with the N that built the kernel, then make clean and build again.",
		commands: [
			"which -a clang ld.lld; clang --version | head -1; ld.lld --version; grep -E 'CONFIG_(CLANG|LLD)_VERSION|CC_VERSION_TEXT' /lib/modules/{release_kernel|$(uname -r)}/build/.config",
			({ symbol }, { scene, release }) => {
				// Two snapshots of one version: the number does not tell them apart, the folder does.
				if (symbol?.[0]?.endsWith("git"))
					return buildCommands(scene, release, "LLVM=1", { clean: true }).map(
						(command) => `export PATH="$(dirname "$(readlink -f "$(command -v clang)")"):$PATH"; ${command}`,
					);
				const kernel = /clang(?: version |-)(\d+)/i.exec(scene.builtBy ?? "")?.[1] ?? symbol?.[0];
				return buildCommands(scene, release, `LLVM=${kernel === undefined ? "-N" : `-${kernel}`}`, {
					clean: true,
				});
			},
		],
		here: ({ symbol }) =>
			symbol?.[0]?.endsWith("git")
				? "Writer and reader call themselves by the same number, of a development version: they are two snapshots of it, or it is a fault of that snapshot. Take clang and lld of one commit and build all objects anew; when it stays, a released LLVM, or a kernel without LTO."
				: null,
		check: "clang --version, ld.lld --version; CONFIG_CLANG_VERSION, CONFIG_LLD_VERSION of the kernel",
		origin: "LLVM's bitcode reader (lib/Bitcode/Reader), ld.lld, llvm-ar, llvm-nm",
		patterns: [
			{
				needles: ["(Producer: ", "nknown attribute kind", "nvalid record", "nvalid bitcode"],
				match:
					/Unknown attribute kind \(\d{1,5}\)|Invalid (?:record|bitcode signature|value|cast|type).{0,60}\(Producer: '?LLVM|\(Producer: '?(?:LLVM|APPLE)[\w.]{1,30}'? Reader: '?LLVM/,
				read: ({ input = "" }) => {
					const file = /([\w./+-]{1,200}\.k?[oa])\b/.exec(input)?.[1];
					const version = /Producer: '?LLVM ?(\d{1,3}(?:[\d.]{0,9}git\b)?)/.exec(input)?.[1];
					return {
						...(file === undefined ? {} : { file: [file] }),
						...(version === undefined ? {} : { symbol: [version] }),
					};
				},
			},
			{
				needles: ["plugin needed to handle lto object", "not supported LTO version", "bytecode stream"],
				match:
					/plugin needed to handle lto object|bytecode stream .{0,80}generated with LTO version|not supported LTO version/,
				place: building(34),
			},
		],
	},
	{
		id: "lld-emulation",
		title: "ld.lld got no architecture",
		place: building(31),
		cause: "A link step of the driver called ld.lld without an object of the machine and without -m.",
		remedy:
			"Give that link the machine (-m elf_x86_64, -m aarch64linux): in the driver's Makefile, or by a newer driver.",
		commands: [{ way: "update-driver" }],
		check: "the ld command with make V=1",
		origin: "lld/ELF/Driver.cpp",
		patterns: [says("target emulation unknown: -m or at least one .o file required")],
	},
	{
		id: "strip-of-other-toolchain",
		title: "GNU strip or objcopy was used on clang's objects",
		place: follows(40),
		cause:
			"binutils {tool|strip} read a module that clang and lld made, and failed an assertion of its own: the module may be damaged.",
		remedy:
			"Strip with LLVM's own tools (STRIP=llvm-strip OBJCOPY=llvm-objcopy), or not at all; newer dkms does.",
		commands: [
			(_, { scene, release }) =>
				scene.dkms === null && scene.m !== null ? buildCommands(scene, release, "LLVM=1") : [],
			// A file of that name below /etc/dkms outranks the driver's dkms.conf.
			(_, { scene, release }) =>
				scene.m !== null && scene.dkms === null
					? []
					: [
							`dkms status; echo 'STRIP[0]="no"' | sudo tee -a /etc/dkms/${scene.dkms === null ? "NAME" : quoted(scene.dkms.name)}.conf # the NAME that dkms status shows`,
							...(scene.dkms === null
								? [
										`sudo dkms build --force NAME/VERSION -k ${release === null ? '"$(uname -r)"' : quoted(release)} && sudo dkms install --force NAME/VERSION -k ${release === null ? '"$(uname -r)"' : quoted(release)}`,
									]
								: rebuildCommands(scene, release)),
						],
			"modinfo {module|NAME}; readelf -SW $(modinfo -n {module|NAME}) > /dev/null && sudo modprobe {module|NAME}",
		],
		here: () =>
			"When modinfo and readelf read the module without a word and it loads, the assertion did no harm; a newer dkms strips with llvm-strip where the kernel was built with clang.",
		check: "modinfo and readelf -S read the module without an error",
		origin: "binutils (bfd/elf.c), dkms (do_build strips modules)",
		patterns: [
			{
				needles: ["assertion fail", "internal error"],
				match:
					/(?:(?<tool>strip|objcopy|ld|nm|objdump|[\w-]{1,40}-(?:strip|objcopy)): )?BFD (?:\([^)]{1,60}\) )?[\w.-]{1,40}(?: internal error| assertion fail)/,
			},
		],
	},
	{
		id: "cross-binutils-mixed",
		title: "A native binutils program was given a file of another architecture",
		place: building(30),
		cause:
			"{tool|A program of binutils} does not know the format of {file|the object}: CROSS_COMPILE did not reach this step, or objects of two architectures are mixed.",
		remedy:
			"Give ARCH and CROSS_COMPILE (or LLVM=1) on the make command line, where every step sees them, and make clean first.",
		commands: [
			"file {file|x.o}",
			({ file }, { scene }) => [
				`make ${crossWords(file?.[0])} clean && make ${crossWords(file?.[0])} # the same words in every call of make, as arguments`,
				...(scene.external
					? []
					: [
							"echo 'EXTRA_OEMAKE:append:pn-RECIPE = \" OBJCOPY=TARGET_PREFIXobjcopy\"' >> conf/local.conf && bitbake -c cleansstate RECIPE && bitbake RECIPE # built by Yocto: RECIPE is the one whose task failed (virtual/kernel's, or make-mod-scripts), TARGET_PREFIX what bitbake -e RECIPE | grep ^TARGET_PREFIX says",
						]),
			],
		],
		check: "file of the object; the word before objcopy in make V=1",
		origin: "binutils (bfd)",
		patterns: [
			{
				needles: ["the format of", "ile format not recogni", "wrong format", "is incompatible with"],
				match:
					/(?:(?<tool>[\w.-]{0,40}(?:objcopy|strip|ld|nm|ar|objdump|readelf)): )?(?:Unable to recogni[sz]e the format of (?:the input )?(?:file )?'(?<file>[^']{1,300})'|'?(?<other>[^\s:']{1,300}\.k?[oa])'?: (?:file not recognized: )?(?:[Ff]ile format not recogni[sz]ed|[Ff]ile in wrong format|.{0,40}is incompatible with .{1,40} output))/,
				read: ({ groups, input = "" }, scene) => {
					if (/clang/i.test(scene.builtBy ?? "") && /not recogni/.test(input)) return null;
					const file = groups?.file ?? groups?.other;
					return { ...(groups?.tool ? { tool: [groups.tool] } : {}), ...(file ? { file: [file] } : {}) };
				},
			},
			{
				needles: ["ile in wrong format", "elocations in generic ELF"],
				match: /error adding symbols: [Ff]ile in wrong format|Relocations in generic ELF \(EM: \d{1,5}\)/,
				read: () => ({}),
			},
		],
	},
	{
		id: "binutils-too-old-for-dwarf",
		title: "The linker cannot read what the compiler writes",
		place: building(33),
		cause:
			"The compiler writes a newer form (DWARF 5, new relocations, calls that the tree does not have) than the binutils or the tree here know.",
		remedy:
			"Use one toolchain for all (LLVM=1 with the kernel's own clang, or gcc and binutils of one release), or CONFIG_DEBUG_INFO_DWARF4=y.",
		commands: ["ld --version; gcc --version", "scripts/config -e DEBUG_INFO_DWARF4 -d DEBUG_INFO_DWARF5"],
		check: "versions of ld and of the compiler; DEBUG_INFO_DWARF* in .config",
		origin: "binutils (bfd/dwarf2.c), readelf",
		patterns: [
			{
				needles: ["DWARF version", "dwarf version", "DWARF error"],
				match:
					/found dwarf version '?\d'?, this reader only handles|unhandled dwarf2? ?version|DWARF error: .{0,120}(?:version|abbrev)/i,
				read: () => ({}),
			},
			{
				needles: ["nsupported DWARF", "nknown pseudo-op", "non-constant .uleb128"],
				match:
					/[Uu]nsupported DWARF version|unknown pseudo-op: '\.(?:loc|file|debug)\S{0,30}'|non-constant \.uleb128 is not supported/,
				read: () => ({}),
			},
		],
	},
	{
		id: "concurrent-make",
		title: "Two makes work in one tree",
		place: building(17),
		cause:
			"{file|A program of the tree} was linked from objects that another make was just writing: symbols of the tree's own programs are missing in it.",
		remedy:
			"Run one make at a time in a tree (in Yocto: let the module depend on virtual/kernel:do_shared_workdir), remove the half-written objects and prepare again.",
		commands: [
			"rm -f scripts/mod/*.o scripts/kconfig/*.o scripts/basic/.*.d",
			"make modules_prepare",
			(_, { scene }) => [
				`bitbake -c cleansstate make-mod-scripts${scene.recipe === null ? "" : ` ${quoted(scene.recipe)}`} && bitbake ${scene.recipe === null ? "RECIPE" : quoted(scene.recipe)} # in Yocto, instead; the recipe of a module needs do_configure[depends] += "make-mod-scripts:do_compile", which module.bbclass gives; two tasks of one recipe: addtask B after A, and cleansstate of that recipe (virtual/kernel)`,
			],
		],
		check: "ps while it runs; a second make succeeds",
		origin: "host linker; scripts/mod, scripts/kconfig",
		patterns: [
			{
				needles: ["undefined reference to"],
				match:
					/(?:modpost|file2alias|sumversion|conf|confdata|symbol|expr|lexer\.lex|parser\.tab)\.(?:c|o)[^:]{0,40}:.{0,60}undefined reference to '(?<symbol>\w{1,100})'/,
			},
			{
				needles: ["ile truncated", "ile format not recognized"],
				match:
					/(?<file>scripts\/(?:mod|kconfig|basic|genksyms)\/\w{1,40}\.o): (?:file not recognized: )?[Ff]ile (?:truncated|format not recognized)/,
			},
			{
				needles: ["fixdep: "],
				match: /(?:fixdep: error opening (?:file|depfile)|fixdep): .{0,200}\.d: No such file/,
				certainty: "likely",
				read: () => ({}),
			},
		],
	},
	{
		id: "compiler-killed",
		title: "The compiler was killed: memory ran out",
		place: building(0),
		cause: "The kernel's out-of-memory killer (or somebody) ended {tool|the compiler} in the middle.",
		remedy: "Build with fewer jobs (make -j1), or give the machine more memory or swap, then build again.",
		commands: ["sudo dmesg | grep -i 'out of memory'", "free -m", "make -j1 ..."],
		check: "dmesg says Out of memory: Killed process",
		origin: "gcc and clang (driver), mm/oom_kill.c",
		patterns: [
			{
				needles: ["illed signal terminated program", "Killed (program"],
				match:
					/Killed signal terminated program (?<tool>[\w+.-]{1,40})|internal compiler error: Killed \(program (?<other>\w{1,40})\)/,
				read: ({ groups }) => ({ tool: [groups?.tool ?? groups?.other ?? ""] }),
			},
			{
				needles: ["emory exhausted", "ut of memory allocating"],
				match:
					/(?<tool>cc1|cc1plus|lto1|ld|as|rustc|gcc|clang)\S{0,10}: (?:fatal error: )?(?:out of memory allocating|(?:virtual )?memory exhausted)/,
			},
			{
				needles: ["Out of memory: Kill"],
				match:
					/Out of memory: Kill(?:ed)? process \d{1,9} \((?<tool>cc1|cc1plus|ld|ld\.lld|clang|rustc|pahole|make|objtool)\)/,
			},
		],
	},
	{
		id: "compiler-crashed",
		title: "The compiler itself crashed",
		place: building(19),
		cause:
			"{file|A source} made the compiler fall over (internal compiler error): a bug of this compiler, or memory that is faulty.",
		remedy:
			"Use another version of the compiler (CC=gcc-N, the one of the kernel). When it crashes at another place each time, test the memory.",
		commands: [
			"grep CC_VERSION_TEXT /lib/modules/{release_kernel|$(uname -r)}/build/.config",
			{ way: "rebuild" },
		],
		check: "the same file crashes again, or another one",
		origin: "gcc, clang",
		patterns: [
			{
				needles: ["nternal compiler error"],
				match: /(?:(?<file>[^\s:]{1,300}\.[chS]):\d{1,7}:(?:\d{1,5}:)? )?internal compiler error: (?!Killed)/,
			},
			{
				needles: ["PLEASE submit a bug report", "frontend command failed"],
				match:
					/PLEASE submit a bug report to .{0,100}|clang(?:-\d+)?: error: (?:clang|unable to execute)? ?frontend command failed/,
				read: () => ({}),
			},
		],
	},
];

/** ARCH and CROSS_COMPILE for a file of the tree's arch folder; a pattern of them for others. */
function crossWords(file: string | undefined): string {
	const arch = /(?:^|\/)arch\/(\w{1,20})\//.exec(file ?? "")?.[1] ?? "arm64";
	return `ARCH=${arch} CROSS_COMPILE=${PREFIXES[arch] ?? "aarch64-linux-gnu-"}`;
}

const PREFIXES: Readonly<Record<string, string>> = {
	arm64: "aarch64-linux-gnu-",
	arm: "arm-linux-gnueabihf-",
	riscv: "riscv64-linux-gnu-",
	powerpc: "powerpc64le-linux-gnu-",
	s390: "s390x-linux-gnu-",
	mips: "mipsel-linux-gnu-",
	x86: "x86_64-linux-gnu-",
};
