import type { Wanted } from "../wanted.ts";

/** Names by which a package system may have a part. */
export interface AptNames {
	/** All of them; null: only their pattern is known, and what all begin with. */
	names: string[] | null;
	prefix: string;
	pattern: RegExp;
}

/** Names by which Debian and Ubuntu may have a part; null for an architecture without a compiler of its own there. */
export function aptNamesOf(wanted: Wanted, own: string): AptNames | null {
	const { part, major, triplet } = wanted;
	if (part === "pahole") return literal("pahole", "dwarves");
	if (part === "rust") return { names: null, prefix: "rustc", pattern: /rustc(?:-\d+\.\d+)?/ };
	if (triplet === null) return null;
	const cross = part === "gcc" ? crossOf(triplet, own) : "";
	if (major === null)
		return { names: null, prefix: `${part}-`, pattern: new RegExp(`${part}-\\d+(?:\\.0)?${cross}`) };
	return part === "gcc" ? literal(`gcc-${major}${cross}`) : literal(`clang-${major}`, `clang-${major}.0`);
}

function literal(...names: string[]): AptNames {
	const pattern = new RegExp(names.map((name) => name.replaceAll(".", "\\.")).join("|"));
	return { names, prefix: "", pattern };
}

/** What comes with the part's main package `name`; those that end in "=" in its very version. */
export function companionsOf({ part, plugins, triplet }: Wanted, name: string, own: string): string[] {
	const number = /-(\d+(?:\.\d+)?)(?=-|$)/.exec(name)?.[1] ?? "";
	if (part === "pahole") return [];
	if (part === "rust") return [`${name.replace("rustc", "rust")}-src=`, "bindgen"];
	if (part === "clang") return [`lld-${number}`, `llvm-${number}`];
	const cross = crossOf(triplet ?? own, own);
	const plugin = [`g++-${number}${cross}=`, `gcc-${number}-plugin-dev${cross}=`];
	return [`binutils${cross}`, ...(plugins ? plugin : [])];
}

function crossOf(triplet: string, own: string): string {
	return triplet === own ? "" : `-${triplet.replaceAll("_", "-")}`;
}

const SANITIZERS =
	"lib(?:a|l|t|ub|hwa)san\\d+(?:-.*)?|libitm\\d+(?:-.*)?|libquadmath\\d+(?:-.*)?|libcc1-\\d+";
const REST = "libgprofng\\d+|libc-gconv-modules-extra|linux-libc-dev(?:-.*)?";

/**
 * Packages that a kernel's build never uses though others depend on them: run-time libraries of sanitizers, profilers,
 * for Rust a second C compiler. apt is told that they are installed, so it leaves out what only they need as well.
 */
export function unneeded({ part, plugins }: Wanted): RegExp {
	if (part !== "rust" || plugins) return new RegExp(`^(?:${SANITIZERS}|${REST})$`);
	const compiler =
		"(?:gcc|cpp|g\\+\\+|binutils)(?:-(?!.*base).*)?|libbinutils|lib(?:gcc|stdc\\+\\+|objc)-\\d+-dev";
	return new RegExp(`^(?:${SANITIZERS}|${REST}|${compiler}|libc6-dev|libc-dev-bin|libobjc\\d+|libgc1)$`);
}

/** Packages that are left out though what they need is wanted: headers of libclang, of which bindgen loads the library alone. */
export function omitted({ part }: Wanted): RegExp {
	return part === "rust" ? /^libclang(?:-\d+)?-dev$/ : /^$/;
}

/** The C library's own packages: not unpacked where this machine's is as new. */
export const C_LIBRARY = /^libc6$|^libc-bin$|^libc-gconv-/;
