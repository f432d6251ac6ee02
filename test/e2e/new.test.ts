import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../src/host/progress.ts";
import { bootAndLoad } from "../../src/workflows/boot.ts";
import { moduleTemplates, newModule } from "../../src/workflows/new.ts";
import { headersFolder, headersUnusable, withPackages } from "../helpers/headers.ts";
import { type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";

/** What `make W=1` may say that is not about the module. */
const NOT_OURS =
	/compiler differs from the one used|The kernel was built by:|You are using:|Skipping BTF generation/;

const KERNELS: [name: string, wanted: Wanted][] = [
	["5.10", { flavour: "cloud", suite: "older", series: "5.10" }],
	["6.1", { flavour: "cloud", suite: "older", series: "6.1" }],
	["the machine's newest", { flavour: "cloud", suite: "backports" }],
];

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-new-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KERNELS)("new: every template on %s", (name, wanted) => {
	let kernel: LabKernel | Skip;
	let build: string;
	beforeAll(async () => {
		kernel = await lab.kernel(wanted);
		if ("skip" in kernel) return;
		build = headersFolder(kernel.sysroot, kernel.release);
		const unusable = await headersUnusable(kernel.sysroot, build);
		if (unusable !== null) kernel = { skip: unusable };
	}, 10 * 60_000);

	it("compiles with W=1 and no warning, by plain make, and loads", {
		timeout: 5 * 60_000,
	}, async (context) => {
		if ("skip" in kernel) {
			console.log(`skipped: ${kernel.skip}`);
			return context.skip(kernel.skip);
		}
		const modules = [];
		for (const template of moduleTemplates()) {
			const dest = join(folder, `${name.replaceAll(/\W/g, "")}-${template}`);
			await newModule({ name: `kt-${template}`, template, dest, progress: silent });
			const command = ["make", "-s", "-C", dest, `KDIR=${build}`, "W=1", "CC=gcc"];
			const { status, stdout, stderr } = await withPackages(kernel.sysroot, command, { timeout: 120_000 });
			const said = `${stdout}${stderr}`.split("\n").filter((line) => line !== "" && !NOT_OURS.test(line));
			expect(said, template).toEqual([]);
			expect(status, template).toBe(0);
			const bytes = new Uint8Array(readFileSync(join(dest, `kt-${template}.ko`)));
			modules.push(
				{ name: template, bytes },
				{ name: `${template}, refused`, bytes, parameters: "nonsense" },
			);
		}
		const report = await bootAndLoad({ image: kernel.image, arch: "x86", modules, progress: silent });
		const verdicts = report.modules.filter(({ name: it }) => !it.includes("refused"));
		expect(
			verdicts.map(({ name: it, loaded, unloaded, errno }) => ({ it, loaded, unloaded, errno })),
		).toEqual(moduleTemplates().map((it) => ({ it, loaded: true, unloaded: true, errno: null })));
		expect(report.log.join("\n")).not.toMatch(/BUG:|WARNING:|Oops|sysfs: cannot create/);
		expect(verdicts.find(({ name: it }) => it === "basic")?.log.join("\n")).toContain(
			"kt_basic: Hello, world",
		);
	});
});
