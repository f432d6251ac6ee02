import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { follows, refused, reported } from "../place.ts";
import { hasParameter } from "../probes/loading.ts";
import { says } from "../reading/pattern.ts";

/** What modprobe looks for, and what it hands over: names, files and parameters. */
export const modprobeEntries: Entry[] = [
	{
		id: "module-not-found",
		title: "modprobe finds no such module for this kernel",
		place: follows(10),
		cause:
			"{module|The module} is not in {path|/lib/modules of the running release}, or depmod has not listed it there.",
		remedy:
			"Install it for that release (make modules_install, the distribution's extra-modules package, dkms) and run depmod; or boot the kernel that it was installed for. After a kernel update, reboot.",
		commands: [
			"uname -r; ls /lib/modules",
			({ module, release_kernel }) => {
				const [name, release] = [module?.[0], release_kernel?.[0]];
				if (name === undefined) return [];
				const folder = `/lib/modules/${release === undefined ? "$(uname -r)" : quoted(release)}`;
				return [
					`grep -w ${quoted(name)} ${folder}/modules.builtin; find /lib/modules -name ${quoted(`${name}.ko*`)}`,
				];
			},
			{ system: "modules" },
			// Without a module's name it is the folder that is missing, and depmod has nothing to list in it.
			({ module }, { board }) =>
				board === "wsl2" ? [] : [module === undefined ? 'sudo depmod -a "$(uname -r)"' : "sudo depmod"],
		],
		causes: [
			"the kernel was updated: /lib/modules has only the new one, and the old one still runs",
			"the module is in a package of its own (linux-modules-extra)",
			"it is built in, or switched off in this kernel",
		],
		check: "ls /lib/modules/$(uname -r); modules.dep there; modinfo NAME",
		origin: "kmod tools/modprobe.c, module-init-tools, busybox modutils",
		patterns: [
			{
				needles: ["not found in directory"],
				match:
					/[Mm]odule '?(?<module>[\w.+-]{1,64})'? not found in directory '?(?<path>\/[^\s']{1,300}?)'?\.?(?:\s|$)/,
				read: ({ groups }) => ({
					module: [groups?.module ?? ""],
					path: [groups?.path ?? ""],
					...release(groups?.path),
				}),
			},
			{ needles: ["FATAL: Module"], match: /FATAL: Module (?<module>[\w.+-]{1,64}) not found\b/ },
			// What makes an initramfs looks for the modules that it was told to take along.
			{
				needles: ["odule not found: "],
				match: /==> ERROR: module not found: '(?<module>[\w.+-]{1,64})'/,
			},
			{
				needles: ["annot find module directory", "W: missing /"],
				match:
					/(?:dracut\S{0,10}: Cannot find module directory|W: missing) (?<path>\/(?:usr\/)?lib\/modules\/[^\s/]{1,100})/,
				place: follows(12),
				read: ({ groups }) => ({ path: [groups?.path ?? ""], ...release(groups?.path) }),
			},
			{
				needles: ["dracut-install"],
				match: /FAILED: .{0,300}dracut-install .{0,300}-m (?<module>[\w+-]{1,64})/,
			},
			{
				needles: ["does not exist, skipping"],
				match: /[Mm]odule (?<module>[\w.+-]{1,64}) does not exist, skipping/,
			},
			{ needles: ["modprobe: module"], match: /modprobe: module '?(?<module>[\w.+-]{1,64})'? not found/ },
			{
				needles: ["ould not load /lib/modules", "odules.dep"],
				match:
					/(?:[Cc]ould not (?:load|open(?: moddep file)?)|can't open|failed to open)\s'?(?<path>\/\S{1,300}modules\.dep(?:\.bin)?)/,
				place: follows(12),
				read: ({ groups }) => ({ path: [groups?.path ?? ""], ...release(groups?.path) }),
			},
			{
				needles: ["could not open directory"],
				match: /depmod: ERROR: could not open directory (?<path>\/\S{1,300}?):/,
				place: follows(12),
				read: ({ groups }) => ({ path: [groups?.path ?? ""], ...release(groups?.path) }),
			},
			{
				needles: ["can't change directory to"],
				match: /modprobe: can't change directory to '(?<path>[^']{1,300})'/,
				place: follows(12),
				read: ({ groups }) => ({ path: [groups?.path ?? ""], ...release(groups?.path) }),
			},
			{
				needles: ["odinfo: ERROR: Module", "Failed to find module"],
				match: /(?:modinfo: ERROR: Module|Failed to find module) '?(?<module>[\w.+-]{1,64})'?/,
			},
			{
				needles: ["could not find module by name", "Failed to lookup module alias"],
				match:
					/could not find module by name='(?<module>[\w.+-]{1,64})'|Failed to lookup module alias '(?<alias>[\w.+:-]{1,64})'/,
				place: reported(62),
				read: ({ groups }) => ({ module: [groups?.module ?? groups?.alias ?? ""] }),
			},
			{
				needles: ["could not load module"],
				match: /could not load module (?<path>\S{1,300}): (?:No such file or directory|\S)/,
				place: follows(15),
				certainty: "likely",
			},
		],
		confirm: (details, machine) => {
			const path = details.path?.[0]?.replace(/\/modules\.dep.*$/, "");
			if (path === undefined) return { verdict: "not-checkable", evidence: [] };
			const there = machine.exists(path);
			return {
				verdict: path.endsWith(machine.release) ? "confirmed" : "not-checkable",
				evidence: [
					`${path} is ${there ? "there" : "not there"}`,
					`installed: ${machine.list("/lib/modules").join(" ") || "none"}`,
				],
			};
		},
	},
	{
		id: "unknown-parameter",
		title: "The module does not have that parameter, or not with that value",
		place: refused(96),
		cause:
			"{module|The module} was given {parameter|a parameter} that this build of it does not know or cannot read.",
		remedy:
			"Correct or drop the option in /etc/modprobe.d or on the kernel command line, or install the version of the module that has it.",
		commands: ["modinfo -p {module|x}", "grep -rw {module|NAME} /etc/modprobe.d /proc/cmdline"],
		check: "modinfo -p; /etc/modprobe.d; /proc/cmdline",
		origin: "kernel/params.c (parse_args); unknown ones are ignored since 3.12, refused before",
		confirm: hasParameter,
		patterns: [
			says("<module>: unknown parameter '<parameter>' ignored", { place: refused(98) }),
			says("<module>: Unknown parameter '<parameter>'"),
			{
				needles: ["invalid for parameter", "too large for parameter"],
				match:
					/(?:(?<module>[\w.+-]{1,64}): )?'[^']{0,200}' (?:invalid|too large) for parameter '(?<parameter>[\w.-]{1,128})'/,
			},
			{
				needles: ["string parameter too long", "can only take", "needs at least", "doesn't fit in"],
				match:
					/(?<parameter>[\w.-]{1,128}): (?:string parameter too long|can only take \d{1,5} arguments|needs at least \d{1,5} arguments|string doesn't fit in \d{1,6} chars)/,
			},
		],
		returns: ["ENOENT", "EINVAL", "ENOSPC"],
	},
];

function release(path: string | undefined): Details {
	const found = /\/modules\/([^/\s]{1,100})/.exec(path ?? "")?.[1];
	return found === undefined ? {} : { release_kernel: [found] };
}
