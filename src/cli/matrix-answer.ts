import type { MatrixDocument } from "../report/matrix/document.ts";
import { matrixText } from "../report/matrix/text.ts";
import type { LockMode } from "../workflows/matrix/lock-file.ts";
import type { Answer } from "./command.ts";

/** The answer of a matrix: yes when every target was made ready and every cell loads. */
export function matrixAnswer(document: MatrixDocument): Answer<MatrixDocument> {
	const width = process.stdout.isTTY ? process.stdout.columns : 80;
	const ready = document.targets.every(({ failed }) => failed === null);
	return {
		json: document,
		text: matrixText(document, width),
		yes: ready && document.cells.every(({ verdict }) => verdict === "loads"),
	};
}

/** What --locked and --update ask of the lock file. */
export function lockMode({ locked, update }: { locked: boolean; update: boolean }): LockMode {
	return locked ? "locked" : update ? "update" : "follow";
}
