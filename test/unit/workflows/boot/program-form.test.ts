import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { programForm } from "../../../../src/workflows/boot/program-form.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-form-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first bytes of an ELF file: class, byte order, machine. */
function elf(bits: 32 | 64, machine: number, little = true): Buffer {
	const bytes = Buffer.alloc(64);
	bytes.write("\x7fELF", "latin1");
	bytes[4] = bits === 64 ? 2 : 1;
	bytes[5] = little ? 1 : 2;
	if (little) bytes.writeUInt16LE(machine, 18);
	else bytes.writeUInt16BE(machine, 18);
	return bytes;
}

function bzImage(xloadflags: number): Buffer {
	const bytes = Buffer.alloc(4096);
	bytes.write("HdrS", 0x202, "latin1");
	bytes.writeUInt16LE(0x20f, 0x206);
	bytes.writeUInt16LE(xloadflags, 0x236);
	return bytes;
}

function form(arch: string, image: Buffer, ...modules: Buffer[]) {
	const path = join(folder, "image");
	writeFileSync(path, image);
	return programForm(
		arch,
		path,
		modules.map((bytes, at) => ({ name: `m${at}`, bytes })),
	);
}

describe("programForm", () => {
	it("a bzImage says itself whether it is of 64 bits, whatever modules are tried on it", () => {
		expect(form("amd64", bzImage(0x7f), elf(32, 3))).toEqual({ bits: 64, little: true });
		expect(form("x86", bzImage(0), elf(64, 62))).toEqual({ bits: 32, little: true });
	});

	it("an ELF image as well", () => {
		expect(form("powerpc", elf(64, 21, false))).toEqual({ bits: 64, little: false });
	});

	it("else the first module that is for the architecture", () => {
		const raw = Buffer.alloc(4096);
		expect(form("aarch64", raw, elf(32, 40), elf(64, 62), elf(64, 183))).toEqual({
			bits: 64,
			little: true,
		});
		expect(form("s390x", raw, elf(64, 22, false))).toEqual({ bits: 64, little: false });
		expect(form("arm64", raw, elf(32, 40))).toBeNull();
		expect(form("arm64", raw, Buffer.from("\x7fELF\x02\x01", "latin1"))).toBeNull();
	});
});
