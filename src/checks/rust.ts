import { join } from "node:path";
import { crateCompiler } from "../formats/rust/crate.ts";
import { readHead } from "../host/files/files.ts";
import { isOn, stringOf } from "../kernel/config/config.ts";
import type { Check, CheckFinding } from "./check.ts";
import { unknownOf } from "./compare.ts";

/** The kernel's own crates, which a module in Rust is compiled against; the last one is made last. */
const CRATES = ["rust/libcore.rmeta", "rust/libkernel.rmeta"];

/**
 * The compiler that made the tree's crates against the one that built the target. Another one names every symbol of the
 * kernel's crates otherwise, so that a module in Rust finds none of them; C modules feel nothing.
 */
export const rust: Check = {
	id: "rust",
	run({ tree, targetConfig, syncCommand }): CheckFinding {
		const evidence = CRATES.map((path) => ({ kind: "tree", path: join(tree.output, path) }));
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			more: Partial<CheckFinding> = {},
		): CheckFinding => ({ id: "rust", status, expected, actual, evidence, advice: null, ...more });
		if (targetConfig === null)
			return result("unknown", null, null, { advice: unknownOf("the target's .config") });
		if (!isOn(targetConfig, "RUST")) return result("skipped", "not used by the target", null);
		const expected = stringOf(targetConfig, "RUSTC_VERSION_TEXT") ?? null;
		const made = evidence.map(({ path }) => compilerOf(path));
		const actual = made.find((one) => one !== expected) ?? made[0] ?? null;
		if (expected !== null && made.every((one) => one === expected)) return result("match", expected, actual);
		// The tree is configured with that very rustc: only the crates are to be made.
		const ours = tree.config === null ? null : stringOf(tree.config.symbols, "RUSTC_VERSION_TEXT");
		const has = expected !== null && ours === expected && actual === null;
		return result("note", expected, actual ?? "no crates", {
			why: "only modules in Rust feel it: C modules use none of the kernel's crates",
			advice: { about: null, commands: [has ? syncCommand : `${syncCommand} --toolchain fetch`] },
		});
	},
};

function compilerOf(path: string): string | null {
	try {
		return crateCompiler(readHead(path, 256));
	} catch {
		return null;
	}
}
