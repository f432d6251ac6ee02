import { quoted } from "../../shell-word.ts";
import { parseVermagic } from "../../vermagic/vermagic.ts";
import type { Details, Entry, Machine, Match, Verdict } from "../entry.ts";
import { building, follows, refused } from "../place.ts";
import { flagsOfKernel, forcedTaint, randomised } from "../probes/loading.ts";
import type { LogEvent } from "../reading/events.ts";
import { says } from "../reading/pattern.ts";
import { type Kind, vermagicKinds, wordsOf } from "./vermagic-kinds.ts";

const ORIGIN = "kernel/module.c, kernel/module/main.c (check_modinfo, same_magic), 2.6.0 and later";

/** The loader's version-magic comparison. */
export const vermagicEntries: Entry[] = [
	{
		id: "vermagic-release",
		title: "The module was built for another kernel release",
		place: refused(52),
		cause:
			"{module|The module} was built for {release_module|another release}, and the kernel that refused it is {release_kernel|not that one}.",
		remedy:
			"Remove the old objects and build again against the headers of {release_kernel|the running kernel}, or in a source tree of that version (kprep source list finds one) that kprep sync made ready for it; or boot {release_module|the kernel that the module is for}.",
		commands: [
			"uname -r",
			{ system: "headers" },
			{ way: "rebuild", clean: true },
			"kprep source list -t {release_kernel|$(uname -r)}",
			"kprep sync TREE --target {release_kernel|$(uname -r)}",
		],
		causes: [
			"the kernel was updated after the module was built, or was updated and not rebooted",
			"the Makefile names a fixed tree instead of /lib/modules/$(uname -r)/build",
			"objects of an earlier build were reused",
		],
		unsafe:
			"modprobe --force-vermagic and editing include/config/kernel.release or the string in the file skip the check, not the difference: structures may differ and memory is corrupted.",
		check: "modinfo -F vermagic {module|x}.ko; uname -r",
		origin: ORIGIN,
		patterns: [
			{
				needles: ["mismatch", "MISMATCH", "Mismatch", "match"],
				match: /(?<!API )mismatch|does(?: not|n't) match|do not match/i,
				place: building(45),
				certainty: "likely",
				read: twoReleases,
			},
			// The form of the export tables is a release's own (kernel/module/main.c, 7.0 and later).
			says("<module>: no flags for exported symbols", { place: refused(60), certainty: "likely" }),
		],
		event: (event) => judged(event, "vermagic-release"),
		returns: ["ENOEXEC"],
		confirm: otherRelease,
	},
	{
		id: "vermagic-localversion",
		title: "Same version, but the local part of the release differs",
		place: refused(52),
		cause:
			"The tree that built {module|the module} calls itself {release_module|something else}, the kernel calls itself {release_kernel|another name}; only the part behind the version differs.",
		remedy:
			"Make `make kernelrelease` in the tree print exactly {release_kernel|what uname -r prints}: set or clear LOCALVERSION, CONFIG_LOCALVERSION, EXTRAVERSION or the localversion file that makes the difference, then prepare the tree and build again. kprep sync does all of it.",
		commands: [
			"make -s kernelrelease; uname -r",
			"kprep sync TREE --target {release_kernel|$(uname -r)}",
			{ way: "rebuild" },
		],
		causes: [
			"a lone + or -g<hash> comes from a .git folder: LOCALVERSION= on the make command line suppresses the +",
			"-dirty: the tree was changed since the commit that was built",
			"the packaged suffix is missing because the tree is the upstream source of the same version",
		],
		unsafe:
			"Editing include/config/kernel.release or utsrelease.h alone is undone by the next make and hides a tree that may differ in more than its name.",
		check: "make -s kernelrelease in the tree; uname -r; cat localversion* .scmversion",
		origin: `${ORIGIN}; scripts/setlocalversion`,
		event: (event) => judged(event, "vermagic-localversion"),
		returns: ["ENOEXEC"],
		confirm: otherRelease,
	},
	{
		id: "vermagic-flags",
		title: "The module was built with other kernel options",
		place: refused(53),
		cause:
			"The option words of the version magic differ[[; the kernel has and the module lacks: {flags_missing}]][[; only the module has: {flags_extra}]]. The tree was configured from another kernel or flavour.",
		remedy:
			"Build in a tree that has the configuration of the kernel that must load the module (and its CPU type): its packaged headers, or a tree made ready by kprep sync.",
		commands: [
			"grep -E 'PREEMPT|SMP|MODVERSIONS|MODULE_UNLOAD' /lib/modules/{release_kernel|$(uname -r)}/build/.config",
			{ system: "headers" },
			({ flags_missing, flags_extra }, { release, scene, board }) => {
				if (board === "wsl2") return [];
				const kernel = release === null ? "$(uname -r)" : quoted(release);
				return [
					// No place that kprep knows has a NAS maker's source.
					...(board === "synology" || board === "qnap" ? [] : [`kprep source get -t ${kernel} --dest TREE`]),
					`kprep sync TREE --target ${kernel}${board === "synology" ? " --config TREE/.config" : ""}`,
					...byHand(flags_missing ?? [], flags_extra ?? []),
					`make -C TREE M=${scene.m ? quoted(scene.m) : "$PWD"} clean modules`,
				];
			},
			{ way: "rebuild" },
		],
		causes: [
			"preempt, preempt_rt, SMP: another flavour of the same version (generic, rt, lowlatency)",
			"modversions, mod_unload: CONFIG_MODVERSIONS or CONFIG_MODULE_UNLOAD differ",
			"an architecture word (p2v8, ARMv6, 686): another CPU type was configured",
			"retpoline, in distribution kernels of 2018: the compiler could not do it",
		],
		unsafe:
			"These words stand for the layout of structures and locks. Forcing the module in (modprobe -f) corrupts memory.",
		check: "diff of the tree's .config and /boot/config-$(uname -r) or /proc/config.gz",
		origin: `${ORIGIN}; include/linux/vermagic.h`,
		confirm: flagsOfKernel,
		event: (event) => judged(event, "vermagic-flags"),
		returns: ["ENOEXEC"],
	},
	{
		id: "vermagic-randstruct",
		title: "Kernel and module were built with different structure-randomisation seeds",
		place: refused(51),
		cause:
			"The RANDSTRUCT words of {module|the module} and of the kernel differ: the members of structures lie in another order in each.",
		remedy:
			"Build with the seed of that kernel: its own headers package ships scripts/basic/randstruct.seed (before 5.19 scripts/gcc-plugins/randomize_layout_seed.h). A freshly made seed never fits. Without the seed no module can be built for this kernel.",
		commands: [
			"ls /lib/modules/{release_kernel|$(uname -r)}/build/scripts/basic/randstruct.seed /lib/modules/{release_kernel|$(uname -r)}/build/scripts/gcc-plugins/randomize_layout_seed.h",
			{ system: "headers" },
			{ way: "rebuild" },
		],
		unsafe: "Forcing it in makes the module read and write the wrong members.",
		check:
			"the seed file of the tree against the one that the kernel was built with; CONFIG_RANDSTRUCT*, CONFIG_GCC_PLUGIN_RANDSTRUCT",
		origin: "include/linux/vermagic.h, 4.12 and later",
		confirm: randomised,
		event: (event) => judged(event, "vermagic-randstruct"),
		returns: ["ENOEXEC"],
	},
	{
		id: "vermagic-missing",
		title: "The module has no version magic and was forced in",
		place: follows(70),
		cause:
			"{module|The module} carries no vermagic, or the force flag threw it away, and the kernel took it unchecked and tainted itself.",
		remedy:
			"Link the module through kbuild of the matching tree, so that modpost writes its .modinfo, and load it without --force. Do not strip .modinfo.",
		commands: ["modinfo -F vermagic {module|x}"],
		unsafe: "Nothing was checked: if structures differ, memory is being corrupted now. Unload it, or reboot.",
		check: "modinfo -F vermagic prints nothing; CONFIG_MODULE_FORCE_LOAD",
		origin: "kernel/module/main.c (try_to_force_load), 2.6.26 and later; `no version magic` before",
		confirm: forcedTaint,
		patterns: [
			says("<module>: bad vermagic: kernel tainted"),
			says("<module>: no version magic, tainting kernel"),
			{
				needles: ["no version for"],
				match: /(?<module>[\w.+-]{1,64}): no version for ["']?magic["']? found/,
			},
		],
		event: (event) => {
			if (event.kind !== "vermagic" || event.ours.trim() !== "") return null;
			const release = parseVermagic(event.theirs).release;
			const module = event.module === null ? {} : { module: [event.module] };
			return { details: { ...module, release_kernel: [release] }, place: refused(52) };
		},
		returns: ["ENOEXEC"],
	},
];

/** The options behind the words, set as the kernel has them: for a tree whose kernel gives no configuration away. */
function byHand(missing: readonly string[], extra: readonly string[]): string[] {
	const set = [
		...missing.flatMap((word) => (OPTIONS[word] === undefined ? [] : [`-e ${OPTIONS[word]}`])),
		...extra.flatMap((word) => (OPTIONS[word] === undefined ? [] : [`-d ${OPTIONS[word]}`])),
		...(extra.some((word) => /^preempt/.test(word)) && !missing.some((word) => /^preempt/.test(word))
			? ["-e PREEMPT_NONE"]
			: []),
	];
	return set.length === 0
		? []
		: [
				`TREE/scripts/config --file TREE/.config ${set.join(" ")} && make -C TREE olddefconfig modules_prepare # without the kernel's own configuration; other options may differ as well`,
			];
}

/** Of include/linux/vermagic.h. */
const OPTIONS: Readonly<Record<string, string>> = {
	SMP: "SMP",
	preempt: "PREEMPT",
	preempt_rt: "PREEMPT_RT",
	mod_unload: "MODULE_UNLOAD",
	modversions: "MODVERSIONS",
	retpoline: "RETPOLINE",
	thumb2: "THUMB2_KERNEL",
	p2v8: "ARM_PATCH_PHYS_VIRT",
};

function judged(event: LogEvent, id: Kind): Match | null {
	if (event.kind !== "vermagic" || event.ours.trim() === "") return null;
	const kinds = vermagicKinds(event.ours, event.theirs);
	const place = kinds.indexOf(id);
	if (place < 0) return null;
	const details: Details = {};
	if (event.module !== null) details.module = [event.module];
	const [ours, theirs] = [parseVermagic(event.ours), parseVermagic(event.theirs)];
	if (ours.release !== theirs.release || id !== "vermagic-randstruct") {
		details.release_module = [ours.release];
		details.release_kernel = [theirs.release];
	}
	const { missing, extra } = wordsOf(event.ours, event.theirs);
	if (missing.length > 0) details.flags_missing = missing;
	if (extra.length > 0) details.flags_extra = extra;
	return place === 0 ? { details } : { details, place: refused(58), certainty: "likely" };
}

function twoReleases(found: RegExpMatchArray): Details | null {
	const text = found.input ?? "";
	if (
		!/kernel|module|header|vermagic|release/i.test(text) ||
		/BTF|section mismatch|API mismatch|checksum|modpost/i.test(text)
	)
		return null;
	const releases = [...text.matchAll(/(?<![\w.])(\d{1,2}\.\d{1,3}(?:\.\d{1,4})?[\w.+~-]{0,80})/g)]
		.map(([, release = ""]) => release.replace(/[.,:-]+$/, ""))
		.filter((release) => /^\d+\.\d+(?:\.\d|-)/.test(release));
	const [first, second] = [...new Set(releases)];
	if (first === undefined || second === undefined) return null;
	const running = /(?:running|current|booted|uname)\D{0,40}(\d{1,2}\.\d{1,3}[\w.+~-]{0,80})/i.exec(text)?.[1];
	const kernel = running?.startsWith(first) ? first : second;
	const module =
		/(?:^|[\s/'(])([\w.+-]{1,64})\.ko\b/.exec(text)?.[1] ??
		/[Mm]odule '?([\w+-]{1,64})'? (?:was|is|has|for|version|built)/.exec(text)?.[1];
	return {
		...(module === undefined ? {} : { module: [module] }),
		release_module: [kernel === first ? second : first],
		release_kernel: [kernel],
	};
}

function otherRelease(details: Details, machine: Machine): Verdict {
	const kernel = details.release_kernel?.[0];
	if (kernel === undefined) return { verdict: "not-checkable", evidence: [] };
	const headers = machine.exists(`/lib/modules/${kernel}/build/`);
	if (kernel !== machine.release) {
		const same = details.release_module?.[0] === machine.release;
		return {
			verdict: same ? "contradicted" : "not-checkable",
			evidence: [
				same
					? `the kernel that runs now is ${machine.release}: the one that the module is for`
					: `the log is of a kernel ${kernel}; this machine runs ${machine.release}`,
			],
		};
	}
	return {
		verdict: "confirmed",
		evidence: [
			`uname -r is ${machine.release}`,
			headers
				? `/lib/modules/${kernel}/build is there`
				: `/lib/modules/${kernel}/build is not there: install the headers first`,
		],
	};
}
