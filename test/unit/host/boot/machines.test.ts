import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { machineFor, type ProgramForm } from "../../../../src/host/boot/machines.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-machines-"));
	vi.stubEnv("PATH", folder);
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

const WIDE: ProgramForm = { bits: 64, little: true };
const NARROW: ProgramForm = { bits: 32, little: true };

test.each<[word: string, form: ProgramForm | null, arch: string, program: string]>([
	["x86", null, "x86", "qemu-system-x86_64"],
	["amd64", WIDE, "x86", "qemu-system-x86_64"],
	["x86_64", null, "x86", "qemu-system-x86_64"],
	["x64", null, "x86", "qemu-system-x86_64"],
	["x86", NARROW, "x86", "qemu-system-i386"],
	["arm", NARROW, "arm", "qemu-system-arm"],
	["aarch64", WIDE, "arm64", "qemu-system-aarch64"],
	["riscv", WIDE, "riscv", "qemu-system-riscv64"],
	["powerpc", WIDE, "powerpc", "qemu-system-ppc64"],
	["s390", { bits: 64, little: false }, "s390", "qemu-system-s390x"],
])("%s with %o is %s on %s", (word, form, arch, program) => {
	writeFileSync(join(folder, program), "#!/bin/sh\n");
	chmodSync(join(folder, program), 0o755);
	const machine = machineFor(word, form);
	expect([machine.arch, machine.emulator?.program]).toEqual([arch, program]);
});

test("user-mode Linux needs no emulator", () => {
	expect(machineFor("um", WIDE).emulator).toBeNull();
});

test("names the package when QEMU is missing", () => {
	expect(failure(() => machineFor("arm64"))).toMatchObject({
		...{ kind: "missing", suggestions: ["apt-get install qemu-system-arm"] },
	});
});

test.each<[string, ProgramForm | null]>([
	["vax", null],
	["powerpc", { bits: 64, little: false }],
	["riscv", NARROW],
])("knows what it cannot boot: %s %o", (arch, form) => {
	expect(failure(() => machineFor(arch, form))).toMatchObject({ kind: "missing", code: "boot-arch" });
});

function failure(work: () => unknown): KprepError {
	try {
		work();
	} catch (error) {
		if (error instanceof KprepError) return error;
	}
	throw new Error("did not fail");
}
