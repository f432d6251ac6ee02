import { findProgram, versionLine } from "../host/process/program.ts";
import { type Config, stringOf } from "../kernel/config/config.ts";
import { compareConfigs, type Drift, driftCause } from "../kernel/config/drift.ts";
import { symbolsInHeaders } from "./abi-symbols.ts";

export interface DriftQuestion {
	srctree: string;
	/** V.P.S of the tree. */
	base: string;
	arch: string;
	target: { config: Config; compiler: string | null; version: string | null };
	/** The symbols of the tree's .config after make made it complete. */
	config: Config;
}

/** Every symbol on which the tree's .config differs from the target's, with cause and whether it can change the ABI. */
export function driftOf({ srctree, base, arch, target, config }: DriftQuestion): Drift[] {
	const drift = compareConfigs(target.config, config);
	if (drift.length === 0) return drift;
	const context = {
		// What the tree's own .config says counts: pahole may have come to the machine only after it was made.
		pahole: config.get("PAHOLE_VERSION") === "0" ? null : versionLine("pahole"),
		compiler: { target: target.compiler, tree: stringOf(config, "CC_VERSION_TEXT") ?? null },
		version: { target: target.version, tree: base },
		hasRust: findProgram("rustc") !== null,
	};
	const inHeaders = symbolsInHeaders(srctree, arch, new Set(drift.map(({ symbol }) => symbol)));
	return drift.map((one) => ({ ...one, cause: driftCause(one, context), abi: inHeaders.has(one.symbol) }));
}
