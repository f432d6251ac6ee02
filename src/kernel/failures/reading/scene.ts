import { CLUE_NEEDLES, observeClues } from "./clues.ts";

/** What a whole log says about its surroundings, whatever line it stands in. Commands that are shown outrank what follows from them. */
export interface Scene {
	/** The path that a make command line gives as SUBDIRS= without M=; null when none is shown. */
	subdirs: string | null;
	/** What command lines give as M=; "" when it is there and empty. */
	m: string | null;
	/** Values of ARCH= on command lines. */
	arch: string | null;
	/** Folders that make entered. */
	entered: string[];
	/** "own": the driver's Makefile went into the kernel tree; "tree": make was called for the tree with M=; null when neither is shown. */
	calledBy: "own" | "tree" | null;
	/** A configure script is at work, as of zfs or lustre. */
	configured: boolean;
	/** Commands were typed at the prompt of root. */
	root: boolean;
	/** The repository from which dnf could not install a kmod. */
	repository: string | null;
	/** Modules that modpost spoke of, paths without .o or .ko. */
	unlinked: string[];
	/** Modules that a command or message says are being loaded: names, and files when files are named. */
	loading: { module: string; file: string | null }[];
	/** "The kernel was built by: ..." and "You are using: ...". */
	builtBy: string | null;
	using: string | null;
	/** Targets that a user typed at a prompt or that a script gave to make, such as modules_prepare, or that make names as failed: kbuild itself asks only for syncconfig. */
	goals: string[];
	/** Kernel releases that are named, the one that the loader or a path speaks of first. */
	releases: string[];
	/** What dkms calls the driver. */
	dkms: { name: string; version: string } | null;
	/** The release that dkms says it builds for. */
	dkmsKernel: string | null;
	/** CATEGORY/NAME-VERSION that portage builds. */
	ebuild: string | null;
	akmods: boolean;
	/** dkms is at work, whatever it builds. */
	usesDkms: boolean;
	/** Board of templates/boards that words of the log betray. */
	board: string | null;
	/** objtool spoke, be it by warnings. */
	objtool: boolean;
	/** Module file that an rpm package of kmods brought, and that package's name without kmod-. */
	kmod: { name: string; path: string } | null;
	/** A kernel source tree that paths name, below /usr/src; it is no folder that a package of headers made. */
	sourceTree: string | null;
	/** One tool was told EINVAL and another ENOENT: what the kernel says of symbol versions. */
	refusedBoth: boolean;
	/** The log shows that a module was loaded by force. */
	forced: boolean;
	/** Its own modprobe or insmod spoke, which names files below /lib/modules/R. */
	busybox: boolean;
	/** The recipe that bitbake builds. */
	recipe: string | null;
	openwrt: boolean;
	/** Signs of a module that is no part of the tree: dkms, an absolute path behind [M]... */
	external: boolean;
	/** MODULE_IMPORT_NS stands somewhere in the lines. */
	importNs: boolean;
	/** Modules of which a taint line says that they are being loaded. */
	tainting: string[];
	/** Modules whose licence taints. */
	proprietary: string[];
	/** Where an oops stopped, or the module that a trace names. */
	crash: { module: string; symbol: string | undefined; exact: boolean } | null;
	/** Function of the kernel's own loader in which an oops stopped. */
	loaderCrash: string | null;
	/** The kernel missed the ENDBR of IBT, which gcc makes as well as clang. */
	missingEndbr: boolean;
	/** A call trace has shown that the kernel was in an init function. */
	initCalled: boolean;
	/** An initramfs is being made. */
	initramfs: boolean;
	/** Packages that a package manager did not find. */
	gonePackages: string[];
}

/** Needles of the lines that `observe` wants to see; "make" alone is a word of every log. */
export const SCENE_NEEDLES = [
	...[
		"insmod",
		"modprobe",
		"SUBDIRS=",
		" M=/",
		" M= ",
		"ARCH=",
		"KERNELRELEASE=",
		"make[",
		"make: ",
		"make -",
	],
	...["modules_prepare", "make prepare", "make scripts", "oldconfig", "defconfig", "menuconfig", "bzImage"],
	...["was built by", "You are using"],
	...CLUE_NEEDLES,
];

const MOST_FOLDERS = 50;

export function emptyScene(): Scene {
	return {
		subdirs: null,
		m: null,
		arch: null,
		entered: [],
		calledBy: null,
		configured: false,
		root: false,
		repository: null,
		unlinked: [],
		loading: [],
		builtBy: null,
		using: null,
		goals: [],
		releases: [],
		dkms: null,
		dkmsKernel: null,
		ebuild: null,
		akmods: false,
		usesDkms: false,
		board: null,
		objtool: false,
		kmod: null,
		sourceTree: null,
		refusedBoth: false,
		forced: false,
		busybox: false,
		recipe: null,
		openwrt: false,
		external: false,
		importNs: false,
		tainting: [],
		proprietary: [],
		crash: null,
		loaderCrash: null,
		missingEndbr: false,
		initCalled: false,
		initramfs: false,
		gonePackages: [],
	};
}

/** Adds what one normalised line says to `scene`. */
export function observe(text: string, scene: Scene): void {
	const entered = /^make(?:\[\d+\])?: .{1,60}? '?(\/[^']{1,400}?)'?(?:\s.{0,40})?$/.exec(text)?.[1];
	if (entered !== undefined && !text.includes("***") && scene.entered.length < MOST_FOLDERS)
		scene.entered.push(entered);
	if (/(?:^|[\s;&|$#'"/(])(?:g?make|dkms|\$\(MAKE\))(?:'|"|\s|$)/.test(text)) observeMake(text, scene);
	scene.root ||= /^\[?root@[\w.-]{1,64}[: ]|^# (?:modprobe|insmod|rmmod|lsmod|dmesg|dkms|apt|dnf) /.test(
		text,
	);
	scene.configured ||= /config_modules|conftest|^(?:checking|configure: )|\.\/configure\b|config\.log\b/.test(
		text,
	);
	const unlinked = /\[(\/[^\]\s]{1,300}?)(?:\.ko)?\] undefined!/.exec(text)?.[1];
	if (unlinked !== undefined && scene.unlinked.length < MOST_FOLDERS) scene.unlinked.push(unlinked);
	scene.repository ??= /needed by kmod-\S{1,200} from ([\w][\w.+-]{0,100})/.exec(text)?.[1] ?? null;
	observeCaller(text, scene);
	const configured = /\*\*\* \[(?:\S{1,200}:\d{1,6}: )?((?!sync|silentold)\w{0,40}config)\] /.exec(text)?.[1];
	if (configured !== undefined && scene.goals.length < MOST_FOLDERS) scene.goals.push(configured);
	observeLoading(text, scene);
	observeClues(text, scene);
	const built = /was built by: ?(.{1,300})/.exec(text)?.[1];
	if (built !== undefined) scene.builtBy = built;
	const using = /You are using: ?(.{1,300})/.exec(text)?.[1];
	if (using !== undefined) scene.using = using;
}

const KERNEL_TREE = /\/lib\/modules\/[^/]{1,80}\/(?:build|source)|\/usr\/src\/(?:linux|kernels\/)/;

/** Who called make for the kernel tree. Only a make that another one started has a number; what make echoes has no prompt. */
function observeCaller(text: string, scene: Scene): void {
	if (scene.calledBy !== null) return;
	const [, level, folder = ""] =
		/^make(\[\d{1,2}\])?: Entering directory ['`](\/[^']{1,400})'/.exec(text) ?? [];
	if (KERNEL_TREE.test(folder)) scene.calledBy = level === undefined ? "tree" : "own";
	else if (
		/(?:^|\s)(?:\S{0,80}[$#]|sudo) (?:\w{1,40}=\S{0,80} )*make .{0,200}-C \S{1,300} .{0,200}\bM=/.test(text)
	)
		scene.calledBy = "tree";
	else if (/[$#] (?:sudo )?make(?: -j ?\d*| clean| all| modules| install| V=1)*$/.test(text))
		scene.calledBy = "own";
}

/** `insmod x.ko`, `modprobe -v x`, "Couldn't load /x.ko.xz": not what depmod or make say of files. */
function observeLoading(text: string, scene: Scene): void {
	if (scene.loading.length >= MOST_FOLDERS || !/insmod|modprobe|[Ll]oad|insert/.test(text)) return;
	const file =
		/(?:^|[\s'(=])([^\s'":(]{0,300}?[\w.+-]{1,64}\.ko(?:\.(?:gz|xz|zst))?)(?![\w.])/.exec(text)?.[1] ?? null;
	const name =
		file ??
		/(?:^|[\s/$#])modprobe (?:-{1,2}[\w=-]{1,30} ){0,5}([\w+][\w.+-]{0,63})(?:\s|$)/.exec(text)?.[1] ??
		null;
	if (name === null || /^(?:FATAL|ERROR|WARNING)/.test(name)) return;
	scene.busybox ||= /can't (?:load module|insert) /.test(text);
	const module = (name.split("/").pop() ?? name).replace(/\.ko(?:\.\w{2,4})?$/, "");
	scene.loading.push({ module, file });
}

function observeMake(text: string, scene: Scene): void {
	const m = withSpaces(text) ?? variable("M", text);
	const subdirs = variable("SUBDIRS", text);
	// A variable that no shell has filled in is no folder.
	if (m !== null && !m.includes("$")) scene.m = scene.m || m;
	if (subdirs !== null && subdirs !== "" && m === null) scene.subdirs ??= subdirs;
	// An empty SUBDIRS= does what an empty M= does.
	if (subdirs === "" && m === null) scene.m ??= "";
	scene.arch = variable("ARCH", text) ?? scene.arch;
	const goal =
		/\s(modules_prepare|prepare0?|scripts|oldconfig|olddefconfig|defconfig|bzImage|menuconfig)(?:\s|$)/.exec(
			text,
		)?.[1];
	if (goal !== undefined && !text.includes("***") && !text.includes("Run 'make")) scene.goals.push(goal);
}

/** A path behind M= that was not quoted and goes on after a space; null when there is none. */
function withSpaces(text: string): string | null {
	const [, path = "", rest = ""] = /(?<!\w)M=(\/[^\s'"]{1,300}) (.{1,400})$/.exec(text) ?? [];
	const words = rest.split(" ");
	const end = words.findIndex((word) =>
		/^(?:modules\w*|clean|all|default|-\S*|\w+=.*|V=.*|[;&|].*)$/.test(word),
	);
	const more = words.slice(0, Math.max(end, 0));
	return more.length === 0 ? null : [path, ...more].join(" ");
}

/** The value of NAME= in a command line, quotes removed; "" when it is empty, null when it is not given. */
function variable(name: string, text: string): string | null {
	const found = new RegExp(`(?<![\\w])${name}=(?:'([^']{0,400})'|([^\\s']{0,400}))`).exec(text);
	return found === null ? null : (found[1] ?? found[2] ?? "");
}
