import { join } from "node:path";
import { findProgram } from "../host/process/program.ts";
import { archWord, tripletOf } from "../kernel/arch.ts";
import { differs, nearness } from "../kernel/compiler.ts";
import { type Config, isOn } from "../kernel/config/config.ts";
import { hostPart, llvmToolsOf, namedCompiler, textOf } from "./host.ts";
import { type Kept, keptFor } from "./keep/kept.ts";
import { llvmVariables } from "./llvm.ts";
import { noCompiler, requireLlvm } from "./missing.ts";
import type { ChosenPart, Toolchain } from "./toolchain.ts";
import { type Wanted, wantedParts } from "./wanted.ts";

export interface ToolchainRequest {
	/** CONFIG_CC_VERSION_TEXT or the banner's compiler; null: unknown. */
	compiler: string | null;
	/** The target's arch word; null: unknown, taken for this machine's. */
	arch: string | null;
	config: Config;
	/** Text of the tree's Makefile: what of LLVM= it knows. */
	makefile?: string | undefined;
	/** What the user asked for; `cc` may have arguments. */
	cc?: string | undefined;
	crossCompile?: string | undefined;
	archFlag?: string | undefined;
	/** Parts that were brought along; none are used when left out. */
	kept?: readonly Kept[];
}

/**
 * Chooses for every part that the target was built with: this machine's when it is the same, else a kept one, else what
 * this machine has, with a warning that has both versions. Throws "missing" when there is no compiler at all, or clang
 * without the tools of LLVM that the target was built with.
 */
export function chooseToolchain(request: ToolchainRequest): Toolchain {
	const { here, arch, word, prefix, parts } = partsFor(request);
	const compiler = parts[0] as ChosenPart;
	const text = compiler.kept?.text ?? textOf(compiler);
	if (text === null) throw noCompiler(compiler.wanted, request.cc ?? `${prefix}${compiler.wanted.part}`);
	if (request.cc === undefined) requireLlvm(compiler);
	const variables: Record<string, string> = {};
	if (arch !== here && arch !== "x86_64") variables.ARCH = arch;
	if (prefix !== "") variables.CROSS_COMPILE = prefix;
	Object.assign(
		variables,
		compilerVariables(compiler, request, prefix, word === here ? null : tripletOf(word)),
	);
	const environment: Record<string, string> = {};
	for (const part of parts.slice(1)) Object.assign(variables, otherVariables(part));
	for (const { kept } of parts)
		for (const [name, path] of Object.entries(kept?.environment ?? {}))
			environment[name] = join((kept as Kept).folder, path);
	return {
		...{ variables, environment, path: foldersOf(compiler), text, parts },
		warnings:
			differs(request.compiler, text) && !isSameRelease(compiler)
				? [warning(request.compiler ?? "", text, compiler.fits || isNamed(request))]
				: [],
	};
}

/** Every part that the target was built with, the compiler first, and what stands in for it here. */
export function chosenParts(request: ToolchainRequest): ChosenPart[] {
	return partsFor(request).parts;
}

/** The parts that neither this machine nor `kept` has as the target had them; none for a compiler that the user named. */
export function lackingParts(request: ToolchainRequest): Wanted[] {
	const { parts } = partsFor(request);
	return parts
		.filter(({ fits, wanted }) => !fits && !(isNamed(request) && isCompiler(wanted)))
		.map(({ wanted }) => wanted);
}

/** ARCH word of this machine. */
export function thisArch(): string {
	return archWord(process.arch === "x64" ? "x86_64" : process.arch) ?? process.arch;
}

interface Parts {
	here: string;
	/** ARCH as make gets it, and the word of arch/. */
	arch: string;
	word: string;
	/** CROSS_COMPILE. */
	prefix: string;
	parts: ChosenPart[];
}

function partsFor(request: ToolchainRequest): Parts {
	const here = thisArch();
	const arch = request.archFlag ?? archOf(request, here);
	const word = archWord(arch) ?? arch;
	const prefix = request.crossCompile ?? (word === here ? "" : prefixOf(word));
	const wanted = wantedParts({ config: request.config, compiler: request.compiler, arch: word });
	return { here, arch, word, prefix, parts: wanted.map((one) => choosePart(one, request, prefix)) };
}

function isNamed({ cc, crossCompile }: ToolchainRequest): boolean {
	return cc !== undefined || crossCompile !== undefined;
}

function isCompiler({ part, compat }: Wanted): boolean {
	return (part === "gcc" || part === "clang") && !compat;
}

function choosePart(wanted: Wanted, request: ToolchainRequest, prefix: string): ChosenPart {
	const compiler = isCompiler(wanted);
	if (compiler && request.cc !== undefined) return namedCompiler(wanted, request.cc);
	const host = hostPart(wanted, prefix);
	if (host.fits || (compiler && request.crossCompile !== undefined)) return host;
	const kept = keptFor(wanted, request.kept ?? []);
	if (kept === null) return host;
	return { wanted, from: "kept", fits: true, version: kept.version, program: null, kept };
}

/** LLVM=1 and CC=clang are typed by people and DKMS too, and win over what is set here: they find the same programs. */
function foldersOf({ wanted, kept }: ChosenPart): string[] {
	const bin = wanted.part === "clang" ? kept?.tools.LLVM : undefined;
	return kept === null || bin === undefined ? [] : [join(kept.folder, bin)];
}

function compilerVariables(
	{ wanted, kept, program }: ChosenPart,
	{ config, makefile, cc }: ToolchainRequest,
	prefix: string,
	cross: string | null,
): Record<string, string> {
	const more = { config, makefile: makefile ?? null, cross };
	if (kept !== null && wanted.part === "gcc") return absolute(kept);
	if (kept !== null) {
		const folder = `${join(kept.folder, kept.tools.LLVM ?? "")}/`;
		// Programs of the build itself are linked with this machine's libraries.
		const host = findProgram("gcc") === null ? {} : { HOSTCC: "gcc", HOSTCXX: "g++" };
		return { ...llvmVariables({ cc: `${folder}clang`, folder, suffix: "" }, more), ...host };
	}
	if (wanted.part === "clang" && program !== null && /clang/.test(program)) {
		const { suffix } = wanted.lld ? llvmToolsOf(program) : { suffix: "" };
		return llvmVariables({ cc: program, folder: "", suffix }, more);
	}
	return program === null || (program === `${prefix}gcc` && cc === undefined) ? {} : { CC: program };
}

function otherVariables({ wanted, kept, program }: ChosenPart): Record<string, string> {
	if (kept === null)
		return wanted.compat && program !== null ? { CROSS_COMPILE_COMPAT: program.replace(/gcc$/, "") } : {};
	const variables = absolute(kept);
	return wanted.compat ? { CROSS_COMPILE_COMPAT: variables.CROSS_COMPILE ?? "" } : variables;
}

function absolute({ folder, tools }: Kept): Record<string, string> {
	return Object.fromEntries(Object.entries(tools).map(([name, path]) => [name, join(folder, path)]));
}

function archOf({ arch, config }: ToolchainRequest, here: string): string {
	const word = arch ?? here;
	// ARCH=x86 takes its word size from the machine unless it is said (arch/x86/Kconfig, config 64BIT).
	return word === "x86" && config.size > 0 && !isOn(config, "64BIT") && !isOn(config, "X86_64")
		? "i386"
		: word;
}

function prefixOf(word: string): string {
	const triplet = tripletOf(word);
	return triplet === null ? "" : `${triplet}-`;
}

/** The same version from another builder: nothing to warn about. */
function isSameRelease({ wanted, version, fits }: ChosenPart): boolean {
	return fits && wanted.version !== null && wanted.version === version;
}

function warning(target: string, here: string, fits: boolean): string {
	const fetch = fits ? "" : " (--toolchain fetch brings the target's own along)";
	const effect =
		nearness(target, here) === "other-family"
			? "options drop, and with LTO or CFI modules do not fit the kernel's code"
			: "modules usually load all the same, but options may drop";
	return `the target was built with ${target}, this machine has ${here}: ${effect}${fetch}`;
}
