import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type GuardedMember, guardedMembers } from "../../kernel/layout/guards.ts";
import type { Target } from "../../target/target.ts";

/** Where structures that modules share with the kernel are declared, below include/. */
const FOLDERS = ["linux", "net", "scsi", "drm", "media", "sound", "rdma", "crypto", "asm-generic"];

/**
 * Finds the declaration of a structure in the headers that one of the kernels has installed; each header is read at
 * most once, when it is first asked for. null: none of them has it.
 */
export function declarations(targets: readonly Target[]): (struct: string) => GuardedMember[] | null {
	const tops = targets.flatMap(({ makefile }) =>
		makefile === null ? [] : [join(dirname(makefile.value), "include")],
	);
	const top = tops.find((folder) => existsSync(join(folder, "linux", "module.h")));
	if (top === undefined) return () => null;
	let index: Map<string, string> | null = null;
	return (struct) => {
		index ??= indexOf(top);
		const name = struct.replace(/^(?:struct|union) /, "");
		const source = index.get(name);
		return source === undefined ? null : guardedMembers(source, name);
	};
}

/** Name of a structure → text of the header that defines it; of several the first, in the order of FOLDERS. */
function indexOf(top: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const folder of FOLDERS.map((name) => join(top, name)).filter((path) => existsSync(path)))
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			if (!entry.isFile() || !entry.name.endsWith(".h")) continue;
			const text = readFileSync(join(folder, entry.name), "latin1");
			for (const [, name = ""] of text.matchAll(/^(?:typedef\s+)?struct\s+(\w+)\b[^;(){}]{0,200}\{/gm))
				if (!found.has(name)) found.set(name, text);
		}
	return found;
}
