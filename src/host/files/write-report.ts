import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { writeAtomically } from "./files.ts";

/** Writes a report, its folder made where it lacks. */
export async function writeReport(file: string, text: string): Promise<void> {
	mkdirSync(dirname(resolve(file)), { recursive: true });
	await writeAtomically(resolve(file), text);
}
