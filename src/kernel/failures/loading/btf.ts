import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building, informs, refused } from "../place.ts";
import { says } from "../reading/pattern.ts";
import type { Scene } from "../reading/scene.ts";

/** Several at once, or none that anybody loads from outside of the tree: then they came with the kernel. */
function ofTheKernel(modules: readonly string[] | undefined, { tainting, loading }: Scene): boolean {
	if (modules === undefined) return false;
	const outside = (name: string) =>
		tainting.includes(name) || loading.some(({ module, file }) => module === name && file !== null);
	return modules.length > 1 && !modules.some(outside);
}

/** BPF type information: made by pahole when the kernel is built, checked when a module is loaded. */
export const btfEntries: Entry[] = [
	{
		id: "btf-mismatch",
		title: "The module's BTF does not fit the running kernel",
		place: refused(90),
		cause:
			"The type information (BTF) in {module|the module} was made against another vmlinux than the one that runs, and this kernel refuses such a module.",
		remedy:
			"Build the module against the vmlinux of the running kernel (copy /sys/kernel/btf/vmlinux to vmlinux in the tree), or leave BTF out: no vmlinux in the tree, or objcopy --remove-section=.BTF. The kernel option MODULE_ALLOW_BTF_MISMATCH makes it a warning.",
		here: ({ module }, { scene }) =>
			ofTheKernel(module, scene)
				? "These are modules of the kernel itself: the ones below /lib/modules are not from the build that booted (an update that was not finished, a kernel copied by hand). Reboot into the kernel that is installed, or install its image and modules again, together."
				: null,
		commands: [
			({ module }, { scene }) =>
				ofTheKernel(module, scene)
					? [
							`uname -rv; modinfo -n ${quoted(module?.[0] ?? "x")}`,
							`ls -l /lib/modules/"$(uname -r)"/kernel /boot # image and modules of one build have one date`,
						]
					: ["objcopy --remove-section=.BTF ".concat(`${quoted(module?.[0] ?? "x")}.ko`)],
			({ module }, { scene }) => (ofTheKernel(module, scene) ? [] : ["sudo dmesg | grep BPF"]),
		],
		causes: [
			"module and kernel are not from one build",
			"another pahole made the module's BTF",
			"the kernel was built with clang and its BTF has names that older checkers refuse",
		],
		check: "/sys/kernel/btf/vmlinux against the tree's vmlinux; pahole --version",
		origin: "kernel/bpf/btf.c (btf_module_notify), 5.11 and later",
		patterns: [
			says("failed to validate module [<module>] BTF:"),
			{
				needles: ["BPF:"],
				match: /^BPF: ?.{0,200}\bInvalid (?:name|type|offset|btf_info|kind|section|string)/,
				place: refused(95),
				certainty: "likely",
			},
			says("Kernel module BTF mismatch detected", { place: informs(20) }),
			says("missing module BTF, cannot register kfuncs", { place: informs(20), certainty: "possible" }),
		],
		returns: ["EINVAL", "ENOEXEC"],
		confirm: (_, machine) => {
			const value = machine.config("MODULE_ALLOW_BTF_MISMATCH");
			const there = machine.exists("/sys/kernel/btf/vmlinux");
			if (value === null) return { verdict: "not-checkable", evidence: [] };
			return {
				verdict: value === "y" || !there ? "contradicted" : "confirmed",
				evidence: [
					`CONFIG_MODULE_ALLOW_BTF_MISMATCH is ${value === "y" ? "set" : "not set"}`,
					`/sys/kernel/btf/vmlinux is ${there ? "there" : "not there"}`,
				],
			};
		},
	},
	{
		id: "pahole-missing",
		title: "pahole is not installed, and the configuration wants BTF",
		place: building(26),
		cause: "CONFIG_DEBUG_INFO_BTF is set, and pahole, which makes the BTF, is not here.",
		remedy:
			"Install pahole (package dwarves or pahole). Switching BTF off also works for a kernel of your own, but modules built that way do not fit a kernel that has it: struct module gets smaller.",
		commands: [{ install: ["pahole"] }],
		check: "command -v pahole; grep DEBUG_INFO_BTF .config",
		origin: "scripts/link-vmlinux.sh (gen_btf), 5.2 and later",
		patterns: [
			{
				needles: ["pahole", "PAHOLE"],
				match:
					/pahole \([^)]{0,200}\) is not available|pahole: (?:command )?not found|(?:PAHOLE|pahole)\S{0,60}: (?:No such file|command not found)/,
				read: () => ({ tool: ["pahole"] }),
			},
		],
		event: (event) =>
			event.kind === "no-program" && /(?:^|\/)pahole$/.test(event.program)
				? { details: { tool: ["pahole"] } }
				: null,
		confirm: (_, machine) => {
			const path = machine.program("pahole");
			return {
				verdict: path === null ? "confirmed" : "contradicted",
				evidence: [path === null ? "pahole is not on PATH here" : `${path} is here`],
			};
		},
	},
	{
		id: "btf-generation-failed",
		title: "The kernel's BTF could not be generated",
		place: building(27),
		cause:
			"pahole ran and gave vmlinux no usable BTF: too old for this kernel or compiler, crashed, or killed for lack of memory.",
		remedy:
			"Use the pahole version that this kernel asks for (newer for DWARF 5 and new compilers; some old kernels break with a newer one), or switch CONFIG_DEBUG_INFO_BTF off if no BTF is needed.",
		commands: ["pahole --version", "dmesg | grep -i 'out of memory'"],
		check: "pahole --version against scripts/pahole-flags.sh; CONFIG_DEBUG_INFO_DWARF5; free memory",
		origin: "scripts/link-vmlinux.sh, tools/bpf/resolve_btfids, pahole",
		patterns: [
			says("Failed to generate BTF for vmlinux"),
			says("FAILED: load BTF from <file>"),
			says("FAILED: load BTF from vmlinux"),
			{
				needles: [".BTF", "btf_encoder__", "Failed to encode BTF"],
				match:
					/(?:failed|FAILED)[^.]{0,60}find '?\.BTF'?(?: ELF section)?|btf_encoder__\w{1,60}: .{0,120}(?:failed|error)|Failed to encode BTF/i,
			},
			{
				needles: ["pahole"],
				match:
					/pahole version \S{1,40} is too old|pahole: .{0,120}(?:[Ss]egmentation fault|core dumped|Aborted)|Killed .{0,200}pahole/,
			},
			{
				needles: ["pahole", "PAHOLE", "LLVM_OBJCOPY"],
				match:
					/(?:Segmentation fault|Aborted|Killed|Bus error)(?: \(core dumped\))? .{0,200}(?:\bpahole\b|\$\{PAHOLE\}|LLVM_OBJCOPY)/,
			},
			says("FAILED unresolved symbol <symbol>", { needles: ["FAILED unresolved symbol"] }),
			{
				needles: ["ncoding BTF", "DW_TAG_", "BTF: "],
				match:
					/(?:Encountered error while encoding BTF|Unsupported DW_TAG_\w{1,60}|BTF: .{0,80}(?:pahole|failed).{0,80}too old)/,
			},
			says("Try to disable CONFIG_DEBUG_INFO_BTF", { place: building(28) }),
		],
	},
];
