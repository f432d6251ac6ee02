import type { KprepError } from "../../errors.ts";
import type { CheckedModule } from "../../kernel/loader/verdict.ts";
import type { Cause } from "../../report/matrix/document.ts";
import { type BuildFacts, explainMake } from "../explain/make.ts";

/**
 * The first cause of a failure: what the catalogue says to a failed make's output, else the error's own words. `facts`:
 * what is known of the build; undefined before there is a tree.
 */
export function causeOf(error: KprepError, facts?: BuildFacts): Cause {
	const own: Cause = {
		id: error.code,
		title: error.message.split("\n")[0] ?? error.code,
		cause: [error.expected && `expected ${error.expected}`, error.found && `found ${error.found}`]
			.filter(Boolean)
			.join("; "),
		remedy: error.suggestions[0] ?? "",
		commands: error.suggestions,
	};
	if (error.code !== "make-failed" || facts === undefined) return own;
	const [top] = explainMake(error.message, facts);
	if (top === undefined) return own;
	const { id, title, cause, remedy, commands } = top;
	return { id, title, cause, remedy, commands };
}

/** Why a module does not load, by the loader's first reason; null when it does. */
export function causeOfVerdict({ verdict, reasons, message }: CheckedModule): Cause | null {
	const [first] = reasons;
	if (verdict === "loads" || first === undefined) return null;
	const { id, expected, actual, remedy } = first;
	return {
		id,
		title: message ?? `${id}: ${actual}`,
		cause: `expected ${expected}; found ${actual}`,
		remedy,
		commands: [],
	};
}
