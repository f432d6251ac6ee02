import type { Config } from "../kernel/config/config.ts";
import { beforeSync } from "./before-sync.ts";
import { hostFacts } from "./host-facts.ts";
import type { Cured, CureView, Finding } from "./plan/cures/cure.ts";
import { findTroubles } from "./plan/cures/index.ts";
import type { Tree } from "./tree.ts";

/** What make will be given for a tree and a target. */
export interface Meeting {
	tree: Tree;
	config: Config;
	/** ARCH word of the target. */
	arch: string;
	/** CC, ARCH, CROSS_COMPILE, LLVM...: as make gets them, before any cure. */
	variables: Record<string, string>;
	path?: string[] | undefined;
	target: CureView["target"];
}

/** What this machine does to this tree: found by reading the tree as it was before the first sync and asking the tools. */
export function troublesOf({ tree, config, arch, variables, path, target }: Meeting): Finding[] {
	return findTroubles({
		...beforeSync(tree.path, tree.output),
		...{ arch, makeArch: variables.ARCH ?? arch, config, target },
		host: hostFacts({ cc: compilerOf(variables), hostcc: hostCompilerOf(variables), path }),
	});
}

/** The variables with what the cures put behind the compilers' names and add of their own; what is given wins. */
export function curedVariables(
	variables: Record<string, string>,
	cures: readonly Cured[],
): Record<string, string> {
	const words = (of: "cc" | "hostcc") => [...new Set(cures.flatMap((cure) => cure[of] ?? []))];
	const [cc, hostcc] = [words("cc"), words("hostcc")];
	return {
		...Object.assign({}, ...cures.map((cure) => cure.variables ?? {})),
		...variables,
		...(cc.length === 0 && !cures.some(({ plainCc }) => plainCc)
			? {}
			: { CC: [compilerOf(variables), ...cc].join(" ") }),
		...(hostcc.length === 0 ? {} : { HOSTCC: [hostCompilerOf(variables), ...hostcc].join(" ") }),
	};
}

/** CC as kbuild takes it from these variables (top Makefile: CC, LLVM_PREFIX and LLVM_SUFFIX, CROSS_COMPILE). */
function compilerOf({ CC, LLVM, CROSS_COMPILE = "" }: Record<string, string>): string {
	return CC ?? (LLVM === undefined ? `${CROSS_COMPILE}gcc` : clangOf(LLVM));
}

function hostCompilerOf({ HOSTCC, LLVM }: Record<string, string>): string {
	return HOSTCC ?? (LLVM === undefined ? "gcc" : clangOf(LLVM));
}

function clangOf(llvm: string): string {
	if (llvm.endsWith("/")) return `${llvm}clang`;
	return llvm.startsWith("-") ? `clang${llvm}` : "clang";
}
