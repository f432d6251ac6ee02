import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/host/run.ts";
import { parseConfig } from "../../src/kernel/config.ts";
import type { Candidate } from "../../src/workflows/source/candidate.ts";
import type { GotTree } from "../../src/workflows/source-get.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab } from "../helpers/lab.ts";

let scratch: string;
let kernel: LabKernel | null = null;
let reason = "";
let got: GotTree | null = null;

beforeAll(async () => {
	scratch = mkdtempSync(join(tmpdir(), "kprep-source-"));
	const found = await lab.kernel({ flavour: "cloud" });
	if (!("skip" in found)) kernel = found;
	else reason = found.skip;
	if (reason !== "") console.log(`skipped: ${reason}`);
}, 10 * 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }), 2 * 60_000);

/** Symbols that follow from the tools of this machine, and the keys that no source package carries. */
const OF_THE_MACHINE =
	/VERSION|^CC_|^(?:GCC|CLANG|AS|LD|LLD|RUST|PAHOLE|TOOLS|HAVE_RUST|BUILD_SALT|MODULE_SIG_KEY|SYSTEM_)|BTF|PLUGIN/;

describe("kprep source, with the real apt", () => {
	test(
		"get --minimal brings the very source of the kernel, and nothing half",
		async (context) => {
			const { sysroot, release } = kernel ?? context.skip(reason);
			const dest = join(scratch, "linux");
			got = await kprepJson<GotTree>("source", "get", "--sysroot", sysroot, "--minimal", "--dest", dest);
			expect(got).toMatchObject({ tree: dest, minimal: true, trust: "packages" });
			expect(got.next).toContain(`kprep sync ${dest} --sysroot `);
			expect(readdirSync(scratch)).toEqual(["linux"]);
			expect(existsSync(join(dest, "drivers/net/Kconfig"))).toBe(true);
			expect(existsSync(join(dest, "drivers/net/dummy.c"))).toBe(false);
			const { stdout } = await run(["make", "-s", "-C", dest, "kernelversion"], { env: { MAKEFLAGS: "" } });
			expect(stdout.trim().replace(/^(\d+\.\d+)$/, "$1.0")).toBe(got.version);
			const same = release.startsWith(`${got.version}`);
			expect(got.verdict).toBe(same ? "fits" : "needs-pin");
		},
		5 * 60_000,
	);

	test(
		"its Kconfig answers the kernel's own configuration as the whole tree did",
		async (context) => {
			const { sysroot, release } = kernel ?? context.skip(reason);
			const { tree } = got ?? context.skip("there is no tree");
			const config = ["usr/src/linux-headers-R/.config", "boot/config-R"]
				.map((path) => join(sysroot, path.replace("R", release)))
				.find((path) => existsSync(path));
			copyFileSync(config ?? "", join(tree, ".config"));
			await run(["make", "-s", "-C", tree, "olddefconfig"], { env: { MAKEFLAGS: "" } });
			const [before, after] = [config ?? "", join(tree, ".config")].map((path) =>
				parseConfig(readFileSync(path, "utf8")),
			);
			const changed = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].filter(
				(symbol) => before?.get(symbol) !== after?.get(symbol) && !OF_THE_MACHINE.test(symbol),
			);
			expect(changed).toEqual([]);
		},
		5 * 60_000,
	);

	test(
		"list says of the tree what sync then plans",
		async (context) => {
			const { sysroot } = kernel ?? context.skip(reason);
			const { tree } = got ?? context.skip("there is no tree");
			const spec = ["--sysroot", sysroot];
			const { candidates } = await kprepJson<{ candidates: Candidate[] }>("source", "list", ...spec);
			expect(candidates[0]).toMatchObject({ kind: "headers", verdict: "fits" });
			const its = candidates.find(({ kind }) => kind === "package");
			expect(its?.why).toContain("the very version that the target was built from");
			const plan = await kprepJson<{ strategy: string }>("sync", tree, ...spec, "--dry-run");
			expect(plan.strategy).toBe(its?.verdict === "fits" ? "extraversion" : "pin");
		},
		2 * 60_000,
	);
});
