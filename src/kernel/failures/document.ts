import type { Certainty, Verdict } from "./entry.ts";

/** One diagnosis as CONTRACT.md ("explain") has it, and how sure it is. */
export interface ExplainedDiagnosis {
	id: string;
	title: string;
	cause: string;
	remedy: string;
	commands: string[];
	/** One value as text, several as a list; flags always as a list. */
	details: Record<string, string | string[]>;
	lines: string[];
	/** The logs that `lines` are from, when several were read; else empty. */
	files: string[];
	certainty: Certainty;
	/** What this machine says to it; null when it was not asked. */
	machine: Verdict | null;
	/** What not to do. */
	unsafe: string | null;
	/** Its page in the repository: docs/diagnoses/ID.md. */
	page: string;
}

export interface Explanation {
	diagnoses: ExplainedDiagnosis[];
	/** Lines that look like causes and are none. */
	noise: string[];
	/** Why each of `noise` is harmless, in the same order. */
	harmless: string[];
	/** Lines that only name an errno; `errno` by name. */
	unexplained: { line: string; errno: string }[];
	/** Lines that tell of a failure that nothing here explains, the one to look at first in front; beside diagnoses only such as may have a reason of their own. */
	errors: string[];
	/** The line above the first of `errors`, when nothing was diagnosed and it may be the reason; else null. */
	above: string | null;
}

/** An entry with its placeholders filled by their general words. */
export interface EntryDocument {
	id: string;
	title: string;
	cause: string;
	causes: readonly string[];
	remedy: string;
	commands: string[];
	unsafe: string | null;
	check: string;
	origin: string;
}
