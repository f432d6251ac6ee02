import {
	chmodSync,
	closeSync,
	existsSync,
	mkdtempSync,
	openSync,
	readSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MakeRequest, makeCommand } from "./make.ts";
import { attempt } from "./run.ts";

/** The tests for options come first; a large tree goes on for minutes. */
const MOST_BYTES = 1024 * 1024;
const MOST_TIME = 30_000;

/** A shell that writes down what it is asked before it does it. */
const RECORDER = `#!/bin/sh
case $1 in -c) printf '%s\\0' "$2" >> "$KPREP_RECORD" ;; esac
exec /bin/sh "$@"
`;

/**
 * Every shell command that make runs while it reads the makefiles for these goals (`make -n`: no recipe is run but those
 * that are marked with +), in order, each once.
 */
export async function shellCommands(request: MakeRequest): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), "kprep-shell-"));
	try {
		const shell = join(folder, "sh");
		const record = join(folder, "record");
		writeFileSync(shell, RECORDER);
		chmodSync(shell, 0o755);
		const [make = "make", ...words] = makeCommand({ ...request, jobs: 1 });
		await attempt([make, "-n", ...words, `SHELL=${shell}`], {
			env: { ...request.env, KPREP_RECORD: record, LC_ALL: "C" },
			timeout: MOST_TIME,
			...(request.signal === undefined ? {} : { signal: request.signal }),
		});
		return [...new Set(headOf(record).split("\0"))].filter((text) => text !== "");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function headOf(path: string): string {
	if (!existsSync(path)) return "";
	const head = Buffer.alloc(MOST_BYTES);
	const descriptor = openSync(path, "r");
	try {
		return head.toString("utf8", 0, readSync(descriptor, head, 0, MOST_BYTES, 0));
	} finally {
		closeSync(descriptor);
	}
}
