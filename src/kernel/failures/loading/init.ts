import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { follows, informs, refused, reported } from "../place.ts";
import { spectre, startedSince } from "../probes/loading.ts";
import { says } from "../reading/pattern.ts";

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
		place: reported(10),
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
			says("<module>: module is already loaded", { place: refused(55) }),
			{
				needles: ["already in kernel"],
				match:
					/(?:[Mm]odule (?<module>[\w.+-]{1,64}) already in kernel|'(?<name>[\w.+-]{1,64})': Module already in kernel)/,
				read: ({ groups }) => ({ module: [groups?.module ?? groups?.name ?? ""] }),
			},
			{
				needles: ["already loaded"],
				match:
					/(?<!(?:ensure|sure|that|if|when|whether) (?:the |your |kernel ){0,2})(?:[Ee]rror: )?[Mm]odule '?(?<module>(?!is )[\w.+-]{1,64})'? (?:is )?already loaded/,
				place: reported(12),
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
		place: reported(65),
		cause:
			"The loader took {module|the module}; its own code, its init or its probe of a device, returned an error[[ ({errno})]]. Building it again changes nothing.",
		remedy:
			"Read what the driver itself says in the kernel log and act on that: unbind or blacklist the driver that owns the device, use hardware that it supports, give the parameter that it wants.",
		commands: [
			({ module, parameter }) =>
				parameter?.[0] === undefined
					? ["sudo dmesg | tail -30", "lspci -k"]
					: [
							`sudo dmesg | grep -E ${quoted(
								[...new Set([module?.[0] ?? "", parameter[0]])]
									.filter((name) => name !== "")
									.map((name) => name.replace(/[.+]/g, "\\$&"))
									.join("|"),
							)}`,
						],
		],
		here: ({ parameter }) =>
			parameter?.[0] === undefined
				? null
				: `The module itself is loaded and stays so: it is its probe of the device ${parameter[0]} that failed. The number is the driver's own; the lines just before it say which step.`,
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
				place: informs(10),
			},
			says("<module>: gave up waiting for init of module <words>.", { place: reported(64) }),
			// The exporter is there, and its own start does not end (resolve_symbol_wait).
			says("<module>: Unknown symbol <word> (err -16)", { place: reported(64) }),
			{
				needles: ["already registered"],
				match: /Error: Driver '(?<module>[\w. +-]{1,64})' is already registered, aborting/,
				place: reported(0),
			},
			{
				needles: ["failed with error", "probe of"],
				match:
					/(?<module>[\w.+-]{1,64})(?: (?<bus>\S{1,60}))?: probe (?:of (?<device>\S{1,80}) )?(?:with driver (?<driver>\S{1,64}) )?failed with error (?<code>-\d{1,4})/,
				place: reported(68),
				certainty: "likely",
				// Since 6.8 the device stands in front and the driver behind (drivers/base/dd.c).
				read: ({ groups }) => ({
					module: [groups?.driver ?? groups?.module ?? ""],
					errno: [groups?.code ?? ""],
					parameter: [groups?.device ?? groups?.bus ?? groups?.module ?? ""],
				}),
			},
			// dev_err with a number behind: the driver's own word on a step of its probe.
			{
				needles: ["ailed to ", "ouldn't ", "annot ", "nable to ", "ould not "],
				match:
					/^(?<module>[\w-]{2,40}) (?<bus>[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.\d|\d-\d[\w.:-]{0,20}|[\da-f]{1,8}\.\w{2,40}|\d{1,2}-00\w{2}): (?:\w{1,40}: )?(?:[Cc]ouldn't|[Cc]ould not|[Ff]ailed to|[Cc]annot|[Uu]nable to) .{3,100}?(?:: |\(|, | err(?:or|no)? ?[=:]? ?| ret ?[=:] ?)(?<code>-\d{1,3})\)?$/,
				place: follows(40),
				certainty: "possible",
				read: ({ groups }) => ({
					module: [groups?.module ?? ""],
					errno: [groups?.code ?? ""],
					parameter: [groups?.bus ?? ""],
				}),
			},
			{
				needles: ["blacklisted"],
				match: /^Module (?<module>[\w.+-]{1,64}) is blacklisted/,
				place: reported(66),
			},
			{
				needles: ["initcall"],
				match:
					/initcall (?<module>\w{1,64}?)_?init\+\S{1,40}(?: \[(?<name>\w{1,64})\])? returned -(?!517\b)\d{1,4}/,
				place: reported(69),
				certainty: "likely",
				read: ({ groups }) => ({ module: [groups?.name ?? groups?.module ?? ""] }),
			},
		],
		event: (event) => {
			if (event.kind !== "refusal") return null;
			const details: Details = { ...moduleOf(event.module), errno: [event.errno] };
			if (event.errno === "ENOMEM") return { details, place: reported(66), certainty: "possible" };
			return LOADER_ERRNOS.has(event.errno) ? null : { details };
		},
	},
	{
		id: "no-module-support",
		title: "This kernel has no loadable modules, or none of this kind",
		place: reported(25),
		cause:
			"The system call to load a module does not exist: a kernel without CONFIG_MODULES, or no Linux kernel at all (WSL1, a sandbox such as gVisor).",
		remedy:
			"Use a kernel with that support: WSL2 instead of WSL1, the host instead of the sandbox, CONFIG_MODULES=y; for a live patch CONFIG_LIVEPATCH=y.",
		commands: [
			"uname -a",
			"ls /proc/modules",
			(_, { board }) =>
				board === null || board === "wsl2"
					? ["wsl.exe -l -v # in WSL: VERSION 1 loads no modules; wsl.exe --set-version NAME 2"]
					: [],
		],
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
				place: refused(53),
			},
			{
				needles: ["opulate modprobe path"],
				match: /Failed to populate modprobe path/,
				place: reported(26),
				certainty: "likely",
			},
			{
				needles: ["/proc/modules"],
				match: /(?:could not|can't|cannot) open '?\/proc\/modules'?/,
				place: follows(26),
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
		place: informs(0),
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
			says("<module>: loading module not compiled with retpoline", { place: informs(1) }),
		],
	},
	{
		id: "return-thunk-unpatched",
		title: "A function returns without the thunk that this CPU's mitigation needs",
		place: informs(2),
		cause:
			"{module|A module}[[ ({symbol})]] has a return that objtool did not list, so the kernel could not patch it for RETBLEED or SRSO. It was loaded all the same, and the mitigation has a gap.",
		remedy:
			"Let objtool see every object: compile assembly and prebuilt objects through kbuild with RET and -mfunction-return=thunk-extern, and leave no OBJECT_FILES_NON_STANDARD on them; or take a newer version of the driver. It is a warning: nothing was refused.",
		commands: [
			"grep -rnE 'OBJECT_FILES_NON_STANDARD|function-return|\\bret\\b' {folder|.} --include=Makefile --include=Kbuild* --include='*.S'",
			"grep . /sys/devices/system/cpu/vulnerabilities/retbleed /sys/devices/system/cpu/vulnerabilities/spec_rstack_overflow",
			{ way: "update-driver" },
		],
		check: "objtool's warnings of the build: 'naked' return found",
		origin:
			"arch/x86/kernel/alternative.c (apply_returns: missing return thunk, 5.19), arch/x86/kernel/cpu/bugs.c (__warn_thunk: Unpatched return thunk in use, 6.9)",
		patterns: [
			{
				needles: ["return thunk"],
				match:
					/missing return thunk: (?:(?<symbol>[A-Za-z_][\w.$]{0,200})\+0x\S{1,40}?(?: \[(?<module>\w{1,64})\])?-)?|Unpatched return thunk in use/,
			},
		],
	},
];

function moduleOf(module: string | null): Details {
	return module === null ? {} : { module: [module] };
}
