import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Btf } from "../../formats/btf/btf.ts";
import type { Progress } from "../../host/progress.ts";
import { type Config, parseConfig } from "../../kernel/config/config.ts";
import { parseSymvers, type SymversEntry } from "../../kernel/symvers/symvers.ts";
import { targetBtf } from "../../target/facts/kernel-btf.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";

/** One of the two kernels, everything read that is compared. null: it does not tell. */
export interface Side {
	target: Target;
	config: Config | null;
	exports: SymversEntry[] | null;
	btf: Btf | null;
}

/** A folder is a sysroot; everything else is what --target takes, looked up in `sysroot`. */
export function sideSpec(word: string, sysroot: string | undefined): TargetSpec {
	const folder = resolve(word);
	if (word.includes(":") || !existsSync(folder) || !statSync(folder).isDirectory())
		return { target: word, sysroot };
	return { sysroot: folder };
}

/** Throws what resolveTarget() throws. */
export async function readSide(spec: TargetSpec, progress: Progress): Promise<Side> {
	const target = await resolveTarget(spec, progress);
	const text = async (file: { read(): Promise<Uint8Array> }) => new TextDecoder().decode(await file.read());
	return {
		target,
		config: target.config === null ? null : parseConfig(await text(target.config)),
		exports: target.symvers === null ? null : parseSymvers(await text(target.symvers)).entries,
		btf: await targetBtf(target),
	};
}
