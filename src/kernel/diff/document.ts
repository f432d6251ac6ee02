import type { ExportsDifference } from "./exports.ts";
import type { StructChange } from "./structs.ts";

/** A config symbol (without CONFIG_) with both values; null: absent. */
export interface ConfigChange {
	symbol: string;
	values: [string | null, string | null];
}

/** What the newer kernel makes of one module, and what of that module's world changed. */
export interface ModuleChange {
	path: string;
	name: string;
	verdict: string;
	errno: string | null;
	message: string | null;
	because: string[];
}

/** What `kprep diff --json` prints. Pairs are [A, B]; null: that side does not tell. */
export interface DiffDocument {
	release: [string | null, string | null];
	version: [string | null, string | null];
	vermagic: [string | null, string | null];
	compiler: [string | null, string | null];
	config: ConfigChange[] | null;
	exports: ExportsDifference | null;
	/** How many structures both have and were compared; null where one side has no BTF. */
	compared: number | null;
	structs: StructChange[] | null;
	modules: ModuleChange[];
	/** Whether modules that were built for A fail on B, or may. */
	breaks: boolean;
	/** What could not be compared, and why. */
	unknown: string[];
}
