/**
 * verify --deep and build --sign on a tree synced to a real kernel: what the probes say of it, of the same tree when
 * options were switched off by hand, and what the kernel says to a signed module.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import type { CheckId, CheckResult } from "../../src/checks/check.ts";
import { silent } from "../../src/host/progress.ts";
import { editConfig, isOn, parseConfig } from "../../src/kernel/config/config.ts";
import type { CheckDocument } from "../../src/kernel/loader/verdict.ts";
import type { VerifyReport } from "../../src/report/verify/verify-report.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { writeHello } from "../helpers/hello.ts";
import { kprep } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip } from "../helpers/lab.ts";
import { usualKernels } from "../helpers/lacks.ts";
import { shell, WITH_CCACHE } from "../helpers/shell.ts";

const MINUTES = 60_000;

/** Members of struct module that each option guards in every kernel since 5.11 (include/linux/module.h). */
const GUARDED = {
	DEBUG_INFO_BTF_MODULES: ["btf_data_size", "btf_data"],
	KALLSYMS: ["kallsyms", "core_kallsyms"],
	TRACEPOINTS: ["num_tracepoints", "tracepoints_ptrs"],
};

/** What selects KALLSYMS or TRACEPOINTS, directly or by what it selects, in a distribution's configuration. */
const SELECTING = ["FTRACE", "KPROBES", "LATENCYTOP", "DEBUG_KMEMLEAK", "MEM_ALLOC_PROFILING"];

let folder: string;
let tree: string;
let kernel: LabKernel | Skip = { skip: "not looked for yet" };
let modversions = false;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "kprep-deep-test-"));
	tree = join(folder, "tree");
	const fits = (release: string) => !baseDisagrees(release);
	kernel = await lab.kernel({ flavour: "cloud", fits });
	if ("skip" in kernel) kernel = await lab.kernel({ flavour: "cloud", suite: "backports", fits });
	if ("skip" in kernel) return console.log(`skipped: ${kernel.skip}`);
	const config = readFileSync(join(kernel.sysroot, "boot", `config-${kernel.release}`), "utf8");
	modversions = isOn(parseConfig(config), "MODVERSIONS");
	await kernel.tree(tree);
	const synced = await kprep(["sync", tree, "--sysroot", kernel.sysroot], WITH_CCACHE);
	expect(synced.status, synced.stdout + synced.stderr).toBe(0);
}, 15 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("in a synced tree", () => {
	it("verify --deep: match, CRCs and structures equal", { timeout: 5 * MINUTES }, async (context) => {
		const { sysroot } = needed(context);
		const { status, report, of } = await verifyDeep(sysroot, ["--struct", "bio"]);
		expect(status).toBe(0);
		expect(report.verdict).toBe("match");
		expect(of("module-layout").status).toBe(modversions ? "match" : "skipped");
		if (modversions) expect(of("module-layout").actual).toMatch(/^0x[0-9a-f]{8}, and (\d+) of \1 exports/);
		expect(of("struct-module")).toMatchObject({ status: "match" });
		const compared = /^the same layout of (\d+) structures$/.exec(of("btf").actual ?? "")?.[1];
		expect(of("btf").status).toBe("match");
		expect(Number(compared)).toBeGreaterThan(1000);
		expect(of("instrumentation").status).toBe("match");
	});

	it("build --sign with a key of one's own: loads, and taints as foretold", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		const { sysroot, image } = needed(context);
		const [key, cert, source] = ["key.pem", "cert.pem", "hello"].map((name) => join(folder, name)) as [
			string,
			string,
			string,
		];
		writeHello(source);
		const request = ["req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kprep test/"];
		await shell(["openssl", ...request, "-days", "2", "-keyout", key, "-out", cert]);
		const words = ["build", source, tree, "--sysroot", sysroot, "--sign", "--key", key, "--cert", cert];
		const { status, stderr, json } = await kprep([...words, "--json"], WITH_CCACHE);
		expect(status, stderr).toBe(0);
		const [predicted] = (json as CheckDocument).modules;
		expect(predicted?.verdict).toBe("loads");
		expect(predicted?.taints.map(({ flag }) => flag)).toEqual(["O", "E"]);

		const bytes = readFileSync(join(source, "hello.ko"));
		expect(bytes.subarray(-28).toString("latin1")).toBe("~Module signature appended~\n");
		const modules = [{ name: "hello", bytes }];
		const { modules: verdicts } = await bootAndLoad({ image, arch: "x86", modules, progress: silent });
		expect(verdicts[0]).toMatchObject({ loaded: true, unloaded: true });
		for (const { message } of predicted?.taints ?? []) expect(verdicts[0]?.log).toContain(message);
	});
});

describe.skipIf(usualKernels("options switched off by hand"))(
	"after options were switched off by hand",
	() => {
		it("verify --deep names struct module, the members and each option", {
			timeout: 5 * MINUTES,
		}, async (context) => {
			const { sysroot } = needed(context);
			const path = join(tree, ".config");
			const off = [...Object.keys(GUARDED), ...SELECTING].map((symbol) => [symbol, "n"] as const);
			writeFileSync(path, editConfig(readFileSync(path, "utf8"), new Map(off)));
			await shell(["make", "-s", "-C", tree, "olddefconfig"]);
			const config = parseConfig(readFileSync(path, "utf8"));
			for (const symbol of Object.keys(GUARDED)) expect(isOn(config, symbol), symbol).toBe(false);
			await shell(["make", "-s", "-j2", "-C", tree, "modules_prepare"]);

			const { status, report, of } = await verifyDeep(sysroot);
			expect(status).toBe(1);
			expect(report.verdict).toBe("mismatch");
			expect(of("vermagic").status).toBe("match");
			if (modversions) expect(of("module-layout").actual).toContain("struct module");
			const check = of("struct-module");
			expect(check.status).toBe("mismatch");
			expect(check.actual).toContain("struct module");
			const found = check.layouts?.find(({ name }) => name === "module");
			for (const [symbol, members] of Object.entries(GUARDED)) {
				expect(found?.missing).toEqual(expect.arrayContaining(members));
				const cause = found?.symbols.find((one) => one.symbol === symbol);
				expect(cause).toMatchObject({ target: "y", tree: "n" });
				expect(cause?.members).toEqual(expect.arrayContaining(members));
				expect(check.actual).toContain(`CONFIG_${symbol} is off in the tree`);
			}
		});
	},
);

function needed(context: TestContext): LabKernel {
	if ("skip" in kernel) return context.skip(kernel.skip);
	return kernel;
}

async function verifyDeep(sysroot: string, more: string[] = []) {
	const { status, stderr, json } = await kprep(
		["verify", tree, "--sysroot", sysroot, "--deep", ...more, "--json"],
		WITH_CCACHE,
	);
	expect(json, stderr).not.toBeNull();
	const report = json as VerifyReport;
	const of = (id: CheckId) => report.checks.find((check) => check.id === id) as CheckResult;
	return { status, report, of };
}
