import { tripletOf } from "../arch.ts";
import { parseCompiler } from "../compiler.ts";
import { isOn } from "../config/config.ts";
import type { Circumstances, Need } from "./need.ts";

/** The compilers: the host's for the build's own programs, the target's, and what its plugins include. */
export function compilerNeeds(it: Circumstances): Need[] {
	const { config, minimums } = it;
	const on = (symbol: string) => config !== null && isOn(config, symbol);
	const need = (tool: string, neededFor: string, more: Partial<Need> = {}): Need => ({
		...{ tool, neededFor, required: null, must: true, instead: [], ...more },
	});
	const needs = [
		need("gcc", "the host programs of the build", { required: minimums.get("gcc") ?? null, instead: ["cc"] }),
	];
	const cross = it.arch !== null && it.arch !== it.host ? (tripletOf(it.arch) ?? undefined) : undefined;
	if (on("CC_IS_CLANG")) {
		needs.push(...clangNeeds(it, need));
	} else {
		const major = gccMajor(it.compiler);
		if (cross !== undefined)
			needs.push(
				need(`${cross}-gcc`, `compiling for ${it.arch}`, {
					required: minimums.get("gcc") ?? null,
					instead: major === null ? [] : [`${cross}-gcc-${major}`],
				}),
			);
		else if (major !== null)
			needs.push(
				need(`gcc-${major}`, "the target was built with it; another one may drop options", {
					...{ required: major, must: false, instead: ["gcc", "cc"] },
				}),
			);
		if (on("GCC_PLUGINS") && major !== null) {
			const dropped = "CONFIG_GCC_PLUGINS: dropped in silence without it";
			needs.push(
				need(`gcc-${major}-plugin`, dropped),
				need("g++", "CONFIG_GCC_PLUGINS: compiling the plugins"),
			);
		}
	}
	if (on("LD_IS_LLD") && !on("CC_IS_CLANG")) needs.push(need("ld.lld", "the target's linker"));
	if (on("X86_32") && it.host === "x86" && process32(it))
		needs.push(need("gcc-m32", "compiling for 32 bits"));
	return needs;
}

/** clang, and with LLD all of LLVM's tools, of one version: by a name with the number or without. */
function clangNeeds(
	{ config, minimums, compiler }: Circumstances,
	need: (tool: string, neededFor: string, more?: Partial<Need>) => Need,
): Need[] {
	const parsed = compiler === null ? null : parseCompiler(compiler);
	const major = parsed?.family === "clang" ? parsed.major : null;
	const tools: [tool: string, why: string][] = [["clang", "the target's compiler"]];
	if (config !== null && isOn(config, "LD_IS_LLD"))
		tools.push(["ld.lld", "the target's linker"], ["llvm-ar", "the binutils of the target's compiler"]);
	return tools.flatMap(([tool, why]) => {
		const required = minimums.get(tool) ?? null;
		if (major === null) return [need(tool, why, { required })];
		const numbered = `${tool}-${major}`;
		const exact = "the target was built with it; another one may drop options";
		return [
			need(tool, why, { required, instead: [numbered] }),
			need(numbered, exact, { required: major, must: false, instead: [tool] }),
		];
	});
}

/** A 64-bit host; ARCH words do not tell, but kprep runs on no 32-bit x86. */
function process32({ arch }: Circumstances): boolean {
	return arch === "x86" || arch === "i386";
}

/** First number of the version at the end of "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0"; null for another compiler. */
function gccMajor(compiler: string | null): string | null {
	if (compiler === null || !/gcc/i.test(compiler)) return null;
	return /\s(\d+)(?:\.\d+)+(?:\s|$)/.exec(compiler.replace(/\([^)]*\)/g, " "))?.[1] ?? null;
}
