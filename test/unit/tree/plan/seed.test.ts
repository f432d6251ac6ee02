import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { composeGnumakefile, parseGnumakefile } from "../../../../src/kernel/kbuild/settings.ts";
import type { PlanContext, PlanFacts } from "../../../../src/tree/plan/action.ts";
import { planSeed, seedVariables } from "../../../../src/tree/plan/seed.ts";

const HEX = "5e".repeat(32);
const HASH = createHash("sha256").update(HEX).digest("hex");
const source = { kind: "headers", path: "/headers/seed" } as const;

function facts(config: string, seed: string | null): PlanFacts {
	return {
		release: "6.1",
		version: null,
		config: { text: config, source },
		makefile: null,
		symvers: null,
		seed: seed === null ? null : { content: new TextEncoder().encode(seed), source },
	};
}

/** A tree with only the file by which its era is known. */
function planIn(probe: string, known: PlanFacts) {
	const tree = mkdtempSync(join(tmpdir(), "kprep-seed-"));
	onTestFinished(() => rmSync(tree, { recursive: true }));
	mkdirSync(dirname(join(tree, probe)), { recursive: true });
	writeFileSync(join(tree, probe), "");
	const context = { tree: { path: tree, output: tree }, facts: known, exists: existsSync, read: () => null };
	const actions = planSeed(context as unknown as PlanContext);
	return {
		tree,
		texts: Object.fromEntries(actions.map(({ path, content }) => [path.slice(tree.length + 1), content])),
	};
}

describe("the RANDSTRUCT seed in a tree", () => {
	const NEW = "scripts/gen-randstruct-seed.sh";
	const OLD = "scripts/gcc-plugins/gen-random-seed.sh";
	const hashLine = `#define RANDSTRUCT_HASHED_SEED "${HASH}"\n`;

	test("from 5.19 on: seed, hash, and a script for every later make that writes the same two", () => {
		const known = facts("CONFIG_RANDSTRUCT=y\n", HEX);
		const { tree, texts } = planIn(NEW, known);
		expect(texts["scripts/basic/randstruct.seed"]).toBe(`${HEX}\n`);
		expect(texts["include/generated/randstruct_hash.h"]).toBe(hashLine);
		const variables = seedVariables(known, tree, existsSync);
		const [script = ""] = Object.values(variables);
		writeFileSync(join(tree, script), texts[script] as string);
		execFileSync("sh", [script, "made.seed", "made.h"], { cwd: tree });
		expect(readFileSync(join(tree, "made.seed"), "utf8")).toBe(texts["scripts/basic/randstruct.seed"]);
		expect(readFileSync(join(tree, "made.h"), "utf8")).toBe(hashLine);
		const settings = { release: null, quietScm: false, variables };
		expect(parseGnumakefile(composeGnumakefile(settings))).toEqual(settings);
	});

	test("before 5.19: the C declaration and the hash, which the tree's script leaves alone", () => {
		const known = facts("CONFIG_GCC_PLUGIN_RANDSTRUCT=y\n", HEX);
		const { tree, texts } = planIn(OLD, known);
		expect(texts).toEqual({
			"scripts/gcc-plugins/randomize_layout_seed.h": `const char *randstruct_seed = "${HEX}";\n`,
			"include/generated/randomize_layout_hash.h": hashLine,
		});
		expect(seedVariables(known, tree, existsSync)).toEqual({});
	});

	test.each([
		["not used by the target", facts("# CONFIG_RANDSTRUCT is not set\n", HEX), NEW],
		["not shipped", facts("CONFIG_RANDSTRUCT=y\n", null), NEW],
		["no seed at all", facts("CONFIG_RANDSTRUCT=y\n", "$(reboot)"), NEW],
		["unknown to the tree", facts("CONFIG_RANDSTRUCT=y\n", HEX), "Makefile"],
	])("%s: nothing is written", (_name, known, probe) => {
		const { tree, texts } = planIn(probe, known);
		expect(texts).toEqual({});
		expect(seedVariables(known, tree, existsSync)).toEqual({});
	});
});
