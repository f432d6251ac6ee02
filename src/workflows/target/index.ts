import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../host/files/files.ts";
import type { Progress } from "../../host/progress.ts";
import { type TargetDocument, targetDocument } from "../../target/document.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";

/** Everything known about the target as plain values; with `extract`, its files are written into that folder too. */
export async function describeTarget(
	spec: TargetSpec,
	extract: string | undefined,
	progress: Progress,
): Promise<TargetDocument & { extracted?: string[] }> {
	const target = await resolveTarget(spec, progress, { thorough: true });
	const document = await targetDocument(target, true);
	return extract === undefined
		? document
		: { ...document, extracted: await extractTarget(target, extract, progress) };
}

/** Names of the files that --extract writes, and the facts that they hold. */
const FILES = [
	["config", "config"],
	["Module.symvers", "symvers"],
	["Makefile", "makefile"],
	["btf", "btf"],
] as const;

async function extractTarget(target: Target, folder: string, progress: Progress): Promise<string[]> {
	mkdirSync(folder, { recursive: true });
	const written: string[] = [];
	const write = async (name: string, content: string | Uint8Array) => {
		progress.step("extract", name);
		await writeAtomically(join(folder, name), content);
		written.push(join(folder, name));
	};
	for (const [name, fact] of FILES) {
		const file = target[fact];
		if (file !== null) await write(name, await file.read());
	}
	if (target.vermagic !== null) await write("vermagic", target.vermagic.value);
	return written;
}
