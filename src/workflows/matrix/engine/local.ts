import { pooled } from "../pool.ts";
import { runTarget } from "../row.ts";
import type { Engine } from "./engine.ts";

/** This machine, so many rows at once. */
export function localEngine(most: number): Engine {
	return {
		rows: (sections, matrix, progress) =>
			pooled(sections, most, (one) => runTarget(one, matrix, progress.row(one.section.name))),
	};
}
