import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { asRoot } from "../../../../src/host/process/as-root.ts";

const made: string[] = [];
afterAll(() => {
	for (const folder of made) rmSync(folder, { recursive: true });
});

function pathWith(...programs: string[]): string {
	const folder = mkdtempSync(join(tmpdir(), "kprep-as-root-"));
	made.push(folder);
	for (const name of programs) {
		writeFileSync(join(folder, name), "#!/bin/sh\n");
		chmodSync(join(folder, name), 0o755);
	}
	return folder;
}

const command = ["apt-get", "install", "-y", "libelf-dev", "it's"];

it.each([
	["root", 0, ["sudo", "su"], command],
	["a user with sudo", 1000, ["su", "doas", "sudo"], ["sudo", ...command]],
	["with doas", 1000, ["su", "doas"], ["doas", ...command]],
	["with su only", 1000, ["su"], ["su", "-c", "apt-get install -y libelf-dev 'it'\\''s'"]],
	["with nothing", 1000, [], ["sudo", ...command]],
])("asRoot for %s", (_case, uid, programs, expected) => {
	expect(asRoot(command, { uid, path: pathWith(...programs) })).toEqual(expected);
});
