import { join } from "node:path";
import { Root } from "../host/files/root.ts";
import { readDistribution } from "../host/machine/distribution.ts";
import { installLine } from "../host/packages/tools.ts";
import { nearness } from "../kernel/compiler.ts";
import { stringOf } from "../kernel/config/config.ts";
import type { Advice, Check } from "./check.ts";
import { sourcesOf, unknownOf, unpreparedOf } from "./compare.ts";

/** The compiler that the tree is configured for against the one that built the target. */
export const toolchain: Check = {
	id: "toolchain",
	run({ tree, target, syncCommand }) {
		const expected = target.compiler?.value ?? null;
		const actual = tree.config === null ? null : (stringOf(tree.config.symbols, "CC_VERSION_TEXT") ?? null);
		const status =
			expected === null || actual === null
				? "unknown"
				: nearness(expected, actual) === "same"
					? "match"
					: "mismatch";
		return {
			id: "toolchain",
			status,
			expected,
			actual,
			evidence: [...sourcesOf(target.compiler), { kind: "tree", path: join(tree.output, ".config") }],
			advice:
				expected === null
					? unknownOf("the compiler that built it")
					: actual === null
						? unpreparedOf(".config", syncCommand)
						: status === "mismatch"
							? otherCompiler(expected, actual, syncCommand)
							: null,
		};
	},
};

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
