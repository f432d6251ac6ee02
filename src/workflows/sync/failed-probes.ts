import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MakeRequest } from "../../host/process/make.ts";
import { shellCommands } from "../../host/process/record-shell.ts";
import { attempt } from "../../host/process/run.ts";
import { firstWords, probeCommand } from "../../kernel/kbuild/probe-command.ts";

/** Why every test for a compiler option fails: the first of them, what it said when it was run alone, and the file that is not there. */
export interface FailedProbes {
	command: string;
	words: string;
	/** An absolute path in those words that does not exist; null when there is none. */
	missing: string | null;
}

/** So many tests that fail alike, where none goes well, have one cause. */
const ENOUGH = 3;
const MOST = 8;

/**
 * Runs kbuild's own tests for compiler options alone, after a make that failed, and tells what they fail with; null
 * when one of them goes well, or they fail each in its own way.
 */
export async function failedProbes(request: MakeRequest): Promise<FailedProbes | null> {
	const probes = (await shellCommands(request)).flatMap((text) => probeCommand(text) ?? []);
	const folder = mkdtempSync(join(tmpdir(), "kprep-probe-"));
	try {
		const failures: { command: string; words: string }[] = [];
		for (const command of probes.slice(0, MOST)) {
			const result = await attempt(["/bin/sh", "-c", command], {
				cwd: request.objtree,
				env: { ...request.env, LC_ALL: "C", TMP: join(folder, "out"), TMPO: join(folder, "out.o") },
				timeout: 20_000,
			});
			const words = result.status === 0 ? null : firstWords(`${result.stderr}\n${result.stdout}`);
			if (words === null) return null;
			failures.push({ command, words });
		}
		// An option that the compiler does not know at all is refused before the cause is reached.
		const alike = (one: string) => failures.filter(({ words }) => words === one);
		const first = failures.find(({ words }) => alike(words).length >= ENOUGH);
		return first === undefined ? null : { ...first, missing: missingIn(first.words) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function missingIn(words: string): string | null {
	const paths = words.match(/(?<![\w.])\/[^\s:'"`,;)]{1,400}/g) ?? [];
	return paths.find((path) => !existsSync(path)) ?? null;
}
