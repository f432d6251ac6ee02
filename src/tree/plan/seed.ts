import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { isOn, parseConfig } from "../../kernel/config/config.ts";
import type { PlanContext, PlanFacts, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** The script in objtree that stands in for scripts/gen-randstruct-seed.sh. */
const SCRIPT = ".kprep-randstruct-seed";

/** Where trees keep the seed and its hash, how the seed is written, and the file by which the era is known. */
const ERAS = [
	{
		probe: "scripts/gen-randstruct-seed.sh",
		seed: "scripts/basic/randstruct.seed",
		hash: "include/generated/randstruct_hash.h",
		text: (hex: string) => `${hex}\n`,
		scripted: true,
	},
	{
		probe: "scripts/gcc-plugins/gen-random-seed.sh",
		seed: "scripts/gcc-plugins/randomize_layout_seed.h",
		hash: "include/generated/randomize_layout_hash.h",
		text: (hex: string) => `const char *randstruct_seed = "${hex}";\n`,
		scripted: false,
	},
] as const;

/**
 * The target's RANDSTRUCT seed and its hash, where the target ships it; a fresh seed never matches. From 5.19 on kbuild
 * makes a new seed whenever its command changes, so a script that says the target's seed is put in the place of its own
 * (`seedVariables`); before, gen-random-seed.sh leaves a seed alone that is there.
 */
export function planSeed(context: PlanContext): WriteAction[] {
	const { tree, facts } = context;
	const hex = seedOf(facts);
	const era = hex === null ? undefined : ERAS.find(({ probe }) => context.exists(join(tree.path, probe)));
	if (hex === null || era === undefined) return [];
	const hash = hashHeader(hex);
	const files = [
		...(era.scripted ? [{ path: SCRIPT, content: script(hex) }] : []),
		{ path: era.seed, content: era.text(hex) },
		{ path: era.hash, content: hash },
	];
	return files.map(({ path, content }) =>
		write(context, join(tree.output, path), content, {
			id: "randstruct",
			summary: `take the target's RANDSTRUCT seed from ${facts.seed?.source.path}`,
			reason: "with another seed every randomised structure is laid out differently",
		}),
	);
}

/** The make variables by which every make takes that script; `exists` probes the source tree at `path`. */
export function seedVariables(
	facts: PlanFacts,
	path: string,
	exists: (file: string) => boolean,
): Record<string, string> {
	const scripted = seedOf(facts) !== null && exists(join(path, ERAS[0].probe));
	return scripted ? { "gen-randstruct-seed": SCRIPT } : {};
}

/** 64 hex digits, or null when the target does not use or ship a seed. */
function seedOf({ seed, config }: PlanFacts): string | null {
	const used = ["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"];
	if (seed === null || !used.some((symbol) => isOn(parseConfig(config.text), symbol))) return null;
	return /[0-9a-f]{64}/.exec(new TextDecoder().decode(seed.content))?.[0] ?? null;
}

/** As scripts/gen-randstruct-seed.sh writes it. */
function hashHeader(hex: string): string {
	return `#define RANDSTRUCT_HASHED_SEED "${sha256(hex)}"\n`;
}

function script(hex: string): string {
	return `#!/bin/sh\n# Written by kprep: the target's seed instead of a fresh one.\necho ${hex} > "$1"\nprintf '%s' '${hashHeader(hex)}' > "$2"\n`;
}
