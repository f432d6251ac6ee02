import { type Config, isOn } from "../kernel/config/config.ts";

/** Where clang and its tools are. */
export interface LlvmPlace {
	/** clang as it is run: "clang", "clang-19", "/kept/bin/clang-19". */
	cc: string;
	/** Folder of the tools with a slash at its end; "" for PATH. */
	folder: string;
	/** What stands behind their names: "-19", "". */
	suffix: string;
}

/** Single variables for a tree that does not know LLVM= (before 5.7), or not with a suffix or folder (before 5.18). */
const SINGLE: Readonly<Record<string, string>> = {
	LD: "ld.lld",
	AR: "llvm-ar",
	NM: "llvm-nm",
	OBJCOPY: "llvm-objcopy",
	OBJDUMP: "llvm-objdump",
	READELF: "llvm-readelf",
	STRIP: "llvm-strip",
};

/** The programs of LLVM that a kernel's build runs besides clang, LLD first. */
export const LLVM_TOOLS: readonly string[] = Object.values(SINGLE);

/**
 * The make variables of a clang kernel. With LLD: LLVM=1, LLVM=-N or LLVM=DIR/ where the tree's Makefile knows them
 * (Documentation/kbuild/llvm.rst), so that LTO and CFI stay; else each tool by its own variable. Without LLD only CC.
 */
export function llvmVariables(
	place: LlvmPlace,
	{ config, makefile, cross }: { config: Config; makefile: string | null; cross: string | null },
): Record<string, string> {
	const variables: Record<string, string> = {};
	const lld = isOn(config, "LD_IS_LLD");
	if (lld) Object.assign(variables, llvmSet(place, makefile ?? ""));
	else if (place.cc !== "clang" || !/^CC\s*[:?]?=\s*clang/m.test(makefile ?? "")) variables.CC = place.cc;
	// 5.7 to 5.14 assemble with GNU as unless it is said; from 5.15 the other way round.
	if (config.has("AS_IS_LLVM") || config.has("AS_IS_GNU"))
		variables.LLVM_IAS = isOn(config, "AS_IS_LLVM") ? "1" : "0";
	if (cross !== null && /\bCLANG_TRIPLE\b/.test(makefile ?? "")) variables.CLANG_TRIPLE = `${cross}-`;
	return variables;
}

function llvmSet({ cc, folder, suffix }: LlvmPlace, makefile: string): Record<string, string> {
	const knows = /^[ \t]*ifn?eq\s*\(\$\(LLVM\),/m.test(makefile);
	const plain = cc === `${folder}clang${suffix}`;
	if (knows && plain && folder === "" && suffix === "") return { LLVM: "1" };
	if (plain && suffix !== "" && folder === "" && /\bLLVM_SUFFIX\b/.test(makefile)) return { LLVM: suffix };
	if (plain && suffix === "" && folder !== "" && /\bLLVM_PREFIX\b/.test(makefile)) return { LLVM: folder };
	const single = Object.entries(SINGLE).map(([name, tool]) => [name, `${folder}${tool}${suffix}`]);
	return { CC: cc, ...Object.fromEntries(single) };
}
