/** What the Makefile or Kbuild of an external module says about how it wants to be built. */
export interface DriverMakefile {
	/** kbuild can read it: it fills obj-m or an obj-$(CONFIG_...). */
	kbuild: boolean;
	/** Symbols of obj-$(CONFIG_X) that it does not set itself. */
	symbols: string[];
}

/** Names by which Makefiles of drivers ask for the folder of kbuild, as dozens of them do. */
const FOLDERS =
	"KDIR KERNELDIR KERNEL_DIR KSRC KERNEL_SRC KERNEL_SOURCE KERNEL_SOURCE_DIR KERNEL_TREE KERNEL_PATH KERNEL_BUILD KERNEL_BUILD_DIR KBUILD KBUILD_DIR KBUILDDIR KERN_DIR KERNDIR KERNELPATH KERNEL KLIB_BUILD LINUX_SRC LINUXDIR LINUX_DIR LINUX KERNEL_HEADERS BUILD_KERNEL_DIR SYSSRC".split(
		" ",
	);
/** And for the release. */
const RELEASES =
	"KVER KVERSION KVERS KERNEL_VERSION KERNEL_RELEASE KERNELVER KERNEL_VER KERNEL_UNAME KREL VER BUILD_KERNEL".split(
		" ",
	);

/** Reads the text of a Makefile or Kbuild; nothing is evaluated. */
export function readDriverMakefile(text: string): DriverMakefile {
	const symbols = [...text.matchAll(/^[ \t]*obj-\$[({](CONFIG_\w+)[)}]\s*[:+]?=/gm)].map(
		([, name]) => name as string,
	);
	const set = (name: string) => new RegExp(`^[ \\t]*(?:export\\s+)?${name}\\s*[:?]?=`, "m").test(text);
	return {
		kbuild: symbols.length > 0 || /^[ \t]*obj-m\s*[:+]?=/m.test(text),
		symbols: [...new Set(symbols)].filter((name) => !set(name)),
	};
}

/**
 * The words that a driver's own Makefile needs to find this tree instead of the running kernel's: only names that it
 * sets (NAME ?=, NAME =, NAME :=) from `uname`, from /lib/modules, /usr/src or another such name, or that it uses and
 * never sets.
 */
export function ownMakefileWords(text: string, build: string, release: string): string[] {
	const asks = (fits: (value: string) => boolean) => (name: string) => {
		const uses = new RegExp(`\\$[({]${name}[)}]`).test(text);
		const sets = [...text.matchAll(new RegExp(`^[ \\t]*(?:export\\s+)?${name}\\s*[:?]*=(.*)$`, "gm"))];
		return uses && (sets.length === 0 || sets.some(([, value = ""]) => fits(value)));
	};
	return [
		...FOLDERS.filter(asks(isFolder)).map((name) => `${name}=${build}`),
		...RELEASES.filter(asks((value) => /uname|\/lib\/modules|\$[({]K/.test(value))).map(
			(name) => `${name}=${release}`,
		),
	];
}

/**
 * The words that lead the Makefiles of a driver, which its dkms.conf calls, to this tree: the names of kbuild's folder that
 * they set themselves to one path from `uname`, /lib/modules, /usr/src or another such name.
 */
export function folderWords(texts: readonly string[], build: string): string[] {
	const sets = (name: string) =>
		texts.some((text) =>
			[
				...text.matchAll(new RegExp(`^[^\\S\\n]*(?:export[^\\S\\n]+)?${name}[^\\S\\n]*[:?]*=(.*)`, "gm")),
			].some(([, value = ""]) => isFolder(value)),
		);
	return FOLDERS.filter(sets).map((name) => `${name}=${build}`);
}

/** One path to a kernel's folder: not a command that holds one (KBUILD = $(MAKE) -C $(KDIR)), not a release. */
function isFolder(value: string): boolean {
	const path = value.replace(/#.*/, "").trim();
	let outer = path;
	for (let inner = ""; inner !== outer; ) {
		inner = outer;
		outer = outer.replace(/\$?[({][^(){}]*[)}]/g, "@");
	}
	if (/\s/.test(outer)) return false;
	const [, other] = /^\$[({](K\w+)[)}]$/.exec(path) ?? [];
	if (other !== undefined) return !RELEASES.includes(other);
	if (/\/lib\/modules|\/usr\/src/.test(path)) return true;
	return outer.includes("/") && /uname|\$[({]K/.test(path);
}

/**
 * Files of a modules.order as paths of the .ko files: absolute, or relative to `folder`. Entries begin with kernel/ up to
 * 5.x, and end in .ko up to 6.1, in .o from 6.2 on (scripts/Makefile.build).
 */
export function modulesOfOrder(text: string, folder: string): string[] {
	return text
		.split("\n")
		.filter((line) => line !== "" && line.length < 4096)
		.map((line) => line.replace(/^kernel\/\/?(?=\/)/, "").replace(/\.o$/, ".ko"))
		.map((line) => (line.startsWith("/") ? line : `${folder}/${line.replace(/^kernel\//, "")}`));
}
