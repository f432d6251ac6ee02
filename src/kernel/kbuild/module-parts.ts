/** Folders of a source tree that building an external module reads, whatever the architecture. */
const FOLDERS = [
	"include/",
	"scripts/",
	"tools/",
	"kernel/",
	"init/",
	"security/",
	"certs/",
	"lib/",
	"rust/",
	// scripts/checksyscalls.sh compares every architecture with this one's table (2.6.29 to 6.10).
	"arch/x86/entry/syscalls/",
	"arch/x86/syscalls/",
	// include/linux/peci-cpu.h takes it from there on every architecture (6.1).
	"arch/x86/include/asm/intel-family.h",
	// asm-offsets of x86 included its header (2.6.23 to 4.13).
	"drivers/lguest/",
	// rust/bindings/bindings_helper.h includes them (6.18 to 7.2); what others it includes is asked of it.
	"drivers/base/base.h",
	"drivers/android/binder/rust_binder.h",
	"drivers/android/binder/rust_binder_events.h",
];

/** Large parts of those folders that it does not read. */
const LEFT_OUT = ["tools/testing/", "tools/perf/", "Documentation/"];

/** Folders below arch/ that another one includes from; the two words of x86 until 2.6.23. */
const NEIGHBOURS: Record<string, string[]> = {
	x86: ["x86", "i386", "x86_64"],
	um: ["um", "x86", "i386", "x86_64"],
	// vdso32 of arm64 is made with a program of arm (4.20 and later).
	arm64: ["arm64", "arm/include", "arm/vdso"],
	powerpc: ["powerpc", "ppc"],
	sparc: ["sparc", "sparc64"],
	sh: ["sh", "sh64"],
};

/**
 * True for the files of a kernel tree that `make olddefconfig modules_prepare` and an external module build of the
 * architecture read. `path` is relative to the top of the tree; `arch` is the word below arch/, null keeps them all.
 * Every Kconfig file of every folder is among them, so the .config comes out as in the full tree. Read from the top
 * Makefile, Kbuild and scripts/ of 6.1, which says what older and newer trees need besides in the table above.
 */
export function neededForModules(path: string, arch: string | null): boolean {
	if (!path.includes("/")) return true;
	const name = path.slice(path.lastIndexOf("/") + 1);
	if (name.startsWith("Kconfig") || name === "Makefile.kvm") return true;
	if (startsWithAny(path, LEFT_OUT)) return false;
	if (startsWithAny(path, FOLDERS)) return true;
	if (!path.startsWith("arch/")) return false;
	// Device tree sources: 1,500 files on arm64, and no module needs one.
	if (/^arch\/[^/]+\/boot\/dts\//.test(path)) return false;
	if (arch === null || !path.includes("/", 5)) return true;
	return (NEIGHBOURS[arch] ?? [arch]).some((word) => path.startsWith(`arch/${word}/`));
}

function startsWithAny(path: string, folders: string[]): boolean {
	return folders.some((folder) => path.startsWith(folder));
}
