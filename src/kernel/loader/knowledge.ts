import type { Enforcement } from "../bootline/enforcement.ts";
import type { Pkcs7 } from "./pkcs7.ts";

/** One export of the target, of its image or of one of its modules. */
export interface TargetSymbol {
	/** null: the exporter carries no CRCs (it was built without MODVERSIONS). */
	crc: number | null;
	gpl: boolean;
	namespace: string | null;
	/** "vmlinux", or the name of the exporting module with "_" for "-". */
	owner: string;
}

/** Where the target's struct module keeps what a module file also has an idea of. Bytes. */
export interface StructModule {
	size: number | null;
	/** Offset of the init and exit members; null when not known. exit is not there without MODULE_UNLOAD. */
	init: number | null;
	exit: number | null;
	/** First-level members by offset, from BTF; null when not known. */
	members: { name: string; offset: number; size: number }[] | null;
}

/** What the loader's decisions need to know about the kernel. Everything that is not known is null. */
export interface TargetKnowledge {
	release: string;
	/** V.P.S, such as [6, 1, 192]; null when not known. */
	version: [number, number, number] | null;
	/** ARCH word of the kernel tree: x86, arm64, riscv... */
	arch: string | null;
	bits: 32 | 64 | null;
	little: boolean;
	/** Value of a config symbol, its name without CONFIG_; undefined when it is not set. null: no config is known. */
	symbol: ((name: string) => string | undefined) | null;
	/** Config symbols of which it is known without a config whether they are on. */
	proven: ReadonlyMap<string, boolean>;
	vermagic: string | null;
	structModule: StructModule | null;
	/** Every export by name, of the image and of all installed modules. null: not known. */
	exports: ReadonlyMap<string, TargetSymbol> | null;
	/** Names ("_" for "-") of the modules that are installed and so can be loaded first. null: not known. */
	installed: ReadonlySet<string> | null;
	/**
	 * Other modules of the same call, which are loaded first, by name: null, or how the loader refuses one ("EINVAL: line").
	 * Absent where a module is judged alone.
	 */
	siblings?: ReadonlyMap<string, string | null>;
	/** Names of the modules that declare a licence the kernel counts as proprietary. */
	proprietary: ReadonlySet<string>;
	/**
	 * True when the image holds this text: the loader's own messages tell what it checks. null: no image was read; the
	 * answer null: it was not looked for.
	 */
	says: ((text: string) => boolean | null) | null;
	/** True for kernels built by Debian, whose patch refuses a symbol without a version. null: not known. */
	refusesMissingVersion: boolean | null;
	/** BTF of the image; null when not known. */
	btf: KernelBtf | null;
	/** The keys that the image itself trusts, as signerId() and signerOfSkid() of pkcs7.ts name them. null: not known. */
	trustedKeys: ReadonlySet<string> | null;
	/** Checks a signature over `content` that one of those keys made; null: not possible here. */
	verify: ((content: Uint8Array, signed: Pkcs7) => "ok" | "EKEYREJECTED" | null) | null;
	/** What forbids unsigned modules besides MODULE_SIG_FORCE. null: that is open. */
	enforces: Enforcement | null;
	/** Modules that the command line keeps out; those that are known of. */
	blacklist: ReadonlySet<string>;
	/**
	 * Names ("_" for "-") that parts of the image itself have in /sys/module: `certain`, or `possible` where only names
	 * without the permissions of their parameters are known. null: not known.
	 */
	builtin: ReadonlyMap<string, "certain" | "possible"> | null;
}

/** As much of the image's BTF as the validation of a module's BTF asks for. */
export interface KernelBtf {
	/** Types with void: the first id that a module may use. */
	types: number;
	/** Length of the string section in bytes. */
	stringsLength: number;
	/** The string at that offset of the string section. */
	string: (offset: number) => string;
	/** Integers, floats, enums, forwards, structs and unions of that name, in the order of their ids. */
	named: (name: string) => KernelType[];
}

/** One type by its BTF kind (BTF_KIND); `flag` is its kind flag, `size` in bytes (0 for a forward). */
export interface KernelType {
	kind: number;
	flag: boolean;
	size: number;
}
