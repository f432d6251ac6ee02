import type { ManyProgress } from "../../../host/progress.ts";
import type { Matrix, Row, Section } from "../row.ts";

/**
 * Who works on the rows of a matrix. A row that cannot be had is a failed row; only an interruption and what makes every
 * row impossible are thrown. The rows come in the order of the sections.
 */
export interface Engine {
	rows(sections: readonly Section[], matrix: Matrix, progress: ManyProgress): Promise<Row[]>;
}
