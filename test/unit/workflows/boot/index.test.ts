import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { silent } from "../../../../src/host/progress.ts";
import { bootAndLoad } from "../../../../src/workflows/boot/index.ts";
import type { BootModule } from "../../../../src/workflows/boot/initramfs.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-boot-test-"));
	vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
	vi.stubEnv("KPREP_ACCELERATOR", "tcg");
	for (const compiler of ["gcc", "x86_64-linux-gnu-gcc"])
		program(compiler, 'while [ "$1" != -o ]; do shift; done; echo init > "$2"');
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

describe("bootAndLoad", () => {
	test("gives each module its verdict, in order, from one boot", async () => {
		machine([
			"start 6.1.0",
			"try /kprep/0.ko",
			"result /kprep/0.ko 0 done",
			"unloaded /kprep/0.ko a 0",
			"try /kprep/1.ko",
			"log <3>[    1.0] b: no",
			"result /kprep/1.ko -8 done",
			"end",
		]);
		const { modules, release, boots } = await load(["a", "b"]);
		expect({ release, boots }).toEqual({ release: "6.1.0", boots: 1 });
		expect(modules).toEqual([
			{
				...{ name: "a", loaded: true, errno: null, state: "answered", log: [], unloaded: true },
				...{ stage: "loaded", inInit: false, panic: null, asked: [] },
			},
			{
				...{ name: "b", loaded: false, state: "answered", log: ["b: no"], unloaded: false },
				...{ errno: { number: 8, name: "ENOEXEC" }, stage: "loader", inInit: false, panic: null, asked: [] },
			},
		]);
	});

	test("boots again with a module before blaming it", async () => {
		machine(
			["start 6.1.0", "try /kprep/0.ko"],
			["start 6.1.0", "try /kprep/0.ko", "result /kprep/0.ko 0 done", "try /kprep/1.ko"],
			["start 6.1.0", "try /kprep/0.ko", "result /kprep/0.ko 0 done", "end"],
		);
		const { modules, boots } = await load(["a", "b"]);
		expect([boots, modules.map(({ stage }) => stage)]).toEqual([3, ["loaded", "loaded"]]);
	});

	test("tells a loader that refuses from an init that fails, and keeps the panic that it saw", async () => {
		const crash = ["start 6.1.0", "try /kprep/0.ko", "log <1>[ 2.0] BUG: unable to handle page fault"];
		machine(
			[
				...["start 6.1.0", "try /kprep/0.ko", "log <7>[    2.0] calling  a_init+0x0/0x10 [a] @ 70"],
				"log <7>[    2.0] initcall a_init+0x0/0x10 [a] returned -19 after 5 usecs",
				...[
					"log <6>[    2.0] a: nothing here",
					"result /kprep/0.ko -19 done",
					"asked crypto-x /kprep/r0.ko 0",
				],
				...["try /kprep/1.ko", "result /kprep/1.ko -19 done", "end"],
			],
			crash,
			crash,
		);
		const { modules } = await load(["a", "b"]);
		expect(modules.map(({ stage, log, asked }) => [stage, log, asked.length])).toEqual([
			["init", ["a: nothing here"], 1],
			["loader", [], 0],
		]);
		rmSync(join(folder, "starts"));
		machine(crash, crash);
		const [crashed] = (await load(["a"])).modules;
		expect(crashed).toMatchObject({ stage: "crashed", panic: "BUG: unable to handle page fault" });
	});

	test("boots again for the modules behind one that took the machine down twice", async () => {
		machine(
			["start 6.1.0", "try /kprep/0.ko"],
			["start 6.1.0", "try /kprep/0.ko"],
			["start 6.1.0", "try /kprep/0.ko", "result /kprep/0.ko 0 done", "end"],
		);
		const { modules, boots } = await load(["a", "b"]);
		expect(boots).toBe(3);
		expect(modules.map(({ name, loaded, state }) => ({ name, loaded, state }))).toEqual([
			{ name: "a", loaded: false, state: "crashed" },
			{ name: "b", loaded: true, state: "answered" },
		]);
	});

	test("loads kept modules again in a later boot, and tells of them once", async () => {
		machine(
			...Array(2).fill(["start 6.1.0", "try /kprep/0.ko", "result /kprep/0.ko 0 done", "try /kprep/1.ko"]),
			[
				...["start 6.1.0", "try /kprep/0.ko", "result /kprep/0.ko 0 done"],
				...["try /kprep/1.ko", "result /kprep/1.ko -2 done", "end"],
			],
		);
		const { modules } = await load([{ name: "kept", keep: true }, "b", "c"]);
		expect(modules.map(({ name, errno }) => [name, errno?.name ?? null])).toEqual([
			["kept", null],
			["b", null],
			["c", "ENOENT"],
		]);
		expect(readFileSync(join(folder, "list-3"), "latin1")).toContain("k /kprep/0.ko -\nl /kprep/1.ko -\n");
	});

	test("an image that never reaches the init is a failed command with its last lines", async () => {
		program("qemu-system-x86_64", "echo '[    0.5] Kernel panic - not syncing'");
		await expect(load(["a"])).rejects.toMatchObject({
			...{ kind: "command", code: "boot-failed" },
			found: expect.stringContaining("Kernel panic"),
		});
	});

	test("a machine that goes down before every module is no endless loop", async () => {
		machine(["start 6.1.0"], ["start 6.1.0"], ["start 6.1.0"]);
		await expect(load(["a"])).rejects.toMatchObject({ kind: "command", code: "boot-failed" });
	});
});

function load(modules: (string | Omit<BootModule, "bytes">)[]) {
	return bootAndLoad({
		...{ image: "/image", arch: "x86", progress: silent },
		modules: modules.map((it) => ({
			...(typeof it === "string" ? { name: it } : it),
			bytes: new Uint8Array(3),
		})),
	});
}

/** A QEMU whose n-th start prints the n-th list of lines, with the word that the initramfs asks for. */
function machine(...boots: string[][]): void {
	const cases = boots.map((lines, index) => {
		const prints = lines.map((line) => `echo "$word ${line}"`).join("\n");
		return `${index + 1}) ${prints} ;;`;
	});
	program(
		"qemu-system-x86_64",
		[
			'while [ "$1" != -initrd ]; do shift; done',
			"word=$(grep -a -o '@kprep-[a-z0-9]*' \"$2\" | head -1)",
			`echo x >> ${folder}/starts; count=$(wc -l < ${folder}/starts)`,
			`grep -a '^[kl] /kprep' "$2" > ${folder}/list-$count`,
			`case $count in\n${cases.join("\n")}\nesac`,
		].join("\n"),
	);
}

function program(name: string, script: string): void {
	writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
	chmodSync(join(folder, name), 0o755);
}
