import { resolve } from "node:path";
import { KprepError } from "../errors.ts";
import type { MatrixDocument } from "../report/matrix/document.ts";
import { matrixText } from "../report/matrix/text.ts";
import { ansibleEngine } from "../workflows/matrix/engine/ansible.ts";
import type { Engine } from "../workflows/matrix/engine/engine.ts";
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

interface EngineFlags {
	engine: "local" | "ansible";
	inventory?: string | undefined;
	locked: boolean;
	update: boolean;
	offline: boolean;
	boot: boolean;
	prepare: boolean;
	toolchain: string;
	store?: string | undefined;
}

/** Who works on the matrix; undefined: this machine. The machines of an inventory are told the same by flags. Throws "usage". */
export function engineOf(flags: EngineFlags): Engine | undefined {
	const { engine, inventory, toolchain, store } = flags;
	if ((engine === "ansible") !== (inventory !== undefined))
		throw new KprepError(
			"usage",
			"engine-and-inventory",
			"--engine ansible and --inventory FILE go together",
		);
	if (inventory === undefined) return undefined;
	const switches = (["locked", "update", "offline", "boot", "prepare"] as const).filter(
		(name) => flags[name],
	);
	return ansibleEngine(resolve(inventory), [
		...switches.map((name) => `--${name}`),
		...["--toolchain", toolchain, ...(store === undefined ? [] : ["--store", store])],
	]);
}
