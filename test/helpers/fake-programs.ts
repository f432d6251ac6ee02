import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

export interface FakePrograms {
	/** Every call so far: the program's name and its arguments, joined by spaces. */
	calls: () => string[];
}

/**
 * Puts programs of the test's own on PATH, and nothing else but `real` ones, until the test ends. Each is the body of a
 * POSIX shell script, run after the call was recorded. The cache folder is a temporary one meanwhile too.
 */
export function fakePrograms(programs: Record<string, string>, real: string[] = []): FakePrograms {
	const folder = mkdtempSync(join(tmpdir(), "kprep-programs-"));
	const before = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
	onTestFinished(() => {
		for (const [name, value] of Object.entries(before))
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		rmSync(folder, { recursive: true, force: true });
	});
	const bin = join(folder, "bin");
	const log = join(folder, "calls");
	mkdirSync(bin);
	const places = (before.PATH ?? "").split(delimiter);
	for (const name of ["sh", ...real]) {
		const place = places.map((it) => join(it, name)).find((path) => existsSync(path));
		if (place === undefined) throw new Error(`this test needs ${name}`);
		symlinkSync(place, join(bin, name));
	}
	for (const [name, body] of Object.entries(programs)) {
		writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${log}'\n${body}\n`);
		chmodSync(join(bin, name), 0o755);
	}
	process.env.PATH = bin;
	process.env.XDG_CACHE_HOME = join(folder, "cache");
	return { calls: () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : []) };
}
