import type { CureView, HostFacts, Said } from "../../../../../src/tree/plan/cures/cure.ts";

/** A machine that answers as it is told; what it is not told goes well and says nothing. */
export interface FakeHost {
	macros?: Record<string, string>;
	/** The answer to a compile, by a part of its flags or source. */
	compiles?: (which: "cc" | "hostcc", flags: string, source: string) => Said | undefined;
	make?: Said;
	runs?: Record<string, Said | null>;
}

export const WELL: Said = { ok: true, words: "" };

/** A tree of these texts on such a machine. `asked` collects what the machine was asked. */
export function fakeView(
	files: Record<string, string>,
	host: FakeHost = {},
	more: Partial<CureView> = {},
): CureView & { asked: string[] } {
	const asked: string[] = [];
	const facts: HostFacts = {
		macros: () => {
			asked.push("macros");
			return new Map(Object.entries(host.macros ?? {}));
		},
		compiles: (which, flags, source) => {
			asked.push(which);
			return host.compiles?.(which, flags.join(" "), source) ?? WELL;
		},
		make: () => {
			asked.push("make");
			return host.make ?? WELL;
		},
		runs: (program) => {
			asked.push(program);
			return host.runs?.[program] === undefined ? WELL : (host.runs[program] as Said | null);
		},
	};
	return {
		...{ arch: "x86", makeArch: "x86", config: new Map(), host: facts, asked },
		target: { vermagic: null, compiler: null },
		read: (path) => files[path] ?? null,
		names: (folder) =>
			Object.keys(files)
				.filter((path) => path.startsWith(`${folder}/`))
				.map((path) => path.slice(folder.length + 1))
				.filter((name) => !name.includes("/")),
		...more,
	};
}
