import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { follows, informs } from "../place.ts";
import { rebuildCommands, remark } from "../poster/way.ts";
import { isLoaded } from "../probes/loading.ts";

/** A line that people paste because it looks like the cause, and is not. */
export interface Noise {
	needles: readonly string[];
	match: RegExp;
	/** Why it is harmless, in one sentence. */
	why: string;
}

/** Lines that only taint, skip an extra or inform; named as such, and never the cause of a refusal. */
export const noise: readonly Noise[] = [
	{
		needles: ["taints kernel"],
		match:
			/(?:(?<module>[\w.+-]{1,64}): )?(?:loading (?:out-of-tree|test) module|module license(?: '[^']{0,64}')?) taints kernel/,
		why: "it only marks the kernel as tainted; the module is loaded all the same",
	},
	{
		needles: ["module verification failed"],
		match: /(?:(?<module>[\w.+-]{1,64}): )?module verification failed: signature and\/or/,
		why: "an unsigned module was let in and the kernel marked as tainted; where signatures are enforced the line would be another one",
	},
	{
		needles: [": kernel tainted."],
		match: /(?<module>[\w.+-]{1,64}): \w{1,512}: kernel tainted\./,
		why: "modprobe --force took the symbol versions away, and the kernel says that it saw none; the reason of a refusal before that is another line",
	},
	{
		needles: ["warning: objtool"],
		match: /warning: objtool: .{0,200}'naked' return found in MITIGATION_RETHUNK build/,
		why: "the object is made all the same, without the return thunks that mitigate speculation (hand-written or prebuilt code); with CONFIG_OBJTOOL_WERROR (6.15 and later) it would be an error",
	},
	{
		needles: ["warning: objtool"],
		match: /warning: objtool: /,
		why: "objtool found code that it cannot follow: stack traces through it may be wrong; the object is made all the same",
	},
	{
		needles: ["Skipping BTF generation"],
		match:
			/Skipping BTF generation (?:for|of)? ?(?:\S{0,200}\/)?(?<module>[\w.+-]{1,64}?)(?:\.ko)? due to unavailability/,
		why: "the module gets no BTF, which only BPF programs miss",
	},
	{
		needles: ["compiler differs from the one"],
		match: /the compiler differs from the one used to build the kernel/,
		why: "a warning: a slightly other version of the same compiler works; one that is majors older may lack options of this kernel, and then says so itself",
	},
	{
		needles: ["Disabling lock debugging", "TAINT_LIVEPATCH", "Modules linked in"],
		match: /Disabling lock debugging due to kernel taint|tainting kernel with TAINT_LIVEPATCH/,
		why: "it follows from the taint",
	},
	{
		needles: ["from the staging directory"],
		match: /(?<module>[\w.+-]{1,64}): module is from the staging directory/,
		why: "it only marks the kernel as tainted",
	},
	{
		needles: ["missing MODULE_DESCRIPTION"],
		match: /missing MODULE_DESCRIPTION\(\) in/,
		why: "a warning about the source",
	},
	{
		needles: ["Setting dangerous option"],
		match: /Setting dangerous option \S{1,100} - tainting kernel/,
		why: "it only marks the kernel as tainted",
	},
	{
		needles: ["SSL error", "At main.c:"],
		match: /^(?:- SSL error:|At main\.c:\d|SSL error:)/,
		why: "sign-file found no key; it matters only where signatures are enforced",
	},
	{
		needles: ["Ignoring obsolete parameters"],
		match: /Ignoring obsolete parameters/,
		why: "a warning about the module",
	},
	{
		needles: ["jobserver unavailable", "lock skew detected", "modification time"],
		match:
			/warning: jobserver unavailable|[Cc]lock skew detected|has modification time \S{1,20} s in the future/,
		why: "a warning of make",
	},
	{
		needles: ["fstatat("],
		match: /depmod: (?:ERROR|WARNING): fstatat\(\d{1,4}, (?<module>[\w.+-]{1,64}?)\.ko[\w.]{0,5}\):/,
		why: "a link below /lib/modules whose module is gone (weak-updates, extra); depmod leaves it out and lists the others",
	},
	{
		needles: ["Skipping depmod"],
		match: /missing '\S{1,80}' file\. Skipping depmod/,
		why: "the modules were installed; only depmod was left out: sudo depmod -a",
	},
	{
		needles: ["without kernel modules"],
		match: /wsl: A custom kernel was specified without kernel modules/,
		why: "a notice: kernelModules=C:\\\\...\\\\modules.vhdx in .wslconfig gives that kernel its modules",
	},
	{
		needles: ["ection mismatch"],
		match: /(?:WARNING: .{0,200}section mismatch|[Ss]ection mismatch in reference)/,
		why: "a warning about the source; the module is built all the same",
	},
];

/** What is left when every line is noise. */
export const noiseEntries: Entry[] = [
	{
		id: "errno-alone",
		title: "Only an errno, not its reason: the kernel's own line is missing",
		place: follows(90),
		cause:
			"The tool that loads {module|the module} gave up with {errno|an errno}, which many reasons share. The kernel wrote the reason to its log at that moment, and that line is not here.",
		remedy:
			"Look for it right after a new attempt: sudo dmesg | tail -50 | kprep explain. Or compare the file with the kernel: kprep explain --module FILE.ko. With Exec format error, the module is most often built for another release or configuration.",
		here: (_, { scene }) =>
			scene.forced
				? "It was loaded by force (--force): do not; that takes the symbol versions and the version magic away, what is loaded so corrupts memory, and the kernel's line is about the force. Load it without, once, to see the reason."
				: null,
		commands: [
			({ module }, { scene }) =>
				scene.forced
					? [`sudo modprobe ${module?.[0] === undefined ? "NAME" : quoted(module[0])} # without --force`]
					: [],
			"sudo dmesg | tail -50 | kprep explain # the whole of it: a grep for the module's name may hide the reason",
			"modinfo -F vermagic {module|x}; uname -r",
			"kprep explain --module {ko}",
			// By far the most frequent reason, once the kernel's line or modinfo confirms it.
			({ errno }, { scene, release }) =>
				errno?.[0] === "ENOEXEC" && !scene.busybox
					? rebuildCommands(scene, release).map((command) => remark(command, "when the two releases differ"))
					: [],
		],
		check: "dmesg right after the attempt",
		origin: "kmod, busybox, init of Android: the words of errno that finit_module returned",
	},
	{
		id: "benign-noise",
		title: "Nothing failed: these lines only inform",
		place: informs(400),
		cause: "The lines report a taint or a skipped extra[[ of {module}]]; the kernel refused nothing in them.",
		remedy:
			"None needed. If something does not work, its reason is another line: look at the kernel log around the moment it failed.",
		commands: ["lsmod | grep -w {module|NAME}", "sudo dmesg | tail -30"],
		check: "lsmod shows the module; make ended with status 0",
		origin: "kernel/module, scripts/Makefile.modfinal",
		confirm: isLoaded,
	},
];
