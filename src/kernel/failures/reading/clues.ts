import { isOfTree } from "./compile-error.ts";
import type { Scene } from "./scene.ts";

/** Needles of the lines that `observeClues` wants to see. */
export const CLUE_NEEDLES = [
	...["src/linux-", "--force", "probe -f", "nsmod -f", "headers-", "headers for this"],
	...[
		"lib/modules/",
		"linux-headers-",
		"kernels/",
		"kernel-devel-",
		"Linux version",
		"lib/dkms/",
		"DKMS",
		"dkms ",
	],
	...[
		"akmods",
		"bitbake",
		"do_compile",
		"opkg",
		"OpenWrt",
		"pacman",
		"Unable to locate package",
		"CC [M]",
		"LD [M]",
	],
	...[
		"RUSTC [M]",
		": objtool",
		"KERNELRELEASE",
		"_IMPORT_NS",
		"import_ns",
		"taints kernel",
		"Modules linked in",
		"RIP: ",
		"pc : ",
	],
	...[
		"PC is at",
		"epc : ",
		"Tainted: ",
		"should be '",
		"for kernel",
		"on kernel",
		"-for-",
		"nvidia-installer",
		"--kernels ",
		"akms",
		"AKMBUILD",
		"/nix/store/",
		"rpm-ostree",
		"bazzite",
		"/portage/",
		"/data/local/tmp",
		"failed to load",
		"finit_module for",
	],
	"Building for ",
	"nitial module for ",
	...["nitramfs", "mkinitcpio", "dracut", "initrd"],
	...["load_module+", "relocate_add", "do_one_initcall+", "Missing ENDBR"],
];

const MOST = 40;

const FOLDERS =
	"drivers|fs|net|sound|arch|kernel|lib|crypto|mm|block|security|virt|init|samples|tools|scripts";
const OF_TREE = new RegExp(`^(?:${FOLDERS})/`);
const PROGRESS = new RegExp(`^  (?:CC|LD|AS|AR) (?:\\[M\\])? +(?:${FOLDERS})/[\\w./+-]+$`);

/** kbuild's word that an object of the tree itself is being made, which most of a kernel's build log is; it says nothing of a failure. */
export function isProgress(line: string): boolean {
	return line.startsWith("  ") && PROGRESS.test(line);
}

/** Words that only logs of one kind of system have. */
const WORDS: readonly [board: string, words: RegExp][] = [
	["jetson", /\b(?:nvgpu|nvmap|tegra_drm|tegra\d*|jetson|orin|L4T)\b/i],
	[
		"android-gki",
		/\b(?:vendor_dlkm|system_dlkm|kernelsu|frida\w*|magisk|android)\b|\/vendor\/lib\/modules|\/data\/local\/tmp|insmod: failed to load|finit_module for "/i,
	],
	["synology", /\bsynology\b|\bDSM \d/i],
	["wsl2", /microsoft-standard/],
	["raspberry-pi", /\brpi-kernel-headers|raspberrypi-kernel/],
	["alpine", /\bakms\b|AKMBUILD|\bapk (?:add|fix|upgrade)\b/],
	["nixos", /\/nix\/store\//],
	["fedora-atomic", /\brpm-ostree\b|\bbazzite\b|\bublue\b/],
];

const RELEASE =
	/(?:\/lib\/modules\/|\/usr\/src\/kernels\/|[\w-]{0,40}headers-|\/usr\/src\/linux-|kernel-devel-|KERNELRELEASE=|KERNEL_UNAME=|for (?:the )?(?:target )?kernels?(?: release)?(?:\(s\))?:? |on kernel:? |Building (?:initial module )?for |Linux version |^Linux \S{1,64} |-for-|--kernels |(?:Not )?[Tt]ainted:? .{0,40}? {1,8}|-k )'?(\d{1,2}\.\d{1,3}[\w.+~-]{0,80})/g;

/** Adds what one normalised line says of the system that the log is from, of the driver and of how it is built. */
export function observeClues(text: string, scene: Scene): void {
	const source =
		/\/usr\/src\/linux-(\d+\.\d+(?:\.\d+)?-\d[\d.]*(?:\.g[0-9a-f]+)?(?:-obj)?)(?=[/'\s:]|$)/.exec(text);
	if (source !== null) {
		if (!source[0].endsWith("-obj")) scene.sourceTree ??= source[0];
		// The folder of kernel-source is called so on SUSE alone; a release has a flavour behind it.
		scene.board ??= "suse";
	}
	for (const [whole, found = ""] of text.matchAll(RELEASE)) {
		// The kernel that dkms passed over is not the one whose build it goes on to tell.
		if (/\bwas skipped\b/.test(text)) continue;
		if (source !== null && whole.endsWith(source[1] as string) && whole.includes("/usr/src/linux-")) continue;
		const release = found.replace(
			/\.(?:failed|log|rpm|deb).*$|-ubuntu\d\d\.\d\d_\w+$|-common$|[.,:;-]+$/g,
			"",
		);
		if (scene.releases.length < MOST && !scene.releases.includes(release)) scene.releases.push(release);
	}
	const built = /should be '(\d[^\s']{1,80})/.exec(text)?.[1];
	if (built !== undefined && !scene.releases.includes(built)) scene.releases.unshift(built);
	const dkms =
		/\/var\/lib\/dkms\/([\w.+-]{1,80})\/([\w.+~-]{1,60})\//.exec(text) ??
		/dkms (?:install|build|add|remove)\s.{0,40}?(?:-m )?([\w.+-]{1,80})(?:\/| -v )([\w.+~-]{1,60})/.exec(
			text,
		) ??
		/make\.log for ([\w.+-]{1,80}?)[-/](v?\d[\w.+~-]{0,60}|git|r\d\S{0,40}) for kernel/.exec(text);
	if (dkms?.[1] !== undefined && dkms[2] !== undefined) scene.dkms ??= { name: dkms[1], version: dkms[2] };
	scene.dkmsKernel ??= /make\.log for .{1,140} for kernel (\d\S{1,80}) \(/.exec(text)?.[1] ?? null;
	scene.ebuild ??=
		/\/portage\/([\w+-]{1,40}\/[\w+.-]{1,80}-\d[\w.-]{0,40})\/(?:work|temp)\//.exec(text)?.[1] ?? null;
	const packaged =
		/(\/\S{0,20}lib\/modules\/[^/\s]{1,80}\/(?:weak-updates|extra)\/([\w.+-]{1,60})\/[^\s:']{1,200}\.ko[\w.]{0,4})/.exec(
			text,
		);
	if (packaged?.[1] !== undefined && packaged[2] !== undefined && /\.el\d|weak-updates/.test(packaged[1]))
		scene.kmod ??= { name: packaged[2], path: packaged[1] };
	scene.forced ||= /(?:modprobe|insmod) (?:\S{1,40} )?(?:-f|--force\S{0,12})\b/.test(text);
	scene.akmods ||= /\bakmods(?:build)?\b/.test(text);
	if (/\bCC \[M\]|\bLD \[M\]|\bRUSTC \[M\]/.test(text)) {
		const file = /\[M\] +(\S{1,300})/.exec(text)?.[1] ?? "";
		scene.external ||= !OF_TREE.test(file);
	}
	scene.external ||= scene.dkms !== null || scene.akmods || /nvidia-installer|\bDKMS\b/.test(text);
	// An object of a module that has a place of its own failed.
	const failed = /\*\*\* \[(?:\S{1,300}:\d{1,6}: )?(\/\S{1,300}\.o)\]/.exec(text)?.[1];
	scene.external ||= failed !== undefined && !isOfTree(failed);
	const recipe =
		/(?:ERROR: |NOTE: recipe )([\w.+-]{1,80}?)-\d[\w.+~]{0,40}-r\d+[\w.]{0,8}[: ]/.exec(text)?.[1] ??
		/\/([\w+-]{1,80})_[\w.+-]{1,40}\.bb:do_compile/.exec(text)?.[1];
	if (recipe !== undefined) scene.recipe ??= recipe;
	scene.external ||= scene.recipe !== null || /do_compile/.test(text);
	scene.objtool ||= /(?:warning|error): objtool/.test(text);
	scene.usesDkms ||= /\bDKMS\b|\bdkms\b|kernel headers for this kernel do(?:es)? not seem/.test(text);
	scene.board ??= WORDS.find(([, words]) => words.test(text))?.[0] ?? null;
	scene.openwrt ||= /\bopkg\b|OpenWrt|\bkmod-[\w-]{1,60}\[kernel=/.test(text);
	scene.importNs ||= /MODULE_IMPORT_NS|import_ns/.test(text);
	scene.initramfs ||= /\b(?:update-initramfs|mkinitramfs|mkinitcpio|dracut)\b|\/boot\/initr/.test(text);
	const gone =
		/Unable to locate package '?([\w.+~-]{3,100})|No match for argument: ([\w.+~-]{3,100})|target not found: ([\w.+~-]{3,100})/.exec(
			text,
		);
	const missing = gone?.[1] ?? gone?.[2] ?? gone?.[3];
	if (missing !== undefined && scene.gonePackages.length < MOST) scene.gonePackages.push(missing);
	observeCrash(text, scene);
}

/** A frame of a call trace that is not a guess of the unwinder ("? NAME"), in what the loader does before init. */
const IN_LOADER =
	/^(?:\[<[0-9a-f]{1,16}>\] )?((?:__write_relocate_add|apply_relocate_add|load_module)[\w.]{0,60})\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}(?! \[)/;

/** The frame below a module's init: the innermost frames come first, so what loads it is no cause after that. */
const CALLS_INIT = /^(?:\[<[0-9a-f]{1,16}>\] )?do_one_initcall\+/;

/** Where an oops stopped, in what the loader does with a file before it calls any of it (kernel/module/main.c, arch/<arch>/kernel/module.c). */
const LOADER =
	/(?:RIP|pc|PC|IP|epc|EIP)(?: is at|:| :) ?(?:[0-9a-f]{2,4}:)?((?:apply_relocat|load_module|simplify_symbols|find_module_sections|layout_and_allocate|move_module|post_relocation|module_finalize|setup_load_info|check_modinfo)[\w.]{0,60})\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}(?! \[)/;

function observeCrash(text: string, scene: Scene): void {
	const tainting = /(?:^|\s)([\w.+-]{1,64}): (?:loading out-of-tree module|module verification failed)/.exec(
		text,
	)?.[1];
	if (tainting !== undefined && !scene.tainting.includes(tainting) && scene.tainting.length < MOST)
		scene.tainting.push(tainting);
	const proprietary = /(?:^|\s)([\w.+-]{1,64}): module license '[^']{0,64}' taints kernel/.exec(text)?.[1];
	if (proprietary !== undefined && scene.proprietary.length < MOST) scene.proprietary.push(proprietary);
	// The function in which it stopped outranks the ones that called it.
	const at =
		/(?:RIP|pc|PC|IP|epc|EIP)(?: is at|:| :)[^[]{0,40}?([\w.$]{1,200})\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8} \[(\w{1,64})/.exec(
			text,
		);
	const traced =
		/^(?:\? |\[<[0-9a-f]{1,16}>\] (?:\? )?)?([\w.$]{1,200})\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8} \[(\w{1,64})/.exec(
			text,
		);
	const found = at ?? traced;
	if (
		found?.[1] !== undefined &&
		found[2] !== undefined &&
		(scene.crash === null || (at !== null && !scene.crash.exact))
	)
		scene.crash = { symbol: found[1], module: found[2], exact: at !== null };
	const frame = text.trimStart();
	scene.missingEndbr ||= text.includes("Missing ENDBR");
	scene.initCalled ||= CALLS_INIT.test(frame);
	const inLoader = LOADER.exec(text)?.[1] ?? (scene.initCalled ? undefined : IN_LOADER.exec(frame)?.[1]);
	if (inLoader !== undefined) scene.loaderCrash ??= inLoader;
	// "Modules linked in: hello(O+)": the plus marks the one that is being loaded.
	const loading = /Modules linked in:.{0,4000}?(?:^|\s)(\w{1,64})\([A-Z]{0,8}\+[A-Z]{0,8}\)/.exec(text)?.[1];
	if (loading !== undefined && scene.crash === null)
		scene.crash = { symbol: undefined, module: loading, exact: false };
}
