import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KprepError } from "../../src/errors.ts";
import { attempt } from "../../src/host/process/run.ts";
import { silent } from "../../src/host/progress.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { moduleTemplates, newModule } from "../../src/workflows/new/index.ts";
import { headersFolder, headersUnusable, withPackages } from "../helpers/headers.ts";
import { type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";
import { usualKernels } from "../helpers/lacks.ts";
import { WITH_CCACHE } from "../helpers/shell.ts";

/** What `make W=1` may say that is not about the module. */
const NOT_OURS =
	/compiler differs from the one used|The kernel was built by:|You are using:|Skipping BTF generation/;

/** Headers of the newest kernel bring host tools that may need a newer C library: there a tree is prepared instead. */
const KERNELS: [name: string, wanted: Wanted, where: "headers" | "tree"][] = [
	["5.10", { flavour: "cloud", suite: "older", series: "5.10" }, "headers"],
	["6.1", { flavour: "cloud", suite: "older", series: "6.1" }, "headers"],
	["the machine's newest", { flavour: "cloud", suite: "backports" }, "headers"],
	["the newest of all", { flavour: "cloud", suite: "newest" }, "tree"],
];

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-new-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const USUAL = "the machine's newest";

describe.concurrent.each(
	usualKernels("templates on the other kernels") ? KERNELS.filter(([name]) => name === USUAL) : KERNELS,
)("new: every template on %s", (name, wanted, where) => {
	let kernel: LabKernel | Skip;
	let build: string;
	beforeAll(async () => {
		kernel = await lab.kernel(wanted);
		if ("skip" in kernel) return;
		build = where === "tree" ? join(folder, "tree") : headersFolder(kernel.sysroot, kernel.release);
		const unusable =
			where === "tree" ? await prepare(kernel, build) : await headersUnusable(kernel.sysroot, build);
		if (unusable !== null) kernel = { skip: unusable };
	}, 15 * 60_000);

	/** Where the headers are seen. */
	const make = (sysroot: string, command: string[]) =>
		where === "tree"
			? attempt(command, { timeout: 120_000, env: WITH_CCACHE })
			: withPackages(sysroot, [...command, "CC=gcc"], { timeout: 120_000 });

	it("compiles with W=1 and no warning, and loads", {
		timeout: 5 * 60_000,
	}, async (context) => {
		if ("skip" in kernel) {
			console.log(`skipped: ${kernel.skip}`);
			return context.skip(kernel.skip);
		}
		const parent = join(folder, name.replaceAll(/\W/g, ""));
		mkdirSync(parent);
		// A module in Rust needs the kernel's own rustc: test/e2e/toolchain.test.ts builds it.
		const templates = moduleTemplates().filter((template) => template !== "rust");
		for (const template of templates)
			await newModule({
				...{ name: `kt-${template}`, template, dest: join(parent, template), progress: silent },
			});
		// One make for all, each by its own Kbuild; that their Makefile works alone is test/e2e/story.test.ts's.
		writeFileSync(join(parent, "Kbuild"), `obj-m := ${templates.map((it) => `${it}/`).join(" ")}\n`);
		const command = ["make", "-s", "-j2", "-C", build, `M=${parent}`, "W=1", "modules"];
		const { status, stdout, stderr } = await make(kernel.sysroot, command);
		const said = `${stdout}${stderr}`.split("\n").filter((line) => line !== "" && !NOT_OURS.test(line));
		expect(said).toEqual([]);
		expect(status).toBe(0);
		const modules = templates.flatMap((template) => {
			const bytes = new Uint8Array(readFileSync(join(parent, template, `kt-${template}.ko`)));
			return [
				{ name: template, bytes },
				{ name: `${template}, refused`, bytes, parameters: "nonsense" },
			];
		});
		const report = await bootAndLoad({ image: kernel.image, arch: "x86", modules, progress: silent });
		const verdicts = report.modules.filter(({ name: it }) => !it.includes("refused"));
		expect(
			verdicts.map(({ name: it, loaded, unloaded, errno }) => ({ it, loaded, unloaded, errno })),
		).toEqual(templates.map((it) => ({ it, loaded: true, unloaded: true, errno: null })));
		expect(report.log.join("\n")).not.toMatch(/BUG:|WARNING:|Oops|sysfs: cannot create/);
		expect(verdicts.find(({ name: it }) => it === "basic")?.log.join("\n")).toContain(
			"kt_basic: Hello, world",
		);
	});
});

const RUN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/** A tree of the kernel's own source, made ready; --force because the machine's compiler may be older than the kernel's. */
async function prepare(kernel: LabKernel, tree: string): Promise<string | null> {
	try {
		await kernel.tree(tree);
	} catch (error) {
		if (error instanceof KprepError && error.kind === "missing") return error.message;
		throw error;
	}
	const command = [process.execPath, RUN, "sync", tree, "--sysroot", kernel.sysroot, "--force", "--json"];
	const { status, stdout, stderr } = await attempt(command, { env: WITH_CCACHE });
	expect([0, 1], stderr).toContain(status);
	const { verify } = JSON.parse(stdout) as { verify: { checks: { id: string; status: string }[] } };
	const vermagic = verify.checks.find(({ id }) => id === "vermagic");
	expect(vermagic?.status).toBe("match");
	return null;
}
