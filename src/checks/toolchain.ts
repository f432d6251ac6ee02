import { join } from "node:path";
import { differs } from "../host/toolchain.ts";
import { stringOf } from "../kernel/config.ts";
import type { Check } from "./check.ts";
import { sourcesOf } from "./compare.ts";

/** The compiler that the tree is configured for against the one that built the target. */
export const toolchain: Check = {
	id: "toolchain",
	run({ tree, target }) {
		const expected = target.compiler?.value ?? null;
		const actual = tree.config === null ? null : (stringOf(tree.config.symbols, "CC_VERSION_TEXT") ?? null);
		const status =
			expected === null || actual === null ? "unknown" : differs(expected, actual) ? "mismatch" : "match";
		return {
			id: "toolchain",
			status,
			expected,
			actual,
			evidence: [...sourcesOf(target.compiler), { kind: "tree", path: join(tree.output, ".config") }],
			remedy:
				status === "mismatch"
					? `install ${expected?.split(" ")[0]} and run kprep sync again, or name a compiler with --cc`
					: null,
		};
	},
};
