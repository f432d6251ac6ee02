import { findProgram, versionLine } from "../host/process/program.ts";
import { type Config, stringOf } from "../kernel/config/config.ts";
import { compareConfigs, type Drift, driftCause } from "../kernel/config/drift.ts";
import { type JudgedDrift, judgeDrift } from "../kernel/config/judge.ts";
import { symbolUse } from "./abi-symbols.ts";
import { readKconfig } from "./kconfig.ts";

export interface DriftQuestion {
	srctree: string;
	/** V.P.S of the tree. */
	base: string;
	arch: string;
	target: { config: Config; compiler: string | null; version: string | null };
	/** The symbols of the tree's .config after make made it complete. */
	config: Config;
}

/**
 * Every symbol on which the tree's .config differs from the target's, with its cause, whether a header asks for it, and
 * what it can do to a module by the tree's own Kconfig files, headers and Makefiles. Runs nothing of the tree.
 */
export function driftOf({ srctree, base, arch, target, config }: DriftQuestion): JudgedDrift[] {
	const drift: Drift[] = compareConfigs(target.config, config);
	if (drift.length === 0) return [];
	const context = {
		// What the tree's own .config says counts: pahole may have come to the machine only after it was made.
		pahole: config.get("PAHOLE_VERSION") === "0" ? null : versionLine("pahole"),
		compiler: { target: target.compiler, tree: stringOf(config, "CC_VERSION_TEXT") ?? null },
		version: { target: target.version, tree: base },
		hasRust: findProgram("rustc") !== null,
	};
	const { headers, build } = symbolUse(srctree, arch, new Set(drift.map(({ symbol }) => symbol)));
	const told = drift.map((one) => ({
		...one,
		cause: driftCause(one, context),
		abi: headers.has(one.symbol),
	}));
	return judgeDrift(told, { kconfig: readKconfig(srctree, arch), headers, build });
}
