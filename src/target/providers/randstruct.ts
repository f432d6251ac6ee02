import { sha256 } from "../../host/files/digest.ts";
import { outerFile } from "../facts/file-fact.ts";
import { readableFile, textOf } from "../facts/look.ts";
import type { Fact, FileFact } from "../target.ts";
import type { Subject } from "./provider.ts";

/** Plain hex text from 5.19 on, a C declaration before (scripts/gen-randstruct-seed.sh, gcc-plugins/gen-random-seed.sh). */
const SEEDS = ["scripts/basic/randstruct.seed", "scripts/gcc-plugins/randomize_layout_seed.h"] as const;
const HASHES = ["include/generated/randstruct_hash.h", "include/generated/randomize_layout_hash.h"] as const;

/** The RANDSTRUCT seed that a headers folder ships; read() gives its hex text alone, in both eras. */
export function randstructSeed(subject: Subject, folder: string): FileFact | null {
	for (const file of SEEDS) {
		const path = `${folder}/${file}`;
		const seed = seedOf(textOf(subject, path));
		const real = seed === null ? null : readableFile(subject, path);
		if (seed !== null && real !== null)
			return { ...outerFile(real, "headers"), read: async () => new TextEncoder().encode(seed) };
	}
	return null;
}

/** The hash word of vermagic: as generated, else the sha256 of the seed, which is how the kernel makes it. */
export function randstructHash(subject: Subject, folder: string): Fact | null {
	for (const file of HASHES) {
		const value = hashInHeader(textOf(subject, `${folder}/${file}`) ?? "");
		if (value !== null)
			return { value, source: { kind: "headers", path: subject.root.outer(`${folder}/${file}`) } };
	}
	for (const file of SEEDS) {
		const seed = seedOf(textOf(subject, `${folder}/${file}`));
		if (seed !== null) {
			const value = sha256(seed);
			return { value, source: { kind: "headers", path: subject.root.outer(`${folder}/${file}`) } };
		}
	}
	return null;
}

/** RANDSTRUCT_HASHED_SEED of a generated header's text; null when it defines none. */
export function hashInHeader(text: string): string | null {
	return /RANDSTRUCT_HASHED_SEED[ \t]+"([0-9a-f]{64})"/.exec(text)?.[1] ?? null;
}

function seedOf(text: string | null): string | null {
	return (
		/^(?:const char \*randstruct_seed = ")?([0-9a-f]{64})(?:";)?\s*$/m.exec(
			text?.slice(0, 4096) ?? "",
		)?.[1] ?? null
	);
}
