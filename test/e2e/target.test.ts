import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TargetDocument } from "../../src/target/document.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab, type Wanted } from "../helpers/lab.ts";

const KERNELS: [name: string, wanted: Wanted][] = [
	["of this machine's suite", { flavour: "cloud" }],
	["of the next release", { flavour: "cloud", suite: "newest" }],
];

let scratch: string;
beforeAll(() => {
	scratch = mkdtempSync(join(tmpdir(), "kprep-target-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const kprepTarget = (...words: string[]) => kprepJson<TargetDocument>("target", ...words);

describe.each(KERNELS)(
	"kprep target on a kernel %s",
	(_, wanted) => {
		let kernel: LabKernel | null = null;
		let reason = "";
		beforeAll(async () => {
			const found = await lab.kernel(wanted);
			if (!("skip" in found)) kernel = found;
			else reason = found.skip;
			if (reason !== "") console.log(`skipped: ${reason}`);
		}, 10 * 60_000);
		const at = (context: { skip: (note: string) => never }) => kernel ?? context.skip(reason);

		test("headers, image and modules agree, and every fact has its source", async (context) => {
			const { sysroot, release } = at(context);
			const found = await kprepTarget("--sysroot", sysroot);
			expect(found.release?.value).toBe(release);
			expect(found.vermagic?.value).toMatch(new RegExp(`^${release.replace(/[+.]/g, "\\$&")} SMP .* $`));
			expect(found.vermagic?.source.kind).toBe("module");
			for (const fact of [
				"version",
				"arch",
				"compiler",
				"config",
				"makefile",
				"symvers",
				"btf",
				"image",
				"modules",
			] as const)
				expect(found[fact]?.source.path, fact).toContain(sysroot);
			expect(found.symvers?.exports).toBeGreaterThan(5000);
			expect(found.unreadable).toEqual([]);
			for (const { fact } of found.conflicts) expect(["release", "config"]).toContain(fact);
		});

		test("--extract writes what is known as files", async (context) => {
			const { sysroot, release } = at(context);
			const folder = join(scratch, `facts-${release}`);
			const found = await kprepTarget("--sysroot", sysroot, "--extract", folder);
			expect(readdirSync(folder).sort()).toEqual(["Makefile", "Module.symvers", "btf", "config", "vermagic"]);
			expect(readFileSync(join(folder, "vermagic"), "utf8")).toBe(found.vermagic?.value);
			expect(readFileSync(join(folder, "config"))).toEqual(readFileSync(String(found.config?.value)));
			expect(readFileSync(join(folder, "btf")).readUInt16LE(0)).toBe(0xeb9f);
		});

		test("the image alone gives the same facts, and no config", async (context) => {
			const { sysroot, image, release } = at(context);
			const copy = join(scratch, `image-${release}`);
			copyFileSync(image, copy);
			const [whole, alone] = [await kprepTarget("--sysroot", sysroot), await kprepTarget("-t", copy)];
			for (const fact of ["release", "version", "arch", "vermagic", "compiler"] as const)
				expect(alone[fact]?.value, fact).toBe(whole[fact]?.value);
			expect(alone.symvers?.exports).toBeGreaterThan(1000);
			expect(alone.config).toBeNull();
		});

		test("a Module.symvers of another build is rejected, and rebuilt from image and modules", async (context) => {
			const { sysroot, release } = at(context);
			const before = await kprepTarget("--sysroot", sysroot);
			if (before.symvers?.crcs === 0) context.skip("this kernel has no CRCs");
			const root = join(scratch, `root-${release}`);
			mkdirSync(root);
			cpSync(sysroot, root, { recursive: true, verbatimSymlinks: true });
			const packaged = String(before.symvers?.value).replace(sysroot, root);
			execFileSync("sed", [
				"-i",
				"s/^0x\\(........\\)\\tmodule_layout\\t/0x12345678\\tmodule_layout\\t/",
				packaged,
			]);
			const after = await kprepTarget("--sysroot", root);
			expect(after.symvers).toMatchObject({ exports: before.symvers?.exports, source: { kind: "image" } });
			const conflict = after.conflicts.find(({ fact }) => fact === "symvers");
			expect(conflict?.why).toContain(`${packaged} is rejected`);
			expect(conflict?.values[1]?.value).toBe("module_layout 0x12345678");
		});
	},
	120_000,
);
