/**
 * The compiler's command of one of kbuild's tests for an option: `if (CMD) >/dev/null 2>&1; then echo` (try-run and
 * cc-option of scripts/Kbuild.include and Makefile.compiler, all eras). null when the shell text is no such test.
 */
export function probeCommand(shellText: string): string | null {
	if (shellText.length > 65_536) return null;
	const end = /\)?\s*>\s*\/dev\/null 2>&1\s*;\s*then\s+echo\b/.exec(shellText);
	if (end === null) return null;
	const head = shellText.slice(0, end.index);
	const start = head.lastIndexOf("if ");
	if (start < 0) return null;
	const command = head
		.slice(start + 3)
		.trim()
		.replace(/^\(/, "")
		.trim();
	return command === "" ? null : command;
}

/** The sentence in which a compiler says why it stopped: the first with "error", else the first at all. */
export function firstWords(output: string): string | null {
	const lines = output
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");
	return lines.find((line) => /\berror\b/i.test(line)) ?? lines[0] ?? null;
}
