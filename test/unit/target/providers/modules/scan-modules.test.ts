import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { silent } from "../../../../../src/host/progress.ts";
import { composeSymvers, parseSymvers } from "../../../../../src/kernel/symvers/symvers.ts";
import { contradictions, rebuiltSymvers } from "../../../../../src/target/facts/rebuilt-symvers.ts";
import { scanModules } from "../../../../../src/target/providers/modules/scan-modules.ts";
import type { SymversFact } from "../../../../../src/target/target.ts";
import { importConflict } from "../../../../../src/target/weigh/import-conflict.ts";
import { composeModule } from "../../../../helpers/module.ts";

const top = mkdtempSync(join(tmpdir(), "kprep-modules-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

function module(symbol: string, layout = 7): Uint8Array {
	return composeModule({
		bits: 64,
		little: true,
		modinfo: [["vermagic", "6.1.0 SMP modversions "]],
		versions: [
			{ symbol: "module_layout", crc: layout },
			{ symbol: "kfree", crc: 9 },
		],
		exports: [{ symbol, crc: 5, gpl: true }],
		structModule: 896,
	});
}

function folderOf(name: string, files: Record<string, Uint8Array>): string {
	for (const [file, bytes] of Object.entries(files)) {
		const path = join(top, name, "kernel", file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, bytes);
	}
	return join(top, name);
}

const plain = folderOf("plain", {
	"drivers/net/b.ko": module("b_open"),
	"drivers/a.ko.gz": new Uint8Array(gzipSync(module("a_open"))),
	"drivers/note.txt": new Uint8Array(4),
});

test("plain and compressed modules, in the order of their paths", async () => {
	const scanned = await scanModules(join(plain, "kernel"), silent);
	expect(scanned).toMatchObject({
		count: 2,
		vermagics: ["6.1.0 SMP modversions "],
		structModuleSizes: [896],
		signed: 0,
		mixed: [],
		unreadable: [],
	});
	expect(scanned.exports.map(({ symbol, module: column, crc }) => [symbol, column, crc])).toEqual([
		["a_open", "drivers/a", 5],
		["b_open", "drivers/net/b", 5],
	]);
	expect([...scanned.imports]).toEqual([
		["module_layout", 7],
		["kfree", 9],
	]);
});

test.each(["xz", "zstd"])(
	"many %s modules share a decompressor; a damaged one is told and harms no other",
	async (tool) => {
		const pack = (bytes: Uint8Array) =>
			new Uint8Array(spawnSync(tool, ["-c"], { input: bytes }).stdout ?? []);
		if (pack(new Uint8Array(1)).length === 0) {
			console.log(`skipped: ${tool} is not installed here`);
			return;
		}
		const ending = tool === "xz" ? "xz" : "zst";
		const names = Array.from({ length: 8 }, (_, index) => `m${index}.ko.${ending}`);
		const whole = Object.fromEntries(names.map((name, index) => [name, pack(module(`s${index}`))]));
		const damaged = pack(module("broken")).fill(0, 30, 60);
		const scanned = await scanModules(
			join(folderOf(tool, { ...whole, [`n.ko.${ending}`]: damaged }), "kernel"),
			silent,
		);
		expect(scanned.exports.map(({ symbol }) => symbol)).toEqual(names.map((_, index) => `s${index}`));
		expect(scanned.unreadable).toEqual([expect.stringContaining(`n.ko.${ending}: `)]);
	},
);

test("a scan stops with what it was aborted with", async () => {
	const stop = new AbortController();
	stop.abort(new Error("enough"));
	await expect(scanModules(join(plain, "kernel"), silent, stop.signal)).rejects.toThrow("enough");
});

test("modules of two builds: what they do not agree on proves nothing", async () => {
	const folder = folderOf("mixed", { "a.ko": module("a"), "b.ko": module("b", 8) });
	const scanned = await scanModules(join(folder, "kernel"), silent);
	expect(scanned.mixed).toEqual(["module_layout"]);
	const line = (symbol: string, crc: number) =>
		composeSymvers([{ symbol, crc, module: "vmlinux", kind: "EXPORT_SYMBOL", namespace: null }]);
	expect(contradictions(line("module_layout", 3) + line("kfree", 3) + line("none", 3), scanned)).toEqual([
		{ symbol: "kfree", symvers: 3, modules: 9 },
	]);
	expect(contradictions(line("kfree", 0) + line("kfree", 9), scanned)).toEqual([]);
});

test("rebuilt: an export that the image has twice is one line; the layout CRC needs no module", async () => {
	const exported = (symbol: string, crc: number | null) => ({
		symbol,
		crc,
		kind: "EXPORT_SYMBOL" as const,
		gplOnly: false,
		namespace: null,
	});
	const exports = [exported("memcpy", null), exported("memcpy", 4), exported("module_layout", 7)];
	const fact = rebuiltSymvers(exports, join(plain, "kernel"), { kind: "image", path: "/boot/x" }, silent);
	expect(await fact.layoutCrc()).toBe("0x00000007");
	expect(await fact.counts()).toEqual({ exports: 4, crcs: 4 });
	const { entries } = parseSymvers(new TextDecoder().decode(await fact.read()));
	expect(entries.map(({ symbol, crc, module: column }) => [symbol, crc, column])).toEqual([
		["memcpy", 4, "vmlinux"],
		["module_layout", 7, "vmlinux"],
		["a_open", 5, "drivers/a"],
		["b_open", 5, "drivers/net/b"],
	]);
});

test("a packaged Module.symvers that the modules contradict is a conflict", async () => {
	const fact = (crc: number): SymversFact => ({
		value: "/h/Module.symvers",
		source: { kind: "headers", path: "/h/Module.symvers" },
		read: async () =>
			new TextEncoder().encode(
				composeSymvers([{ symbol: "kfree", crc, module: "vmlinux", kind: "EXPORT_SYMBOL", namespace: null }]),
			),
		counts: async () => ({ exports: 1, crcs: 1 }),
		layoutCrc: async () => null,
	});
	const modules = { value: plain, source: { kind: "modules-dir" as const, path: plain } };
	expect(await importConflict({ symvers: fact(9), modules }, silent)).toBeNull();
	expect(await importConflict({ symvers: fact(3), modules }, silent)).toMatchObject({
		fact: "symvers",
		values: [{ value: "kfree 0x00000003" }, { value: "kfree 0x00000009" }],
	});
});
