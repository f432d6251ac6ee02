import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findTool, isAtLeast, versionIn } from "../../../../src/host/machine/toolbox.ts";

it.each([
	["gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright", "12.2.0"],
	["GNU ld (GNU Binutils for Debian) 2.40", "2.40"],
	["GNU Make 4.3\n", "4.3"],
	["bc 1.07.1", "1.07.1"],
	["*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***", "1.5.4"],
	["\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for x86_64", "5.36.0"],
	["QEMU emulator version 7.2.19 (Debian 1:7.2+dfsg-7+deb12u16)", "7.2.19"],
	["kmod version 30\n+ZSTD", "30"],
	["v1.24", "1.24"],
	["usage: nothing here", null],
])("versionIn(%j)", (output, version) => expect(versionIn(output)).toBe(version));

it.each([
	["1.24", "1.21", true],
	["1.9", "1.21", false],
	["1.07.1", "1.06.95", true],
	["12.2.0", "5.1", true],
	["2.10", "2.9", true],
	["30", "13", true],
	["", "1", false],
])("%s is at least %s: %s", async (have, want, expected) =>
	expect(await isAtLeast(have, want)).toBe(expected),
);

describe("findTool", () => {
	let folder: string;
	const program = (name: string, script: string) => {
		writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
		chmodSync(join(folder, name), 0o755);
	};
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "kprep-tools-"));
		vi.stubEnv("PATH", folder);
	});
	afterEach(() => {
		vi.unstubAllEnvs();
		rmSync(folder, { recursive: true });
	});

	it("finds a program and asks for its version", async () => {
		program("bison", 'test "$1" = --version && echo "bison (GNU Bison) 3.8.2"');
		expect(await findTool("bison")).toEqual({ path: join(folder, "bison"), version: "3.8.2" });
	});

	it("tries the word version, as openssl wants it", async () => {
		program("openssl", 'test "$1" = version && echo "OpenSSL 3.0.17 1 Jul 2025"');
		expect(await findTool("openssl")).toMatchObject({ version: "3.0.17" });
	});

	it("does not wait for a program that fails, and still knows where it is", async () => {
		program("bison", "exit 1");
		expect(await findTool("bison")).toEqual({ path: join(folder, "bison"), version: null });
	});

	it.each(["bison", "gelf.h", "gcc-12-plugin", "gcc-m32", "rust-src"])(
		"%s is not on an empty PATH",
		async (tool) => {
			expect(await findTool(tool)).toBeNull();
		},
	);

	it("asks the compiler for a header", async () => {
		program(
			"gcc",
			'read line; case "$line" in *"<gelf.h>"*) echo "-: /usr/include/gelf.h x";; *) exit 1;; esac',
		);
		expect(await findTool("gelf.h")).toEqual({ path: "/usr/include/gelf.h", version: null });
		expect(await findTool("libelf.h")).toBeNull();
	});
});
