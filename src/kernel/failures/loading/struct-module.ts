import type { Entry } from "../entry.ts";
import { refused } from "../place.ts";
import { rebuildCommands } from "../poster/way.ts";
import { droppedBtf, livepatched } from "../probes/loading.ts";
import { says } from "../reading/pattern.ts";

/** The size and layout of struct module, which the loader can only guess at. */
export const structModuleEntries: Entry[] = [
	{
		id: "struct-module-size",
		title: "struct module has another size in the module than in the kernel",
		place: refused(40),
		cause:
			"The tree that built {module|the module} makes struct module of another size than the kernel has: the two were configured differently, even if their names and version magic agree.",
		remedy:
			"Build in a tree with the kernel's own configuration and compiler; reinstall the headers if they were changed. Look for options that olddefconfig dropped without a word because a tool was missing (no pahole: no DEBUG_INFO_BTF). kprep verify names them.",
		commands: [
			(_, { scene, release }) => (scene.kmod === null ? [] : rebuildCommands(scene, release)),
			{ system: "headers" },
			(_, { scene, release }) => (scene.kmod === null ? rebuildCommands(scene, release) : []),
			"kprep verify --target {release_kernel|$(uname -r)}",
			"readelf -SW {ko} | grep this_module",
		],
		here: (_, { scene }) =>
			scene.kmod === null
				? null
				: `The modules are of the package kmod-${scene.kmod.name}, linked here from the minor release that they were built for (weak-updates): take the package that is built for this one, or the -dkms package.`,
		causes: [
			"options that grow the structure differ: DEBUG_INFO_BTF_MODULES, LIVEPATCH, MODULE_SIG, TRACEPOINTS, FUNCTION_TRACER, UNWINDER_ORC, JUMP_LABEL",
			"the headers are of another build of the same release",
		],
		unsafe: "The version magic is checked later: that it agrees proves nothing here.",
		check: "size of .gnu.linkonce.this_module in the file against that of a module that came with the kernel",
		origin: "kernel/module/main.c (elf_validity_cache_index_mod), 6.4 and later",
		confirm: droppedBtf,
		patterns: [
			says("module <module>: .gnu.linkonce.this_module section size must match"),
			says("module <module>: .gnu.linkonce.this_module section must have a size set"),
			says(".gnu.linkonce.this_module section size must match", { place: refused(41) }),
		],
		returns: ["ENOEXEC"],
	},
	{
		id: "struct-module-layout",
		title: "A relocation of the module hits a place that is not empty",
		place: refused(80),
		cause:
			"Relocating {module|the module} found a value where zero was expected, mostly because init and exit lie at other offsets of struct module than the kernel thinks: the headers or the configuration are not the kernel's.",
		remedy:
			"Build with the kernel's own configuration, headers and compiler: restore its untouched headers package, or make the tree ready with kprep sync (kprep doctor names tools whose absence drops options); then clean and build again. When the module came from a packaging step, look whether it strips or prelinks.",
		commands: [
			"kprep verify --target {release_kernel|$(uname -r)}",
			"make -C /lib/modules/{release_kernel|$(uname -r)}/build M={folder|$PWD} clean modules",
		],
		causes: [
			"same release and version magic, but another .config",
			"headers that were edited or belong to a rebuilt kernel",
			"a live-patched module that is loaded a second time (see livepatch-reload)",
		],
		check: "section size of this_module against an in-tree module; .config of the tree against the kernel's",
		origin: "arch/x86/kernel/module.c (apply_relocate_add), 4.7 and later; from 5.18 also when clearing",
		confirm: droppedBtf,
		patterns: [
			{
				needles: ["elocation target, existing value"],
				match:
					/(?:module (?<module>(?!x86)[\w.+-]{1,64}): )?(?:x86\/modules: )?(?:Skipping invalid|Invalid|Skipping an invalid) relocation target, existing value (?:is nonzero|does not match)/i,
			},
		],
		returns: ["ENOEXEC"],
	},
	{
		id: "livepatch-reload",
		title: "A live-patched module was loaded again while the patch is still active",
		place: refused(75),
		cause:
			"A live patch still has its relocations in {module|the module}, which was unloaded and is being loaded again.",
		remedy:
			"Disable the live patch before the module is reloaded, or reboot; newer kernels clear the relocations when the module goes.",
		commands: ["ls /sys/kernel/livepatch", "echo 0 | sudo tee /sys/kernel/livepatch/PATCH/enabled"],
		check: "/sys/kernel/livepatch; was the module unloaded before?",
		origin: "kernel/livepatch/core.c (klp_module_coming), 4.x and later",
		confirm: livepatched,
		patterns: [
			{
				needles: ["livepatch: "],
				match:
					/livepatch: failed to (?:initialize|apply) patch '[^']{1,100}' (?:for|to) (?:module|object) '(?<module>[\w.-]{1,64})'/,
			},
			{
				needles: ["refusing to load module"],
				match:
					/livepatch: patch '[^']{1,100}' failed for module '(?<module>[\w.-]{1,64})', refusing to load module/,
			},
			says("module is marked as livepatch module, but livepatch support is disabled", {
				place: refused(76),
				certainty: "possible",
			}),
		],
		returns: ["ENOEXEC", "EINVAL"],
		explains: ["struct-module-layout"],
	},
];
