import { join } from "node:path";
import { Root } from "../host/files/root.ts";
import { readDistribution } from "../host/machine/distribution.ts";
import { installLine } from "../host/packages/tools.ts";
import { nearness } from "../kernel/compiler.ts";
import { isOn, stringOf } from "../kernel/config/config.ts";
import type { Advice, Check, CheckContext, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf, unpreparedOf } from "./compare.ts";
import { proofOf, shownText } from "./proof.ts";

/** Options that one family of compilers can follow only: code of the other is called or laid out otherwise. */
const FAMILY_BOUND = ["CFI_CLANG", "CFI", "LTO_CLANG", "SHADOW_CALL_STACK", "RANDSTRUCT", "GCC_PLUGINS"];

/**
 * The compiler that the tree is configured for against the one that built the target. The same family and major version
 * is a match; of another one the proofs (deep/) say what it does to modules.
 */
export const toolchain: Check = {
	id: "toolchain",
	run(context): CheckFinding {
		const { tree, target, syncCommand } = context;
		const expected = target.compiler?.value ?? null;
		const actual = tree.config === null ? null : (stringOf(tree.config.symbols, "CC_VERSION_TEXT") ?? null);
		const evidence = [...sourcesOf(target.compiler), { kind: "tree", path: join(tree.output, ".config") }];
		const base = { id: "toolchain", expected, actual, evidence } as const;
		if (expected === null || actual === null) {
			const advice =
				expected === null ? unknownOf("the compiler that built it") : unpreparedOf(".config", syncCommand);
			return { ...base, status: "unknown", advice };
		}
		const near = nearness(expected, actual);
		if (near === "same") return { ...base, status: "match", advice: null };
		return { ...base, ...judged(near, context, expected, actual) };
	},
};

function judged(
	near: Exclude<ReturnType<typeof nearness>, "same">,
	{ targetConfig, proof: findings, syncCommand }: CheckContext,
	expected: string,
	actual: string,
): Pick<CheckFinding, "status" | "advice" | "why" | "effect" | "asks"> {
	const advice = otherCompiler(expected, actual, syncCommand);
	const proof = findings === null ? null : proofOf(findings);
	const unseen = proof === null || proof.marks === null;
	const bound = FAMILY_BOUND.filter((symbol) => targetConfig !== null && isOn(targetConfig, symbol));
	if (near === "other-family" && unseen && bound.length > 0)
		return { status: "mismatch", advice, effect: { kind: "unsafe", structs: [], symbols: bound } };
	if (proof === null) return { status: "unknown", advice, asks: true };
	// Structures that differ are told by their own checks, with the option behind them.
	if (proof.layout !== "equal") return { status: "unknown", advice };
	return { status: "note", advice: null, why: `the proofs agree: ${shownText(proof)}` };
}

function otherCompiler(theirs: string, ours: string, syncCommand: string): Advice {
	const wanted = theirs.split(" ")[0] ?? theirs;
	const clang = /clang/i.test(theirs) && !/clang/i.test(ours);
	const about = clang ? "clang-built-kernel" : "compiler-flag-unsupported";
	const install = installLine([wanted], readDistribution(new Root()));
	return {
		about,
		facts: { tool: wanted },
		commands: [...(install === null ? [] : [install]), `${syncCommand} --toolchain fetch`],
	};
}
