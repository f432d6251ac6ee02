import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { refused, reported } from "../place.ts";
import { rebuildCommands } from "../poster/way.ts";
import type { LogEvent } from "../reading/events.ts";
import type { Scene } from "../reading/scene.ts";

/** The module was taken in and then stopped the kernel, or the task that loaded it. */
export const crashEntries: Entry[] = [
	{
		id: "cfi-failure",
		title: "Control-flow integrity stopped an indirect call of the module",
		place: refused(1),
		cause:
			"An indirect call of {module|the module}[[ ({symbol})]] reached a function of another type, or code built without what this kernel demands of call targets (kCFI types, ENDBR of IBT). That is no taint: the kernel panics or kills the task.",
		remedy:
			"Build the module with the kernel's own compiler and configuration (clang with LLVM=1 for CFI; ENDBR for IBT needs objtool to see every object); correct the prototype of the function; mark calls through looked-up addresses __nocfi. For a prebuilt blob, ibt=off or cfi=off on the kernel command line gives up the protection.",
		commands: [
			"zcat /proc/config.gz 2>/dev/null | grep -E 'CFI|IBT|LTO|CC_VERSION' || grep -E 'CFI|IBT|LTO|CC_VERSION' /boot/config-{release_kernel|$(uname -r)}; cat /proc/version",
			"grep -rnE 'kallsyms_lookup_name|register_kprobe|typedef .*\\(\\*' {folder|.} --include='*.c' --include='*.h'",
			(_, { scene, release, board }) =>
				board === "android-gki"
					? [
							"kprep source list -t {RELEASE} # the GKI tree of that build; its own clang is in prebuilts/clang".replace(
								"{RELEASE}",
								release === null ? '"$(adb shell uname -r)"' : quoted(release),
							),
							`make LLVM=1 LLVM_IAS=1 ARCH=arm64 -C KERNEL-OUT M=${scene.m ? quoted(scene.m) : "$PWD"} modules # KERNEL-OUT: prepared with that very configuration (CFI and LTO on)`,
						]
					: rebuildCommands(scene, release, scene.missingEndbr ? undefined : "LLVM=1"),
		],
		here: ({ symbol }) => {
			const name = symbol?.[0] ?? "";
			if (/kallsyms_lookup_name|^kprobe|^kallsyms/.test(name))
				return `${name} is not exported (since 5.7), so its address was looked up and called through a pointer: the check refuses that call. Mark the function of the module that makes it __nocfi (static __nocfi unsigned long find(...)), and give the pointer the exact prototype.`;
			if (/^(?:init_module|cleanup_module|__cfi_)/.test(name))
				return `${name} itself is refused: the whole module was built without the kernel's kind of CFI, so only a build with its clang and configuration helps.`;
			return null;
		},
		check:
			"CONFIG_CFI_CLANG, CONFIG_CFI, CONFIG_X86_KERNEL_IBT of the kernel; which compiler built the module",
		origin: "kernel/cfi.c, arch/x86/kernel/cet.c, arch/arm64/kernel/traps.c",
		event: (event, scene) => {
			if (event.kind !== "crash" || !event.flow) return null;
			const module =
				event.module ?? scene.crash?.module ?? (scene.tainting.length === 1 ? scene.tainting[0] : undefined);
			return {
				details: {
					...(module === undefined ? {} : { module: [module] }),
					...(event.symbol === null ? {} : { symbol: [event.symbol] }),
				},
			};
		},
		explains: ["module-crashed"],
	},
	{
		id: "module-crashed",
		title: "The module was taken in, and its own code crashed the kernel",
		place: refused(2),
		cause:
			"The code of {module|the module}[[ ({symbol})]] ran and made the kernel oops or panic: a fault of the driver with this kernel, or a module built against another layout of the kernel's structures.",
		remedy:
			"Make sure first that it was built for exactly this kernel (kprep check compares layout and symbol versions); if it was, the driver has a bug with this version: take a newer or older one. Reboot before trying again: the kernel is not sound after an oops.",
		commands: ["kprep check {ko}", "modinfo -F vermagic {module|x}; uname -r", { way: "update-driver" }],
		causes: [
			"the driver was not made for this kernel version, and a structure or callback is another now",
			"headers of another configuration: structures with other offsets, no symbol versions to show it",
			"hardware or firmware that the driver does not expect",
		],
		check: "the RIP, pc or Call trace line with [MODULE] behind the function",
		origin: "arch/*/mm/fault.c, kernel/panic.c, lib/bug.c (an oops names function and module)",
		event: (event, scene) => crashed(event, scene),
	},
	{
		id: "loader-crashed",
		title: "The kernel's own loader crashed over the module file",
		place: refused(2),
		cause:
			"The kernel oopsed in {symbol}, while it prepared {module|the module} and before any of its code ran: the file says what cannot be (a relocation outside of its section, another struct module), and this kernel does not check that.",
		remedy:
			"Build the module again from clean sources against this very kernel, with kbuild's own tools, and do not edit, strip or link the .ko afterwards; compare a copied file with its origin. Reboot before trying again: the kernel is not sound after an oops.",
		commands: ["kprep check {ko}", "readelf -rW {ko} | tail", { way: "rebuild" }],
		causes: [
			"the file was damaged, stripped with another toolchain, or patched by hand",
			"it was built for a kernel of another layout, without symbol versions to show it",
		],
		check:
			"the RIP or pc line or the first Call trace line of the loader names its function, with no [MODULE] behind it",
		origin: "arch/*/kernel/module.c (apply_relocate_add), kernel/module/main.c (load_module)",
		event: (event, { loaderCrash, crash, tainting }) => {
			if (event.kind !== "crash" || event.flow || loaderCrash === null || crash !== null) return null;
			const [module] = tainting;
			return { details: { symbol: [loaderCrash], ...(module === undefined ? {} : { module: [module] }) } };
		},
	},
	{
		id: "common-symbols",
		title: "The module has common symbols, which the loader refuses",
		place: refused(67),
		cause:
			"{module|The module} holds uninitialised global variables as common symbols (compiled with -fcommon or outside of kbuild); every kernel refuses them with ENOEXEC.",
		remedy:
			"Compile every object through kbuild, which passes -fno-common; remove -fcommon from the driver's flags; or initialise the variable.",
		commands: [
			"nm {ko} | grep ' C '",
			"grep -rn fcommon {folder|.} --include=Makefile --include=Kbuild",
			{ way: "rebuild" },
		],
		check: "nm x.ko shows symbols of kind C",
		origin: "kernel/module/main.c (simplify_symbols, SHN_COMMON); modpost: is COMMON symbol",
		patterns: [
			{
				needles: ["please compile with -fno-common"],
				match: /(?:(?<module>[\w.+-]{1,64}): )?please compile with -fno-common/,
			},
			{
				needles: ["is COMMON symbol"],
				match: /'(?<symbol>[\w.$]{1,200})' \[(?<ko>[^\]]{1,300})\] is COMMON symbol/,
			},
		],
		returns: ["ENOEXEC"],
	},
	{
		id: "module-in-use",
		title: "The module cannot be removed: something uses it",
		place: reported(15),
		cause: "{module|The module} is held by {symbol|other modules, or by open devices}.",
		remedy:
			"Remove what uses it first (modprobe -r does, for modules), stop the programs that hold its device, or reboot.",
		commands: ["lsmod | grep -w {module|NAME}", "sudo modprobe -r {symbol|USER} {module|NAME}"],
		check: "the third column of lsmod; lsof of its device",
		origin: "kmod (rmmod, modprobe -r), kernel/module/main.c (EWOULDBLOCK)",
		patterns: [
			{
				needles: ["is in use"],
				match:
					/(?:rmmod|modprobe).{0,40}Module (?<module>[\w.+-]{1,64}) is in use(?: by:? (?<symbol>\w{1,64}))?/,
			},
		],
	},
	{
		id: "module-not-loaded",
		title: "The module is not loaded",
		place: reported(16),
		cause: "{module|The module} is not in the kernel now.",
		remedy:
			"There is nothing to remove or to set. If it should be there, load it and read what the kernel says.",
		commands: ["lsmod | grep -w {module|NAME}", "sudo modprobe {module|NAME}; sudo dmesg | tail"],
		check: "ls /sys/module/NAME",
		origin: "kmod (rmmod); programs that read /sys/module/NAME",
		patterns: [
			{
				needles: ["is not currently loaded", "is not loaded"],
				match: /(?:rmmod|modprobe).{0,40}Module (?<module>[\w.+-]{1,64}) is not (?:currently )?loaded/,
			},
			{
				needles: ["/sys/module/"],
				match:
					/\/sys\/module\/(?<module>[\w.+-]{1,64})(?:\/[\w./-]{0,200})?'?\)?: ?(?:.{0,20}No such file|Errno 2\b|ENOENT)/,
			},
		],
	},
	{
		id: "firmware-missing",
		title: "The driver runs, and the firmware file that it wants is not here",
		place: reported(63),
		cause:
			"The driver asked for {file|a firmware file}, and it is not below /lib/firmware (error -2). The module itself loaded.",
		remedy:
			"Install the firmware of the device (linux-firmware and its like), also into the initramfs when the driver starts there; building the module again changes nothing.",
		commands: [{ system: "firmware" }, "ls -l /lib/firmware/{file|NAME}*"],
		check: "ls /lib/firmware; modinfo -F firmware NAME",
		origin: "drivers/base/firmware_loader/main.c",
		patterns: [
			{
				needles: ["irmware load for"],
				match:
					/(?:(?<module>[\w.+-]{1,64}) [\w:.-]{1,60}: )?Direct firmware load for (?<file>[\w./+-]{1,200}) failed with error -2/,
			},
			{
				needles: ["ailed to load firmware", "irmware: failed to load", "irmware file"],
				match:
					/firmware: failed to load (?<file>[\w./+-]{1,200}) \(-2\)|failed to load firmware '?(?<other>[\w./+-]{1,200})'?(?: ?\(|: )-2/,
				read: ({ groups }) => ({ file: [groups?.file ?? groups?.other ?? ""] }),
			},
		],
	},
];

/** An oops or panic of which a line names the module, or a loader that was killed. */
function crashed(event: LogEvent, scene: Scene) {
	if (event.kind === "killed") {
		const loaded = scene.loading.at(-1)?.module;
		return loaded === undefined ? null : { details: { module: [loaded] }, certainty: "likely" as const };
	}
	if (event.kind !== "crash" || event.flow) return null;
	const { module, symbol } = scene.crash ?? {};
	const name = module ?? (scene.tainting.length === 1 ? scene.tainting[0] : undefined);
	const details: Details = {
		...(name === undefined ? {} : { module: [name] }),
		...(symbol === undefined ? {} : { symbol: [symbol] }),
	};
	// A crash that no line ties to a module may have nothing to do with one.
	return module === undefined ? null : { details };
}
