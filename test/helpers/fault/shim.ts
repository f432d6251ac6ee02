import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How the n-th changing call ends. */
export type Fault = "kill" | "ENOSPC" | "EIO" | "EROFS" | "EACCES";

/** A library that lets one changing call of kprep (and of no other program) below a folder fail, or kills it there. */
export class Shim {
	readonly #folder = mkdtempSync(join(tmpdir(), "kprep-shim-"));
	readonly #library = join(this.#folder, "shim.so");
	readonly #log = join(this.#folder, "log");

	/** Compiles it; the caller removes it. */
	constructor() {
		const source = fileURLToPath(new URL("shim.c", import.meta.url));
		execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-o", this.#library, source, "-ldl"]);
	}

	/** The environment for a run whose call number `at` below `folder` ends so; 0 only counts. */
	env(folder: string, at = 0, fault: Fault = "kill"): Record<string, string> {
		rmSync(this.#log, { force: true });
		return {
			...{ LD_PRELOAD: this.#library, FAULT_FOLDER: folder, FAULT_AT: String(at), FAULT_LOG: this.#log },
			FAULT_HOW: fault === "kill" ? "kill" : String(constants.errno[fault]),
		};
	}

	/** The calls of the last run: "12 rename /tree/.config". */
	calls(): string[] {
		try {
			return readFileSync(this.#log, "utf8").split("\n").filter(Boolean);
		} catch {
			return [];
		}
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
