import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { Wanted } from "../wanted.ts";
import type { Manifest } from "./manifest.ts";

/** What of a part make is told about: variables → program below `folder`, and its environment. */
export type Tools = Pick<Manifest, "tools" | "environment">;

const BINUTILS: Readonly<Record<string, string>> = {
	LD: "ld",
	AR: "ar",
	NM: "nm",
	OBJCOPY: "objcopy",
	OBJDUMP: "objdump",
	READELF: "readelf",
	STRIP: "strip",
};

/**
 * Finds the programs of a part below FOLDER/root, and makes gcc find its own assembler and linker without PATH: it looks
 * for them in PREFIX/TRIPLET/bin (gcc manual, "Environment Variables": GCC_EXEC_PREFIX). Throws KprepError "missing" for
 * a part that is not whole.
 */
export function findTools(folder: string, wanted: Wanted, cross: boolean): Tools {
	if (wanted.part === "gcc") return gccTools(folder, wanted, cross);
	if (wanted.part === "clang") return clangTools(folder, wanted);
	if (wanted.part === "pahole")
		return { tools: { PAHOLE: there(folder, "root/usr/bin/pahole") }, environment: {} };
	return rustTools(folder);
}

function gccTools(folder: string, { name, major, triplet, plugins }: Wanted, cross: boolean): Tools {
	const bin = "root/usr/bin";
	const prefix = `${triplet}-`;
	const number = major ?? numberIn(folder, new RegExp(`^(?:${prefix})?gcc-(\\d[\\d.]*)$`));
	// By the name that the target's own text has, where there is one: the texts are then the same.
	const names = [name, `${prefix}gcc-${number}`, `gcc-${number}`];
	const cc = names.map((it) => join(bin, it)).find((it) => existsSync(join(folder, it)));
	const asTool = join(bin, `${prefix}as`);
	if (cc === undefined) throw notWhole(folder, names.join(" or "));
	there(folder, asTool);
	linkBinutils(join(folder, "root/usr", triplet ?? ""), prefix);
	// CROSS_COMPILE with nothing behind it is how most of kbuild calls a cross compiler.
	const plain = join(folder, bin, `${prefix}gcc`);
	if (cross && !existsSync(plain)) symlinkSync(basename(cc), plain);
	if (cross) return { tools: { CROSS_COMPILE: join(bin, prefix), CC: cc }, environment: {} };
	const tools = Object.entries(BINUTILS).map(([variable, tool]) => [
		variable,
		there(folder, join(bin, `${prefix}${tool}`)),
	]);
	const cxx = plugins ? { HOSTCXX: there(folder, join(bin, `g++-${number}`)) } : {};
	return { tools: { CC: cc, ...Object.fromEntries(tools), ...cxx }, environment: {} };
}

function linkBinutils(prefix: string, names: string): void {
	const bin = join(prefix, "bin");
	mkdirSync(bin, { recursive: true });
	for (const tool of ["as", "ld", "ld.bfd", "nm", "ar", "ranlib", "strip", "objcopy"])
		if (!existsSync(join(bin, tool)) && existsSync(join(prefix, `../bin/${names}${tool}`)))
			symlinkSync(`../../bin/${names}${tool}`, join(bin, tool));
}

function clangTools(folder: string, { major }: Wanted): Tools {
	const number = major ?? numberIn(folder, /^clang-(\d+)$/);
	const bin = `root/usr/lib/llvm-${number}/bin`;
	for (const tool of ["clang", "ld.lld", "llvm-ar", "llvm-nm", "llvm-objcopy", "llvm-strip"])
		there(folder, join(bin, tool));
	return { tools: { LLVM: bin }, environment: {} };
}

function rustTools(folder: string): Tools {
	const bin = "root/usr/bin";
	const rustc = ["rustc", ...readdirSync(join(folder, bin)).filter((it) => /^rustc-\d/.test(it))].find((it) =>
		existsSync(join(folder, bin, it)),
	);
	const tools = {
		RUSTC: there(folder, join(bin, rustc ?? "rustc")),
		HOSTRUSTC: there(folder, join(bin, rustc ?? "rustc")),
		BINDGEN: there(folder, join(bin, "bindgen")),
	};
	const llvm = readdirSync(join(folder, "root/usr/lib")).find(
		(it) =>
			/^llvm-\d/.test(it) &&
			readdirSync(join(folder, "root/usr/lib", it, "lib")).some((name) => name.startsWith("libclang")),
	);
	if (llvm === undefined) throw notWhole(folder, "libclang");
	return { tools, environment: { LIBCLANG_PATH: join("root/usr/lib", llvm, "lib") } };
}

function numberIn(folder: string, pattern: RegExp): string {
	const names = readdirSync(join(folder, "root/usr/bin")).flatMap((name) => pattern.exec(name)?.[1] ?? []);
	return names[0] ?? "";
}

function there(folder: string, path: string): string {
	if (existsSync(join(folder, path))) return path;
	throw notWhole(folder, path);
}

function notWhole(folder: string, what: string): KprepError {
	return new KprepError("missing", "toolchain-not-whole", `the packages hold no ${what}`, {
		where: folder,
		suggestions: ["kprep toolchain list names other sources", "--toolchain host goes on with this machine's"],
	});
}
