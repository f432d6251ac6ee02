/** Where a fact was read: the kind of place, and the path as the user would type it. */
export interface Source {
	kind: EvidenceKind;
	path: string;
}

/** One kind a provider; `flag` is what the user named on the command line. */
export type EvidenceKind =
	| "headers"
	| "boot"
	| "modules-dir"
	| "config-package"
	| "ostree"
	| "proc"
	| "sys"
	| "image"
	| "module"
	| "profile"
	| "flag"
	| "name"
	| "derived";

export interface Fact<T = string> {
	value: T;
	source: Source;
}

/** A fact that is a file: `value` is the path it comes from; `read` gives its content, decompressed or extracted. */
export interface FileFact extends Fact<string> {
	read(): Promise<Uint8Array>;
}

export interface SymversFact extends FileFact {
	/** How many symbols, and how many of them carry a CRC other than zero; counted when asked for, as it may take a read of the image. */
	counts(): Promise<{ exports: number; crcs: number }>;
	/** CRC of module_layout in it, "0x" and 8 hex digits; null when it has none or zero. */
	layoutCrc(): Promise<string | null>;
}

/** Everything that may be known about the kernel that must load the modules. null: unknown. */
export interface TargetFacts {
	/** `uname -r`. */
	release: Fact | null;
	/** V.P.S behind LINUX_VERSION_CODE, such as "6.1.192". */
	version: Fact | null;
	/** The kernel's ARCH word as in arch/ of its tree: x86, arm64, riscv, arm... */
	arch: Fact | null;
	/** Whole, trailing space included. */
	vermagic: Fact | null;
	/** As in CONFIG_CC_VERSION_TEXT or the banner: "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0". */
	compiler: Fact | null;
	/** Version of the package that the kernel was built as, by its own banner: "6.1.192-2". */
	packageVersion: Fact | null;
	/** The .config. */
	config: FileFact | null;
	/** The target's own top-level Makefile, wrappers followed. */
	makefile: FileFact | null;
	symvers: SymversFact | null;
	btf: FileFact | null;
	/** The bootable image; read() gives the file as it is. */
	image: FileFact | null;
	/** Folder of the installed modules: ROOT/lib/modules/R or its /usr twin. */
	modules: Fact | null;
	/** Hex text of the RANDSTRUCT seed, when the target ships it. */
	randstructSeed: FileFact | null;
	/** The hash word of a RANDSTRUCT vermagic. */
	randstructHash: Fact | null;
	/** sizeof(struct module) in bytes. */
	structModuleSize: Fact<number> | null;
	/** CRC of module_layout as in Module.symvers, "0x" and 8 hex digits. */
	moduleLayoutCrc: Fact | null;
}

/** Two sources that say different things about one fact; the first of `values` is the one that was taken. */
export interface Conflict {
	fact: keyof TargetFacts;
	values: Fact<string | number>[];
	/** Why the first one won, in one short sentence. */
	why: string;
}

export interface Target extends TargetFacts {
	conflicts: Conflict[];
	/** What could not be read and why, such as "/boot/vmlinuz-6.1: permission denied". */
	unreadable: string[];
}

/** What one provider found in one place. */
export type Evidence = Partial<TargetFacts>;
