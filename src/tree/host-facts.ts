import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, findProgram } from "../host/process/program.ts";
import type { HostFacts, Said } from "./plan/cures/cure.ts";

/** The compilers that make will be given, as words: "aarch64-linux-gnu-gcc", "gcc -m32". */
export interface Compilers {
	cc: string;
	hostcc: string;
	/** Folders that come first on PATH. */
	path?: string[] | undefined;
}

const NOTHING: Said = { ok: false, words: "" };

/**
 * What this machine's tools answer, each asked once and in an empty temporary folder that is gone afterwards: nothing of
 * a tree is run or read.
 */
export function hostFacts({ cc, hostcc, path = [] }: Compilers): HostFacts {
	const known = new Map<string, Said | null>();
	const once = (key: unknown[], find: () => Said | null): Said | null => {
		const name = JSON.stringify(key);
		if (!known.has(name)) known.set(name, find());
		return known.get(name) ?? null;
	};
	const search = [...path, process.env.PATH ?? ""].join(":");
	const said = (command: string[], folder: string): Said => {
		const answer = ask(command, 20_000, folder, { LC_ALL: "C", PATH: search });
		if (answer === null) return NOTHING;
		return { ok: answer.status === 0, words: `${answer.stdout}${answer.stderr}` };
	};
	const compiles = (which: "cc" | "hostcc", flags: string[], source: string): Said =>
		once([which, flags, source], () =>
			inside({ "kprep.c": source }, (folder) => {
				const out = flags.includes("-o") || flags.includes("-fsyntax-only") ? [] : ["-o", "kprep.o"];
				const goal = ["-S", "-E", "-fsyntax-only"].some((flag) => flags.includes(flag)) ? [] : ["-c"];
				return said(
					[...(which === "cc" ? cc : hostcc).split(" "), ...flags, ...goal, ...out, "kprep.c"],
					folder,
				);
			}),
		) ?? NOTHING;
	return {
		compiles,
		macros() {
			const { ok, words } = compiles("cc", ["-dM", "-E", "-o", "-"], "");
			return new Map(
				ok
					? [...words.matchAll(/^#define (\w+) ?(.*)$/gm)].map(([, name = "", value = ""]) => [name, value])
					: [],
			);
		},
		make: (makefile) =>
			once(["make", makefile], () =>
				inside({ Makefile: makefile }, (folder) => said(["make", "--no-print-directory"], folder)),
			) ?? NOTHING,
		runs: (program, args) =>
			once([program, args], () =>
				findProgram(program, search) === null
					? null
					: inside({}, (folder) => said([program, ...args], folder)),
			),
	};
}

function inside<T>(files: Record<string, string>, use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), "kprep-ask-"));
	try {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
