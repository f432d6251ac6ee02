import type { Entry } from "../entry.ts";
import { refused } from "../place.ts";
import { says } from "../reading/pattern.ts";

/** Relocations that the architecture's loader cannot apply. The wordings differ by architecture. */
export const relocationEntries: Entry[] = [
	{
		id: "unknown-relocation",
		title: "The module has a relocation type that the kernel's loader does not know",
		place: refused(81),
		cause:
			"{module|The module} contains relocation type {relocation|(not named)}, which this architecture's module loader does not implement: it was compiled in another way, or by a newer toolchain, than the kernel expects.",
		remedy:
			"Compile through kbuild with the kernel's own flags (no -fPIC, no other code model) and a compiler and binutils of the kernel's age, or use a kernel that implements the relocation.",
		commands: ["readelf -rW {ko} | cut -c26-45 | sort | uniq -c", "ld --version | head -1"],
		here: ({ relocation }) =>
			/^(?:0x)?4$|PLT32/.test(relocation?.[0] ?? "")
				? "On x86-64 type 4 is R_X86_64_PLT32, which binutils 2.31 and later write for every call; kernels learned it in 4.16 (and stable releases of March 2018). Build with the firmware's own toolchain, or binutils 2.30 or older."
				: null,
		causes: [
			"position-independent code: GOT and PLT relocations",
			"newer binutils emit a type that the kernel learned later (R_X86_64_PLT32 in 2018)",
			"an erratum workaround (-mfix-cortex-a53-843419) or tag of the linker",
		],
		check: "readelf -r; arch/*/kernel/module*.c of that kernel",
		origin: "arch/*/kernel/module.c (apply_relocate, apply_relocate_add)",
		patterns: [
			says("module <module>: unsupported RELA relocation: <relocation>"),
			{
				needles: ["reloc"],
				match:
					/(?:(?:module )?(?<module>(?!module:)[\w.+-]{1,64}): )?(?:[Uu]nknown|[Uu]nsupport(?:ed)?|[Uu]nhandled|[Uu]nexpected|unexpected (?:FLIX|ALT)) (?:(?:ADD|REL|RELA|rela|rel|ELF|FLIX|ALT) )?reloc(?:ation)?(?: of)?(?: type)?(?::? |:|\(?type )(?:\(?type )?(?<relocation>(?:0x)?[0-9a-fA-F]{1,8})(?![\w])/,
				read: ({ groups }) => ({
					...(groups?.module === undefined || groups.module === "module" ? {} : { module: [groups.module] }),
					relocation: [groups?.relocation ?? ""],
				}),
			},
			says("<module>: The unexpected relocation type '<symbol>' from PC", {
				needles: ["unexpected relocation type"],
				read: ({ groups }) => ({ module: [groups?.module ?? ""], relocation: [groups?.symbol ?? ""] }),
			}),
			{
				needles: ["relocations unsupported", "unknown relocation operation", "bad GOT relocation"],
				match:
					/(?:(?<module>[\w.+-]{1,64}): )?(?:GOT\/PLT relocations unsupported|module contains bad GOT relocation|do_reloc: unknown relocation operation (?<relocation>\d{1,4}))/,
			},
			{
				needles: ["elocation"],
				match:
					/(?<module>[\w.+-]{1,64}): (?:[Uu]nknown|[Uu]nsupported|[Uu]nhandled) relocation(?: type)? \(?(?<relocation>R_\w{1,40})/,
			},
		],
		returns: ["ENOEXEC", "EINVAL"],
	},
	{
		id: "relocation-overflow",
		title: "A relocation cannot reach its target",
		place: refused(82),
		cause:
			"A call or reference in {module|the module}[[ to {symbol}]] does not reach from where the module lies in memory[[ (relocation type {relocation})]].",
		remedy:
			"Compile through kbuild, which gives the code model and call flags of the architecture (-mcmodel=kernel, -mlong-calls, -mno-pic); enable module PLTs (CONFIG_ARM_MODULE_PLTS, ARM64_MODULE_PLTS) when the module is large; do not mix ARM and Thumb.",
		commands: ["readelf -rW {ko} | head"],
		causes: [
			"built with the Makefile of an application instead of kbuild",
			"the module area is full, so that modules lie far from the kernel",
			"MIPS: -mlong-calls missing; ARM: module and kernel of different instruction sets",
		],
		check: "the flags in .MODULE.o.cmd; size of the module area",
		origin: "arch/*/kernel/module.c",
		patterns: [
			{
				needles: ["overflow in relocation type"],
				match: /(?:module (?<module>[\w.+-]{1,64}): )?overflow in relocation type (?<relocation>\d{1,5})/,
			},
			{
				needles: ["likely not compiled with"],
				match: /'(?<module>[\w.+-]{1,64})' likely not compiled with -mcmodel=kernel/,
			},
			{
				needles: ["elocation"],
				match:
					/(?:(?:module )?(?<module>[\w.+/-]{1,100}?)(?:\.k?o)?: )?Relocation overflow of type (?<relocation>\d{1,5}) for (?<symbol>[\w.]{1,200})/,
			},
			{
				needles: ["reloc "],
				match:
					/(?<module>[\w.+-]{1,64}): section \d{1,5} reloc \d{1,7} sym '(?<symbol>[^']{0,200})': (?:relocation (?<relocation>\d{1,5}) out of range|unsupported interworking call|out of bounds relocation)/,
			},
			{
				needles: ["relocation"],
				match:
					/module (?<module>[\w.+-]{1,64}):? (?:relocation overflow|dangerous (?:R_\w{1,30} )?(?:REL )?relocation|relocation of symbol (?<symbol>[\w.]{1,200}) is out of range|relocation error for symbol (?<other>[\w.]{1,200}))/,
				read: ({ groups }) => ({
					module: [groups?.module ?? ""],
					...((groups?.symbol ?? groups?.other) ? { symbol: [groups?.symbol ?? groups?.other ?? ""] } : {}),
				}),
			},
			{
				needles: ["overflow vs", "overflow!", "unaligned!", "Global Offset Table overflow"],
				match:
					/(?:module )?(?<module>[\w.+-]{1,64}): (?:Relocation \(type (?<relocation>\d{1,5})\) overflow vs|(?:opr1|jump offset) = \S{1,30} (?:overflow|unaligned)!|Global Offset Table overflow)/,
			},
			{
				needles: ["out of range"],
				match:
					/(?<module>[\w.+-]{1,64}): (?:REL\d{2} -?\d{1,20} out of range|Address (?:of )?\S{1,40} (?:of stub )?out of range|value \S{1,30} out of range for \d{1,2}-bit|relocation out of range|relocation (?<relocation>\d{1,5}|R_\w{1,40}) out of range)/,
			},
			{
				needles: ["can not be addressed", "can not generate the GOT", "Sorry, relocation"],
				match:
					/(?<module>[\w.+-]{1,64}): (?:target \S{1,30} can not be addressed by|can not generate the GOT entry)/,
			},
			{
				needles: ["relocation"],
				match: /module: overflow in relocation type (?<relocation>\d{1,5})/,
				place: refused(83),
			},
		],
		returns: ["ENOEXEC"],
	},
];
