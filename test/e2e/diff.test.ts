import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moduleFiles } from "../../src/host/files/module-files.ts";
import { findProgram } from "../../src/host/process/program.ts";
import { run } from "../../src/host/process/run.ts";
import { silent } from "../../src/host/progress.ts";
import type { DiffDocument } from "../../src/kernel/diff/document.ts";
import { resolveTarget } from "../../src/target/resolve.ts";
import { bootModules } from "../../src/workflows/boot/modules.ts";
import { kprep } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab } from "../helpers/lab.ts";

/** Modules of one kernel that are booted on the other: 50 with KPREP_DIFF=all. */
const BOOTED = process.env.KPREP_DIFF === "all" ? 50 : 8;

describe("two kernels of different versions", () => {
	let kernels: [LabKernel, LabKernel] | null = null;
	let reason = "";
	let document: DiffDocument | null = null;
	const folder = mkdtempSync(join(tmpdir(), "kprep-diff-"));

	beforeAll(async () => {
		const found = [
			await lab.kernel({ flavour: "cloud", fits: baseDisagrees }),
			await lab.kernel({ flavour: "cloud" }),
		];
		for (const one of found) if ("skip" in one) reason = one.skip;
		const [a, b] = found as LabKernel[];
		if (reason === "" && a?.release === b?.release) reason = "the suite has one kernel only";
		if (reason !== "") return console.log(`skipped: ${reason}`);
		kernels = [a as LabKernel, b as LabKernel];
		const { json, status, stderr } = await kprep([
			"diff",
			...kernels.map(({ sysroot }) => sysroot),
			"--json",
		]);
		expect(stderr).not.toContain("kprep itself failed");
		expect(status).toBe(1);
		document = json as DiffDocument;
	}, 15 * 60_000);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	function at(context: { skip: (note: string) => never }): {
		kernels: [LabKernel, LabKernel];
		diff: DiffDocument;
	} {
		if (kernels === null || document === null) return context.skip(reason);
		return { kernels, diff: document };
	}

	test("the exports are those of the packaged Module.symvers, read by awk", async (context) => {
		const { kernels, diff } = at(context);
		const tables = await Promise.all(
			kernels.map(async ({ sysroot, release }) => {
				const file = join(sysroot, `usr/src/linux-headers-${release}/Module.symvers`);
				const { stdout } = await run(
					["awk", "-F\t", '{print $2, $1, $4 ~ /GPL/ ? "gpl" : "any", $5}', file],
					{
						keep: 16 * 1024 * 1024,
					},
				);
				return new Map(
					stdout
						.trim()
						.split("\n")
						.map((line) => line.split(" "))
						.map(([symbol = "", ...rest]) => [symbol, rest]),
				);
			}),
		);
		const [a, b] = tables as [Map<string, string[]>, Map<string, string[]>];
		const common = [...a.keys()].filter((symbol) => b.has(symbol));
		const changed = (column: number) =>
			common.filter((symbol) => a.get(symbol)?.[column] !== b.get(symbol)?.[column]).sort();
		const names = (list: { symbol: string }[] | undefined) => list?.map(({ symbol }) => symbol).sort();
		expect(a.size).toBeGreaterThan(1000);
		expect(names(diff.exports?.removed)).toEqual([...a.keys()].filter((one) => !b.has(one)).sort());
		expect(names(diff.exports?.added)).toEqual([...b.keys()].filter((one) => !a.has(one)).sort());
		expect(names(diff.exports?.licence)).toEqual(changed(1));
		expect(names(diff.exports?.namespace)).toEqual(changed(2));
		const versioned = [a, b].every((table) => [...table.values()].some(([crc]) => !/^0x0+$/.test(crc ?? "")));
		expect(names(diff.exports?.crc)).toEqual(versioned ? changed(0) : []);
	});

	test("structures whose size differs are those that pahole sees", async (context) => {
		const { kernels, diff } = at(context);
		if (findProgram("pahole") === null) return context.skip("pahole is not installed: apt install pahole");
		const sizes = await Promise.all(
			kernels.map(async ({ sysroot }, at) => {
				const facts = join(folder, String(at));
				await kprep(["target", "--sysroot", sysroot, "--extract", facts]);
				const { stdout } = await run(["pahole", "-F", "btf", "--sizes", join(facts, "btf")], {
					keep: 16 * 1024 * 1024,
				});
				return stdout
					.trim()
					.split("\n")
					.map((line) => line.split("\t"))
					.map(([name = "", size = ""]) => [name, size] as const);
			}),
		);
		/** Names that occur once: of several static ones pahole shows one that need not be the one compared. */
		const once = (rows: (readonly [string, string])[] = []) => {
			const count = new Map<string, number>();
			for (const [name] of rows) count.set(name, (count.get(name) ?? 0) + 1);
			return new Map(rows.filter(([name]) => count.get(name) === 1));
		};
		const [a, b] = [once(sizes[0]), once(sizes[1])];
		const theirs = [...a].filter(([name, size]) => b.has(name) && b.get(name) !== size).map(([name]) => name);
		const found = new Map(
			diff.structs?.map(({ name, size }) => [name.replace(/^(?:struct|union) /, ""), size]),
		);
		expect(theirs.length).toBeGreaterThan(100);
		const missed = theirs.filter((name) => {
			const size = found.get(name);
			return size === undefined || String(size[0]) !== a.get(name) || String(size[1]) !== b.get(name);
		});
		expect(missed).toEqual([]);
		console.log(`diff: ${diff.compared} structures compared, ${theirs.length} sizes as pahole has them`);
	});

	test("a structure names its members, and the option behind them where headers tell", (context) => {
		const { diff } = at(context);
		const module = diff.structs?.find(({ name }) => name === "struct module");
		expect(module?.members.length).toBeGreaterThan(0);
		for (const { offsets } of module?.members ?? []) expect(offsets[0]).not.toBe(offsets[1]);
	});

	test(
		`the verdict on ${BOOTED} of the first kernel's own modules is the boot's`,
		async (context) => {
			const { kernels, diff } = at(context);
			const [a, b] = kernels;
			const all = moduleFiles(a.modulesFolder);
			const step = Math.max(1, Math.floor(all.length / BOOTED));
			const paths = all.filter((_, index) => index % step === 0).slice(0, BOOTED);
			const words = paths.flatMap((path) => ["--module", path]);
			const { json } = await kprep(["diff", a.sysroot, b.sysroot, ...words, "--json"]);
			const told = json as DiffDocument;
			expect(told.exports?.added).toEqual([]);
			expect((told.structs ?? []).length).toBeLessThanOrEqual((diff.structs ?? []).length);
			const target = await resolveTarget({ sysroot: b.sysroot }, silent);
			const booted = await bootModules({ paths, target, progress: silent, signal: undefined });
			const wrong = told.modules.filter((one, index) => (one.verdict === "loads") !== booted[index]?.loaded);
			expect(wrong).toEqual([]);
			for (const { verdict, because } of told.modules)
				if (verdict !== "loads") expect(because).not.toEqual([]);
		},
		10 * 60_000,
	);
});

describe("a kernel and itself", () => {
	test(
		"nothing changes, exit 0",
		async (context) => {
			const kernel = await lab.kernel({ flavour: "cloud" });
			if ("skip" in kernel) return context.skip(kernel.skip);
			const { status, stdout } = await kprep(["diff", kernel.image, kernel.image]);
			expect(stdout).toContain("nothing that modules feel changes");
			expect(status).toBe(0);
		},
		10 * 60_000,
	);

	test("a kernel that is not there: exit 3, with what is", async () => {
		const { status, stderr } = await kprep(["diff", "9.9.9-none", "9.9.9-none"]);
		expect(status).toBe(3);
		expect(stderr).toContain("9.9.9-none");
	});
});
