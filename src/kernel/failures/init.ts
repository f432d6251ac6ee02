import type { Details, Entry } from "./entry.ts";
import { says } from "./pattern.ts";
import { hasParameter, spectre, startedSince } from "./probes/loading.ts";

/** errnos that the loader itself uses for reasons of its own; any other one comes from the module's init. */
const LOADER_ERRNOS = new Set([
	"EPERM",
	"ENOENT",
	"ESRCH",
	"ENOEXEC",
	"EACCES",
	"EEXIST",
	"EINVAL",
	"ENOSYS",
	"ENOPKG",
	"EBADMSG",
	"ENOKEY",
	"EKEYREJECTED",
	"ENOMEM",
]);

/** The loader was content, or never reached: the module's own init, its name, its parameters, modprobe's search. */
export const initEntries: Entry[] = [
	{
		id: "module-already-loaded",
		title: "A module of that name is already loaded",
		order: 210,
		cause:
			"The kernel already has {module|a module of that name}; the name comes from the file's contents, not from its file name.",
		remedy:
			"Nothing, if that is the module you want. To try a new build, unload the old one first (and what uses it).",
		commands: ["lsmod | grep -w {module|NAME}", "sudo rmmod {module|NAME}"],
		causes: [
			"an in-tree driver of the same name was loaded at boot",
			"the driver registers a name (device, sysfs, proc) that exists already",
			"it is built into the kernel",
		],
		check: "ls -d /sys/module/{module|NAME}; modinfo -F name FILE",
		origin: "kernel/module/main.c (add_unformed_module), EEXIST",
		patterns: [
			says("<module>: module is already loaded", { order: 155 }),
			{
				needles: ["already in kernel"],
				match:
					/(?:[Mm]odule (?<module>[\w.+-]{1,64}) already in kernel|'(?<name>[\w.+-]{1,64})': Module already in kernel)/,
				read: ({ groups }) => ({ module: [groups?.module ?? groups?.name ?? ""] }),
			},
			{
				needles: ["already loaded"],
				match: /(?:[Ee]rror: )?[Mm]odule '?(?<module>[\w.+-]{1,64})'? (?:is )?already loaded/,
				order: 212,
				certainty: "likely",
			},
		],
		event: (event) =>
			event.kind === "refusal" && event.errno === "EEXIST" ? { details: moduleOf(event.module) } : null,
		returns: ["EEXIST"],
		confirm: (details, machine) => {
			const name = details.module?.[0]?.replaceAll("-", "_");
			if (name === undefined) return { verdict: "not-checkable", evidence: [] };
			const there = machine.exists(`/sys/module/${name}`);
			return {
				verdict: there ? "confirmed" : "not-checkable",
				evidence: [`/sys/module/${name} is ${there ? "there" : "not there now"}`],
			};
		},
	},
	{
		id: "module-init-failed",
		title: "The module was accepted, and its own start failed",
		order: 265,
		cause:
			"The loader took {module|the module}; its init function returned an error[[ ({errno})]]. Building it again changes nothing.",
		remedy:
			"Read what the driver itself says in the kernel log and act on that: unbind or blacklist the driver that owns the device, use hardware that it supports, give the parameter that it wants.",
		commands: ["sudo dmesg | tail -30", "lspci -k"],
		causes: [
			"ENODEV, ENXIO: the hardware is not there, or not one that this driver knows",
			"EBUSY: another driver or a device number is in the way",
			"EOPNOTSUPP: the machine or mode (FIPS, virtual machine) does not allow it",
			"ETIMEDOUT, EIO: firmware or hardware does not answer",
		],
		check: "dmesg lines of the driver; lspci -k, lsusb -t, /proc/devices",
		origin: "kernel/module/main.c (do_init_module): the errno is the module's own",
		confirm: startedSince,
		patterns: [
			{
				needles: ["suspiciously returned"],
				match: /(?:do_init_module: )?'(?<module>[\w.+-]{1,64})'->init suspiciously returned/,
				order: 510,
			},
			says("<module>: gave up waiting for init of module <words>.", { order: 264 }),
			// The exporter is there, and its own start does not end (resolve_symbol_wait).
			says("<module>: Unknown symbol <word> (err -16)", { order: 264 }),
			{
				needles: ["already registered"],
				match: /Error: Driver '(?<module>[\w. +-]{1,64})' is already registered, aborting/,
				order: 200,
			},
			{
				needles: ["failed with error", "probe of"],
				match:
					/(?<module>[\w.+-]{1,64}) ?\S{0,60}: probe (?:of \S{1,80} )?(?:with driver \S{1,64} )?failed with error (?<code>-\d{1,4})/,
				order: 268,
				certainty: "likely",
				read: ({ groups }) => ({ module: [groups?.module ?? ""], errno: [groups?.code ?? ""] }),
			},
			{ needles: ["blacklisted"], match: /^Module (?<module>[\w.+-]{1,64}) is blacklisted/, order: 266 },
			{
				needles: ["initcall"],
				match:
					/initcall (?<module>\w{1,64}?)_?init\+\S{1,40}(?: \[(?<name>\w{1,64})\])? returned -(?!517\b)\d{1,4}/,
				order: 269,
				certainty: "likely",
				read: ({ groups }) => ({ module: [groups?.name ?? groups?.module ?? ""] }),
			},
		],
		event: (event) => {
			if (event.kind !== "refusal") return null;
			const details: Details = { ...moduleOf(event.module), errno: [event.errno] };
			if (event.errno === "ENOMEM") return { details, order: 266, certainty: "possible" };
			return LOADER_ERRNOS.has(event.errno) ? null : { details };
		},
	},
	{
		id: "module-not-found",
		title: "modprobe finds no such module for this kernel",
		order: 410,
		cause:
			"{module|The module} is not in {path|/lib/modules of the running release}, or depmod has not listed it there.",
		remedy:
			"Install it for that release (make modules_install, the distribution's extra-modules package, dkms) and run depmod; or boot the kernel that it was installed for. After a kernel update, reboot.",
		commands: ["uname -r; ls /lib/modules", "find /lib/modules -name '{module|NAME}.ko*'", "sudo depmod"],
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
			{ needles: ["modprobe: module"], match: /modprobe: module '?(?<module>[\w.+-]{1,64})'? not found/ },
			{
				needles: ["ould not load /lib/modules", "odules.dep"],
				match:
					/(?:[Cc]ould not (?:load|open(?: moddep file)?)|can't open|failed to open)\s'?(?<path>\/\S{1,300}modules\.dep(?:\.bin)?)/,
				order: 412,
				read: ({ groups }) => ({ path: [groups?.path ?? ""], ...release(groups?.path) }),
			},
			{
				needles: ["can't change directory to"],
				match: /modprobe: can't change directory to '(?<path>[^']{1,300})'/,
				order: 412,
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
				order: 262,
				read: ({ groups }) => ({ module: [groups?.module ?? groups?.alias ?? ""] }),
			},
			{
				needles: ["could not load module"],
				match: /could not load module (?<path>\S{1,300}): (?:No such file or directory|\S)/,
				order: 415,
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
		order: 196,
		cause:
			"{module|The module} was given {parameter|a parameter} that this build of it does not know or cannot read.",
		remedy:
			"Correct or drop the option in /etc/modprobe.d or on the kernel command line, or install the version of the module that has it.",
		commands: ["modinfo -p {module|x}", "grep -rw {module|NAME} /etc/modprobe.d /proc/cmdline"],
		check: "modinfo -p; /etc/modprobe.d; /proc/cmdline",
		origin: "kernel/params.c (parse_args); unknown ones are ignored since 3.12, refused before",
		confirm: hasParameter,
		patterns: [
			says("<module>: unknown parameter '<parameter>' ignored", { order: 198 }),
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
	{
		id: "no-module-support",
		title: "This kernel has no loadable modules, or none of this kind",
		order: 225,
		cause:
			"The system call to load a module does not exist: a kernel without CONFIG_MODULES, or no Linux kernel at all (WSL1, a sandbox such as gVisor).",
		remedy:
			"Use a kernel with that support: WSL2 instead of WSL1, the host instead of the sandbox, CONFIG_MODULES=y; for a live patch CONFIG_LIVEPATCH=y.",
		commands: ["uname -a", "ls /proc/modules"],
		check: "CONFIG_MODULES; /proc/modules; /proc/version",
		origin:
			"ENOSYS of init_module and finit_module; top Makefile (`The present kernel disabled CONFIG_MODULES`)",
		patterns: [
			{
				needles: ["disabled CONFIG_MODULES", "has modules disabled", "present kernel"],
				match:
					/present kernel (?:configuration has modules )?disabled(?: CONFIG_MODULES)?|kernel configuration has modules disabled/,
			},
			{
				needles: ["livepatch support is disabled"],
				match:
					/(?<module>[\w.+-]{1,64}): module is marked as livepatch module, but livepatch support is disabled/,
				order: 153,
			},
			{
				needles: ["/proc/modules"],
				match: /(?:could not|can't|cannot) open '?\/proc\/modules'?/,
				order: 426,
				certainty: "likely",
			},
		],
		event: (event) =>
			event.kind === "refusal" && event.errno === "ENOSYS" ? { details: moduleOf(event.module) } : null,
		returns: ["ENOSYS"],
		confirm: (_, machine) => {
			const there = machine.exists("/proc/modules");
			return {
				verdict: there ? "contradicted" : "confirmed",
				evidence: [`/proc/modules is ${there ? "there" : "not there"}`],
			};
		},
	},
	{
		id: "module-not-retpoline",
		title: "The module was loaded, but compiled without retpolines",
		order: 500,
		cause:
			"{module|The module} was compiled without retpolines, so the Spectre v2 mitigation of this kernel is weaker now. It did load.",
		remedy:
			"Build it with a compiler that supports them, in a tree with the kernel's configuration. Nothing else failed.",
		commands: ["modinfo -F retpoline {module|x}", "cat /sys/devices/system/cpu/vulnerabilities/spectre_v2"],
		check: "modinfo -F retpoline",
		origin: "kernel/module (check_modinfo_retpoline), 4.15 and later",
		confirm: spectre,
		patterns: [
			says("<module>: loading module not compiled with retpoline compiler"),
			says("<module>: loading module not compiled with retpoline", { order: 501 }),
		],
	},
];

function moduleOf(module: string | null): Details {
	return module === null ? {} : { module: [module] };
}

function release(path: string | undefined): Details {
	const found = /\/modules\/([^/\s]{1,100})/.exec(path ?? "")?.[1];
	return found === undefined ? {} : { release_kernel: [found] };
}
