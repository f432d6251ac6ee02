import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask, findProgram, versionLine } from "../host/process/program.ts";
import { parseCompiler } from "../kernel/compiler.ts";
import { fitsVersion } from "./keep/kept.ts";
import { LLVM_TOOLS } from "./llvm.ts";
import type { ChosenPart } from "./toolchain.ts";
import type { Wanted } from "./wanted.ts";

/** What this machine has for a part; `prefix` is CROSS_COMPILE. Runs the programs for their versions. */
export function hostPart(wanted: Wanted, prefix: string): ChosenPart {
	if (wanted.part === "gcc") return wanted.compat ? compatGcc(wanted) : hostGcc(wanted, prefix);
	if (wanted.part === "clang") return hostClang(wanted);
	if (wanted.part === "pahole") return hostTool(wanted, "pahole");
	return hostRust(wanted);
}

/** The compiler that the user named, with its arguments ("ccache gcc", "gcc -m32"). */
export function namedCompiler(wanted: Wanted, words: string): ChosenPart {
	const answer = ask([...words.split(" "), "--version"]);
	const text = answer?.status === 0 ? (answer.stdout.split("\n")[0]?.trim() ?? null) : null;
	return judged(wanted, words, text);
}

/** What `--version` of it says first; null when there is none. */
export function textOf({ program }: Pick<ChosenPart, "program">): string | null {
	if (program === null) return null;
	const answer = ask([...program.split(" "), "--version"]);
	return answer?.status === 0 ? (answer.stdout.split("\n")[0]?.trim() ?? null) : null;
}

function hostGcc(wanted: Wanted, prefix: string): ChosenPart {
	const { name, major } = wanted;
	const named = /gcc/.test(name) ? [`${prefix}${name}`, name] : [];
	const numbered = major === null ? [] : [`${prefix}gcc-${major}`];
	const candidates = [...named, ...numbered].filter((it) => prefix === "" || it.startsWith(prefix));
	const program = candidates.find((it) => findProgram(it) !== null) ?? `${prefix}gcc`;
	const part = judged(wanted, program, versionLine(program));
	return part.fits && wanted.plugins && !hasPlugins(program) ? { ...part, fits: false } : part;
}

function hasPlugins(program: string): boolean {
	const folder = ask([program, "-print-file-name=plugin"])?.stdout.trim() ?? "";
	return folder.startsWith("/") && existsSync(join(folder, "include/plugin-version.h"));
}

/** Either 32-bit ARM compiler serves (arch/arm64/kernel/vdso32/Makefile takes the prefix that it is given). */
function compatGcc(wanted: Wanted): ChosenPart {
	const found = ["arm-linux-gnueabihf-gcc", "arm-linux-gnueabi-gcc"].find((it) => findProgram(it) !== null);
	if (found === undefined) return none(wanted);
	return { ...judged(wanted, found, versionLine(found)), fits: true };
}

/** A clang of the target's major version, else any with LLVM's tools, else any; the number stands in its name or not. */
function hostClang(wanted: Wanted): ChosenPart {
	const names = [wanted.name, ...(wanted.major === null ? [] : [`clang-${wanted.major}`]), "clang"];
	const parts = [...new Set(names)]
		.filter((it) => /clang/.test(it) && findProgram(it) !== null)
		.map((it) => {
			const part = judged(wanted, it, versionLine(it));
			const whole = !wanted.lld || llvmToolsOf(it).lacking.length === 0;
			return { part: { ...part, fits: part.fits && whole }, whole };
		});
	const chosen = parts.find(({ part }) => part.fits) ?? parts.find(({ whole }) => whole) ?? parts[0];
	return chosen?.part ?? none(wanted);
}

/** The tools of LLVM that belong to a clang. */
export interface LlvmTools {
	/** What stands behind their names: "-19", "". */
	suffix: string;
	/** Those that are not here, or of another major version: one of them cannot read what the other made. */
	lacking: string[];
}

/** Looks on PATH for the tools of a clang, which may have arguments: by its own number, without one, by its version. */
export function llvmToolsOf(program: string): LlvmTools {
	const clang = program.split(" ").find((word) => /clang/.test(word)) ?? program;
	const major = majorOf(clang);
	const suffixes = [/-\d+$/.exec(clang)?.[0] ?? "", "", ...(major === null ? [] : [`-${major}`])];
	const found = [...new Set(suffixes)].map((suffix) => ({
		suffix,
		lacking: LLVM_TOOLS.filter((tool) => !isOfMajor(tool, suffix, major)),
	}));
	return found.reduce((best, one) => (one.lacking.length < best.lacking.length ? one : best));
}

function isOfMajor(tool: string, suffix: string, major: string | null): boolean {
	if (findProgram(`${tool}${suffix}`) === null) return false;
	// One package has all of binutils: its archiver speaks for them.
	if (suffix !== "" || !["ld.lld", "llvm-ar"].includes(tool)) return true;
	const own = majorOf(tool);
	return own === null || major === null || own === major;
}

/** "Debian clang version 19.1.7", "Debian LLD 19.1.7 (...)", "LLVM version 19.1.7" in a line of its own → "19". */
function majorOf(program: string): string | null {
	const answer = ask([program, "--version"]);
	return /\b(?:version|LLD) (\d+)\./.exec(answer?.status === 0 ? answer.stdout : "")?.[1] ?? null;
}

function hostRust(wanted: Wanted): ChosenPart {
	const part = hostTool(wanted, "rustc");
	if (part.program === null || findProgram("bindgen") === null) return { ...part, fits: false };
	const root = ask(["rustc", "--print", "sysroot"])?.stdout.trim() ?? "";
	const source = existsSync(join(root, "lib/rustlib/src/rust/library/core/src/lib.rs"));
	return { ...part, fits: part.fits && source };
}

function hostTool(wanted: Wanted, program: string): ChosenPart {
	return findProgram(program) === null ? none(wanted) : judged(wanted, program, versionLine(program));
}

function judged(wanted: Wanted, program: string, text: string | null): ChosenPart {
	if (text === null) return none(wanted);
	const compiler = wanted.part === "gcc" || wanted.part === "clang" ? parseCompiler(text) : null;
	const version = compiler?.version ?? /\d+(?:\.\d+)+/.exec(text)?.[0] ?? null;
	const fits =
		wanted.major === null ||
		(version !== null &&
			(compiler === null || (compiler.family === wanted.part && compiler.major === wanted.major)) &&
			(compiler !== null || fitsVersion(wanted, version)));
	return { wanted, from: "host", fits, version, program, kept: null };
}

function none(wanted: Wanted): ChosenPart {
	return { wanted, from: "none", fits: false, version: null, program: null, kept: null };
}
