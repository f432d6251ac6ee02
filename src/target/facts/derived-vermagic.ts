import { posix } from "node:path";
import { composeVermagic } from "../../kernel/vermagic/compose-vermagic.ts";
import type { Subject } from "../providers/provider.ts";
import type { Fact, TargetFacts } from "../target.ts";
import type { TargetConfig } from "./config-facts.ts";
import { textOf } from "./look.ts";

/** Where the architecture's part of the string is, newest place first (asm/vermagic.h from 5.7 on). */
const ARCH_HEADERS = [
	"arch/ARCH/include/asm/vermagic.h",
	"include/asm-generic/vermagic.h",
	"arch/ARCH/include/asm/module.h",
] as const;

/**
 * The vermagic that the target's own headers and config compose: a prediction, for when no module and no image
 * tells it. null when something that it is made of is unknown.
 */
export function derivedVermagic(
	subject: Subject,
	facts: Pick<TargetFacts, "release" | "arch" | "makefile" | "randstructHash">,
	config: TargetConfig | null,
): Fact | null {
	const { release, arch, makefile } = facts;
	if (release === null || arch === null || makefile?.source.kind !== "headers" || config === null)
		return null;
	const folder = subject.root.inside(posix.dirname(makefile.value));
	const main = folder === null ? null : textOf(subject, `${folder}/include/linux/vermagic.h`);
	if (folder === null || main === null) return null;
	const headers = ARCH_HEADERS.map((path) =>
		textOf(subject, `${folder}/${path.replace("ARCH", arch.value)}`),
	);
	const own = headers.find((text) => text !== null) ?? null;
	if (own === null || (randomized(config) && facts.randstructHash === null)) return null;
	const composed = composeVermagic({
		release: release.value,
		symbol: (name) => config.symbols.get(name),
		headers: [own, main],
		macros: randstructMacros(config, facts.randstructHash),
	});
	if ("unknown" in composed) return null;
	return {
		value: composed.text,
		source: { kind: "derived", path: subject.root.outer(`${folder}/include/linux/vermagic.h`) },
	};
}

function randomized({ symbols }: TargetConfig): boolean {
	return symbols.get("RANDSTRUCT") === "y" || symbols.get("GCC_PLUGIN_RANDSTRUCT") === "y";
}

function randstructMacros(config: TargetConfig, hash: Fact | null): Record<string, string> {
	if (!randomized(config) || hash === null) return {};
	return { RANDSTRUCT: "1", RANDSTRUCT_PLUGIN: "1", RANDSTRUCT_HASHED_SEED: JSON.stringify(hash.value) };
}
