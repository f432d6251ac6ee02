import { join } from "node:path";
import { composeVermagic } from "../kernel/vermagic/compose-vermagic.ts";
import { readPrepared, textOf } from "../tree/read.ts";
import type { Tree } from "../tree/tree.ts";
import type { Check } from "./check.ts";
import { compare, sourcesOf, unpreparedOf } from "./compare.ts";

/** The vermagic that a module built in this tree will carry, composed from the tree's own headers, against the target's. */
export const vermagic: Check = {
	id: "vermagic",
	run({ tree, target, syncCommand, verifyCommand }) {
		const actual = predictVermagic(tree, target.arch?.value ?? "x86", target.randstructHash?.value ?? null);
		return compare({
			id: "vermagic",
			expected: target.vermagic?.value ?? null,
			actual,
			evidence: [
				...sourcesOf(target.vermagic),
				{ kind: "tree", path: join(tree.path, "include/linux/vermagic.h") },
			],
			differs: {
				about: { ours: actual ?? "", theirs: target.vermagic?.value ?? "" },
				commands: [syncCommand],
			},
			absent:
				tree.prepared === null
					? unpreparedOf("include/generated/utsrelease.h", syncCommand)
					: { about: null, commands: [`${verifyCommand} --deep`] },
			fact: "its vermagic",
		});
	},
};

/** Composed vermagic of the prepared tree; null when it is not prepared or some word cannot be told without compiling. */
export function predictVermagic(tree: Tree, arch: string, randstructHash: string | null): string | null {
	const release = readPrepared(tree.output)?.release ?? null;
	const main = textOf(join(tree.path, "include/linux/vermagic.h"));
	const own = [
		`arch/${arch}/include/asm/vermagic.h`,
		"include/asm-generic/vermagic.h",
		`arch/${arch}/include/asm/module.h`,
	]
		.map((path) => textOf(join(tree.path, path)))
		.find((text) => text !== null);
	if (release === null || main === null || own === undefined || tree.config === null) return null;
	const { symbols } = tree.config;
	const randomised = ["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"].some((symbol) => symbols.get(symbol) === "y");
	if (randomised && randstructHash === null) return null;
	const composed = composeVermagic({
		release,
		symbol: (name) => symbols.get(name),
		headers: [own, main],
		macros: randomised
			? { RANDSTRUCT: "1", RANDSTRUCT_PLUGIN: "1", RANDSTRUCT_HASHED_SEED: JSON.stringify(randstructHash) }
			: {},
	});
	return "text" in composed ? composed.text : null;
}
