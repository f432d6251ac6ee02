import { KprepError } from "../../errors.ts";
import { archWord } from "../../kernel/arch.ts";
import { differs } from "../../kernel/compiler.ts";
import { type Config, isOn } from "../../kernel/config/config.ts";
import { commandsFor, remedyFor } from "../../kernel/failures/catalogue.ts";
import { Root } from "../files/root.ts";
import { installLine } from "../packages/tools.ts";
import { findProgram, versionLine } from "../process/program.ts";
import { readDistribution } from "./distribution.ts";

/** The compiler and architecture that every make of a tree gets. */
export interface Toolchain {
	/** CC, ARCH, CROSS_COMPILE: only those that a bare make would not get right by itself. */
	variables: Record<string, string>;
	/** First line of `CC --version`; null: cannot be run. */
	text: string | null;
	warnings: string[];
}

export interface ToolchainRequest {
	/** CONFIG_CC_VERSION_TEXT or the banner's compiler; null: unknown. */
	compiler: string | null;
	/** The target's arch word; null: unknown, taken for this machine's. */
	arch: string | null;
	config: Config;
	/** What the user asked for. */
	cc?: string | undefined;
	crossCompile?: string | undefined;
	archFlag?: string | undefined;
}

/** Usual prefixes of cross compilers, by arch word. */
const PREFIXES: Readonly<Record<string, string>> = {
	x86: "x86_64-linux-gnu-",
	arm64: "aarch64-linux-gnu-",
	arm: "arm-linux-gnueabihf-",
	riscv: "riscv64-linux-gnu-",
	powerpc: "powerpc64le-linux-gnu-",
	s390: "s390x-linux-gnu-",
	mips: "mips64el-linux-gnuabi64-",
	loongarch: "loongarch64-linux-gnu-",
};

/**
 * Chooses ARCH, CROSS_COMPILE and CC: the compiler that the target names when it is installed, else the default one
 * with a warning that has both versions. Throws "missing" with the package when there is no compiler for the architecture.
 */
export function chooseToolchain(request: ToolchainRequest): Toolchain {
	const here = archWord(process.arch === "x64" ? "x86_64" : process.arch) ?? process.arch;
	const arch = request.archFlag ?? archOf(request, here);
	const variables: Record<string, string> = {};
	if (arch !== here && arch !== "x86_64") variables.ARCH = arch;
	const prefix =
		request.crossCompile ?? (isForeign(arch, here) ? (PREFIXES[archWord(arch) ?? arch] ?? "") : "");
	if (prefix !== "") variables.CROSS_COMPILE = prefix;
	const chosen = compilerFor(request, prefix);
	if (chosen !== `${prefix}gcc`) variables.CC = chosen;
	const text = versionLine(chosen);
	if (text === null) throw noCompiler(chosen);
	return {
		variables,
		text,
		warnings: differs(request.compiler, text) ? [warning(request.compiler ?? "", text)] : [],
	};
}

function archOf({ arch, config }: ToolchainRequest, here: string): string {
	const word = arch ?? here;
	// ARCH=x86 takes its word size from the machine unless it is said (arch/x86/Kconfig, config 64BIT).
	return word === "x86" && config.size > 0 && !isOn(config, "64BIT") && !isOn(config, "X86_64")
		? "i386"
		: word;
}

function isForeign(arch: string, here: string): boolean {
	return (archWord(arch) ?? arch) !== here;
}

function compilerFor({ compiler, cc, config }: ToolchainRequest, prefix: string): string {
	if (cc !== undefined) return cc;
	const named = compiler?.trim().split(" ")[0]?.replace(/^.*\//, "") ?? "";
	if (/^[\w.+-]*(?:gcc|clang)[\w.+-]*$/.test(named)) {
		const candidates = [`${prefix}${named}`, named].filter(
			(name) => prefix === "" || name.startsWith(prefix),
		);
		const found = candidates.find((name) => findProgram(name) !== null);
		if (found !== undefined) return found;
	}
	if (isOn(config, "CC_IS_CLANG") && findProgram("clang") !== null) return "clang";
	return `${prefix}gcc`;
}

function noCompiler(name: string): KprepError {
	const distribution = readDistribution(new Root());
	return new KprepError("missing", "no-compiler", `the compiler ${name} cannot be run here`, {
		expected: `${name} on PATH`,
		suggestions: [
			remedyFor("toolchain-missing", { tool: name }),
			...commandsFor("toolchain-missing", { tool: name }, (tools) => installLine(tools, distribution)),
			"kprep doctor",
			"--cc NAME or --cross-compile PREFIX names another one",
		],
	});
}

function warning(target: string, here: string): string {
	return `the target was built with ${target}, this machine has ${here}: modules usually load all the same, but options may drop`;
}
