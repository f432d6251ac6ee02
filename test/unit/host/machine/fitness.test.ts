import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { definedVersions, dynamicNeeds } from "../../../../src/formats/elf/dynamic.ts";
import { readElf } from "../../../../src/formats/elf/elf.ts";
import { openSource } from "../../../../src/host/files/file-source.ts";
import { runsElsewhere } from "../../../../src/host/machine/binfmt.ts";
import { thisMachine, whyNotHere } from "../../../../src/host/machine/fitness.ts";
import { findLibrary, libraryFolders } from "../../../../src/host/machine/libraries.ts";
import { addFiles, fakeRoot } from "../../target/fake-root.ts";
import { type DynamicSpec, dynamicElf, LOADER, machineWith } from "./dynamic-elf.ts";

const HERE = { [LOADER]: null, "libc.so.6": ["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.36"], "libelf.so.1": [] };

function why(content: Uint8Array | string, machine = machineWith(HERE), mode = 0o755): string | null {
	const path = join(fakeRoot(), "program");
	writeFileSync(path, content);
	chmodSync(path, mode);
	return whyNotHere(path, machine);
}

const program = (spec: DynamicSpec) => dynamicElf({ libraries: ["libc.so.6"], ...spec });

it.each<[string, Uint8Array | string, string | null]>([
	["runs", program({ needs: { "libc.so.6": ["GLIBC_2.34", "GLIBC_2.36"] } }), null],
	["is static", program({ interpreter: "", libraries: [] }), null],
	["another architecture", program({ machine: 183 }), "it was compiled for arm64, and this machine is x86"],
	[
		"another loader",
		program({ interpreter: "/lib/ld-musl-x86_64.so.1" }),
		"its loader /lib/ld-musl-x86_64.so.1 is not here",
	],
	[
		"a library",
		program({ libraries: ["libelf.so.1", "libcrypto.so.3", "libc.so.6"] }),
		"libcrypto.so.3 is not on this machine",
	],
	[
		"a newer glibc",
		program({ needs: { "libc.so.6": ["GLIBC_2.4", "GLIBC_2.38"] } }),
		"it needs glibc 2.38, and this machine has 2.36",
	],
	["a version that may be absent", program({ needs: { "libc.so.6": ["GLIBC_2.38?"] } }), null],
	[
		"a version of a library without versions",
		program({ libraries: ["libelf.so.1", "libc.so.6"], needs: { "libelf.so.1": ["ELFUTILS_1.7"] } }),
		null,
	],
	["an empty file", "", "it is empty"],
	["a script", "#!/bin/sh\n", "its interpreter /bin/sh is not here"],
	["text", "hello", "it is no whole program (not an ELF file)"],
	[
		"half a program",
		program({}).subarray(0, 90),
		expect.stringContaining("no whole program") as unknown as string,
	],
])("%s", (_, content, expected) => {
	expect(why(content)).toEqual(expected);
});

it("an emulator runs other machines' programs, and a file without execute bit runs nowhere", () => {
	expect(why(program({ machine: 183 }), machineWith(HERE, true))).toBeNull();
	expect(why(program({}), machineWith(HERE), 0o644)).toBe("it has no execute bit");
});

it("says nothing of libraries where it cannot even find the C library", () => {
	expect(why(program({ libraries: ["libfoo.so", "libc.so.6"] }), machineWith({ [LOADER]: null }))).toBeNull();
});

it.each([
	[64, true],
	[32, false],
] as const)("reads needs and versions of %i bits, little endian %j", (bits, little) => {
	const spec = {
		bits,
		little,
		libraries: ["a", "b"],
		runpath: "/x:$ORIGIN/y",
		needs: { a: ["A_1", "A_2"], b: ["B_1"] },
	};
	expect(dynamicNeeds(readElf(dynamicElf(spec)))).toEqual({
		interpreter: LOADER,
		libraries: ["a", "b"],
		paths: ["/x", "$ORIGIN/y"],
		versions: [
			{ library: "a", version: "A_1" },
			{ library: "a", version: "A_2" },
			{ library: "b", version: "B_1" },
		],
	});
	expect(definedVersions(readElf(dynamicElf({ bits, little, defines: ["L_1", "L_2"] })))).toEqual(
		new Set(["L_1", "L_2"]),
	);
});

it("this very machine can start the program that runs this test, and its libraries are found", () => {
	expect(whyNotHere(process.execPath, thisMachine())).toBeNull();
	const source = openSource(process.execPath);
	const elf = readElf(source);
	const { interpreter, libraries, paths } = dynamicNeeds(elf);
	const places = libraryFolders(interpreter ?? "", ["/own", ...paths]);
	expect(places[0]).toBe("/own");
	expect(libraries.filter((name) => findLibrary(name, elf, places) === null)).toEqual([]);
	source.close();
});

it("takes the library of the right class and machine, passing over text and others", () => {
	const like = readElf(dynamicElf({}));
	const folder = fakeRoot();
	addFiles(folder, {
		"a/lib.so": "INPUT ( other )",
		"b/lib.so": dynamicElf({ bits: 32, machine: 3 }),
		"c/lib.so": dynamicElf({ defines: ["V_1"] }),
	});
	const folders = ["none", "a", "b", "c"].map((name) => join(folder, name));
	expect(findLibrary("lib.so", like, folders)).toEqual({
		path: join(folder, "c/lib.so"),
		versions: new Set(["V_1"]),
	});
	expect(findLibrary("lib.so", like, folders.slice(0, 3))).toBeNull();
});

it("binfmt_misc: an enabled entry whose magic matches under its mask", () => {
	const folder = fakeRoot();
	const magic =
		"enabled\ninterpreter /usr/bin/qemu-aarch64\nflags: OCF\noffset 0\nmagic 7f454c46020101\nmask ffffffffff00ff\n";
	addFiles(folder, { status: "enabled\n", register: "", "qemu-aarch64": magic });
	const head = (hex: string) => Buffer.from(hex, "hex");
	expect(runsElsewhere(head("7f454c4602990100"), folder)).toBe(true);
	expect(runsElsewhere(head("7f454c4601010100"), folder)).toBe(false);
	expect(runsElsewhere(head("7f45"), folder)).toBe(false);
	expect(runsElsewhere(head("7f454c4602010100"), "/nonexistent")).toBe(false);
	addFiles(folder, { "qemu-aarch64": magic.replace("enabled", "disabled") });
	expect(runsElsewhere(head("7f454c4602990100"), folder)).toBe(false);
});
