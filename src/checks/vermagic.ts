import { join } from "node:path";
import { composeVermagic } from "../kernel/vermagic/compose-vermagic.ts";
import { sameMagic } from "../kernel/vermagic/vermagic.ts";
import { readPrepared, textOf } from "../tree/read.ts";
import type { Tree } from "../tree/tree.ts";
import type { Check, CheckContext, CheckFinding } from "./check.ts";
import { compare, sourcesOf, unpreparedOf } from "./compare.ts";

/** The vermagic that a module built in this tree will carry, composed from the tree's own headers, against the target's. */
export const vermagic: Check = {
	id: "vermagic",
	run({ tree, target, targetConfig, syncCommand, verifyCommand }): CheckFinding {
		const actual = predictVermagic(tree, target.arch?.value ?? "x86", target.randstructHash?.value ?? null);
		// Words that only a compiler knows (the CPU of 32-bit ARM) are in a probe's vermagic.
		const asks = actual === null && tree.prepared !== null && target.vermagic !== null;
		const finding = compare({
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
		if (finding.status === "mismatch") return { ...finding, ...refusedBy(finding, targetConfig) };
		return asks ? { ...finding, asks } : finding;
	},
};

/** The loader's own words; nothing where it compares less (same_magic() with MODVERSIONS leaves the release out). */
function refusedBy(
	{ expected, actual }: Pick<CheckFinding, "expected" | "actual">,
	config: CheckContext["targetConfig"],
): Pick<CheckFinding, "effect"> {
	if (expected === null || actual === null || config === null) return {};
	if (sameMagic(actual, expected, { modversions: config.get("MODVERSIONS") === "y", hasVersions: true }))
		return {};
	const message = `MODULE: version magic '${actual}' should be '${expected}'`;
	return { effect: { kind: "refused", errno: "ENOEXEC", message } };
}

/** Composed vermagic of the prepared tree; null when it is not prepared or some word cannot be told without compiling. */
export function predictVermagic(tree: Tree, arch: string, randstructHash: string | null): string | null {
	const release = readPrepared(tree.output)?.release ?? null;
	const main = headerOf(tree, "include/linux/vermagic.h");
	const own = [
		`arch/${arch}/include/asm/vermagic.h`,
		"include/asm-generic/vermagic.h",
		`arch/${arch}/include/asm/module.h`,
		...asmFolders(arch, tree).map((folder) => `include/${folder}/module.h`),
	]
		.map((path) => headerOf(tree, path))
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

/** As the compiler finds it: a header that kprep put into objtree comes first. */
function headerOf({ path, output }: Tree, header: string): string | null {
	return (output === path ? null : textOf(join(output, header))) ?? textOf(join(path, header));
}

/** Where an architecture's headers are up to 2.6.28; i386 and x86_64 are two up to 2.6.23. */
function asmFolders(arch: string, { config }: Tree): string[] {
	const older = arch !== "x86" ? [] : [config?.symbols.get("X86_64") === "y" ? "asm-x86_64" : "asm-i386"];
	return [...older, `asm-${arch}`];
}
