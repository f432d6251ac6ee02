import { wordsOf } from "../../errno/errno-text.ts";
import type { Details, Entry, Pattern } from "../entry.ts";
import { building, informs, reported } from "../place.ts";
import { mountHas } from "../probes/building.ts";
import type { Scene } from "../reading/scene.ts";

/** The machine and the place in which the build runs. */
export const environmentEntries: Entry[] = [
	{
		id: "disk-full",
		title: "There is no room left where the build writes",
		place: reported(98),
		cause:
			"The file system[[ of {path}]] is full (or its quota or inodes are used up), so a file could not be written.",
		remedy:
			"Free some space there, or keep the build elsewhere: an output folder with kprep sync -O DIR, and TMPDIR for the compiler's temporary files. Then build again: half-written objects are made anew.",
		commands: [
			({ path }, { scene }) =>
				ofBoot(path, scene)
					? [
							"df -h /boot /tmp /var/tmp",
							"uname -r; ls -lt /boot # what is not of uname -r or the newest can go",
							"sudo apt autoremove --purge # Debian, Ubuntu: kernels that nothing needs; dnf: sudo dnf remove $(dnf repoquery --installonly --latest-limit=-2 -q)",
							"sudo dpkg --configure -a || sudo update-initramfs -u -k all || sudo dracut --force --regenerate-all",
						]
					: ["df -h . /tmp; df -i . /tmp", "kprep sync -O DIR"],
		],
		here: ({ path }, { scene }) =>
			ofBoot(path, scene)
				? "It is /boot that is full (or the folder in which the initramfs is put together): no module or header is at fault. Remove old kernels by the package manager, or compress the initramfs harder (MODULES=dep in /etc/initramfs-tools/initramfs.conf), then let the package manager finish."
				: null,
		check: "df -h and df -i of the tree, of the module's folder and of /tmp",
		origin: "ENOSPC and EDQUOT of whatever program of the build writes",
		patterns: ["ENOSPC", "EDQUOT"].map(writing),
	},
	{
		id: "tree-not-writable",
		title: "The build cannot write where it has to",
		place: building(53),
		cause:
			"{path|The tree, or the folder of the module,} is mounted read-only or belongs to somebody else, and kbuild writes beside the sources.",
		remedy:
			"Work on a copy that is yours, or keep what is made out of the tree with an output folder (kprep sync -O DIR). Files that an earlier build as root left behind have to be removed or given back first.",
		commands: ["ls -ld {path|.}; id -un; findmnt -T {path|.}", "kprep sync -O DIR"],
		here: ({ path }) =>
			path?.[0]?.startsWith("/nix/store/")
				? "The store of Nix is read-only for good: kbuild wrote there because make flags of the kernel's own build (O=$(buildRoot)) reached the module's. In its derivation write makeFlags = kernelModuleMakeFlags in place of kernel.makeFlags."
				: null,
		check: "touch a file in the folder; findmnt -T FOLDER says ro or rw",
		origin: "EROFS and EACCES of the programs of the build",
		confirm: mountHas("ro"),
		patterns: [
			writing("EROFS"),
			{
				needles: ["Permission denied"],
				match:
					/(?:(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to) (?:create|remove|open|touch|write)|error: opening).{0,320}Permission denied/,
				place: building(50),
				certainty: "likely",
				read: ({ input = "" }, scene) => {
					const before = input.slice(0, input.lastIndexOf("Permission"));
					const details = { ...inFolder(before, scene), ...pathIn(before) };
					return notLoading(input) && details.path !== undefined ? details : null;
				},
			},
		],
	},
	{
		id: "noexec-mount",
		title: "The build's own programs lie where nothing may be run",
		place: building(12),
		cause:
			"{file|A program that the build made} is there and may not be run: its file system is mounted noexec.",
		remedy:
			"Mount that file system without noexec, or keep the build elsewhere with an output folder (kprep sync -O DIR).",
		commands: ["findmnt -T {file|.}", "kprep sync -O DIR"],
		causes: [
			"noexec on /tmp, /home or a memory stick",
			"the x bits were lost in a copy or an archive: chmod +x, or make the programs anew",
		],
		check: "findmnt -T FOLDER; ls -l of the program",
		origin: "the shell that make runs (status 126)",
		confirm: mountHas("noexec"),
		patterns: [
			{
				needles: ["Permission denied"],
				match:
					/(?:sh|bash|dash|make(?:\[\d{1,3}\])?): (?:\d{1,6}: |line \d{1,6}: )?(?:\.\/)?(?<file>(?:\/[^\s':]{1,300}\/)?(?:scripts|tools)\/[\w./+-]{1,150}): Permission denied/,
			},
		],
	},
	{
		id: "case-insensitive",
		title: "The file system does not tell upper and lower case apart",
		place: building(7),
		cause:
			"The tree has files whose names differ in case only, and here one of each pair[[ ({file})]] is lost.",
		remedy:
			"Keep the tree in a file system that tells case apart: inside the Linux file system of WSL, in a case-sensitive volume on macOS. Unpack it there anew, as what was lost does not come back.",
		commands: ["touch kprep-a; ls kprep-A; rm kprep-a"],
		check: "ls net/netfilter/xt_TCPMSS.c net/netfilter/xt_tcpmss.c shows two files",
		origin:
			"git (clone), tar, and kbuild, which looks for both: xt_TCPMSS and xt_tcpmss, xt_DSCP and xt_dscp",
		patterns: [
			{
				needles: ["case-sensitive", "case-insensitive", "paths have collided"],
				match:
					/the following paths have collided|case-(?:sensitive|insensitive) (?:paths|file ?system|volume|disk)/,
				read: () => ({}),
			},
		],
		event: (event) =>
			event.kind === "no-rule" && /(?:^|\/)(?:ipt_|ip6t_|ebt_|xt_)[A-Z]{2,10}\.[oc]$/.test(event.target)
				? { details: { file: [event.target] }, certainty: "likely" }
				: null,
	},
	{
		id: "target-unknown",
		title: "A fact about the target kernel is not known here",
		place: informs(390),
		cause:
			"{fact|A fact about the kernel that must load the module} could not be found, so it could not be compared.",
		remedy:
			"Give kprep what it lacks[[: {fact}]]. Install the target's headers, image or modules package here, name its image or a profile of it (kprep capture) with -t, or its .config with --config FILE.",
		commands: ["kprep target", "kprep capture -o FILE"],
		check: "kprep target shows what is known, and from where",
		origin: "kprep verify and kprep check",
	},
];

/** What was written is the initramfs of a kernel, or stands in /boot. */
function ofBoot(path: readonly string[] | undefined, { initramfs }: Scene): boolean {
	return initramfs || (path?.some((name) => name.startsWith("/boot/")) ?? false);
}

/** A tool that loads modules means something else by the same errno. */
function notLoading(text: string): boolean {
	return !/insmod|modprobe|insert module|init_module|modules-load/.test(text);
}

/** A program of the build could not write, in any language. */
function writing(errno: string): Pattern {
	const words = wordsOf(errno);
	return {
		// The case of the first letter varies.
		needles: words.map((word) => word.slice(1)),
		match: new RegExp(words.map((word) => word.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&")).join("|"), "i"),
		read: ({ input = "", index = 0 }) => (notLoading(input) ? pathIn(input.slice(0, index)) : null),
	};
}

/** A bare name, such as kbuild's .tmp_63, is one of the folder that make entered last. */
function inFolder(before: string, { entered }: Scene): Details {
	const folder = entered.at(-1);
	return folder !== undefined && /(?:directory|file|link|open|touch|create) '[^'/]{1,100}'/.test(before)
		? { path: [folder] }
		: {};
}

/** The file that a message names before its errno: quoted, or the last word with a slash. */
function pathIn(before: string): Details {
	const quoted = /(?<![a-z])'([^']{0,300}\/[^']{0,300})'/.exec(before)?.[1];
	const path = quoted ?? before.match(/[^\s:']{0,300}\/[^\s:']{1,300}(?=:| for )/g)?.at(-1);
	return path === undefined ? {} : { path: [path] };
}
