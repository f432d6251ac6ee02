import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Captured } from "../../src/report/capture.ts";
import type { SyncReport } from "../../src/report/sync/sync-report.ts";
import type { VerifyReport } from "../../src/report/verify/verify-report.ts";
import { hashTree } from "../helpers/hash-tree.ts";
import { kprep, kprepJsonIn } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip } from "../helpers/lab.ts";
import { usualKernels } from "../helpers/lacks.ts";
import { WITH_CCACHE } from "../helpers/shell.ts";

const ENV = { ...WITH_CCACHE, LOCALVERSION: undefined };
const MINUTES = 60_000;

let folder: string;
let kernel: LabKernel | Skip = { skip: "not looked for yet" };
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "kprep-capture-"));
	kernel = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
	if ("skip" in kernel) kernel = await lab.kernel({ flavour: "cloud" });
	if ("skip" in kernel) console.log(`skipped: ${kernel.skip}`);
	else await kernel.tree(join(folder, "source"));
}, 15 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function at(context: { skip: (note: string) => never }): LabKernel {
	return "skip" in kernel ? context.skip(kernel.skip) : kernel;
}

async function freshTree(name: string): Promise<string> {
	const tree = join(folder, name);
	if (!("skip" in kernel)) await kernel.tree(tree);
	return tree;
}

/** What modules are compiled and linked against: generated headers, the configuration, Module.symvers. */
function products(tree: string): Map<string, string> {
	const wanted =
		/^(?:include\/(?:generated|config)\/.*|arch\/\w+\/include\/generated\/.*|\.config|Module\.symvers)$/;
	return new Map([...hashTree(tree)].filter(([path]) => wanted.test(path) && !path.endsWith(".cmd")));
}

describe("kprep capture", () => {
	test("a profile plans what the root plans: the same files to write, the same makes", {
		timeout: 2 * MINUTES,
	}, async (context) => {
		const { sysroot, release } = at(context);
		const profile = join(folder, "box.kprep");
		const captured = await kprepJsonIn<Captured>(ENV, ["capture", "-o", profile, "--sysroot", sysroot]);
		expect(captured).toMatchObject({ release, lacks: ["enforcement"] });
		const planned = async (...target: string[]) => {
			const request = ["sync", join(folder, "source"), "-n", ...target];
			const { strategy, plan } = await kprepJsonIn<SyncReport>(ENV, request);
			return { strategy, plan: plan.map(({ summary: _, ...action }) => action) };
		};
		const expected = await planned("--sysroot", sysroot);
		expect(expected.plan.length).toBeGreaterThan(3);
		expect(await planned("-t", profile)).toEqual(expected);
	});

	test.skipIf(usualKernels("a sync from a profile"))(
		"a sync from the profile gives the same headers and symvers as a sync from the root",
		{
			timeout: 10 * MINUTES,
		},
		async (context) => {
			const { sysroot } = at(context);
			const profile = join(folder, "box.kprep");
			const [there, here] = [await freshTree("there"), await freshTree("here")];
			await kprepJsonIn(ENV, ["sync", there, "--sysroot", sysroot]);
			await kprepJsonIn(ENV, ["sync", here, "-t", profile]);
			const expected = products(there);
			expect(expected.size).toBeGreaterThan(100);
			expect(products(here)).toEqual(expected);
		},
	);

	test(
		"a profile that was damaged on the way leaves the tree untouched",
		async (context) => {
			at(context);
			const profile = join(folder, "damaged.kprep");
			const bytes = readFileSync(join(folder, "box.kprep"));
			bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
			writeFileSync(profile, bytes);
			const tree = join(folder, "source");
			const before = hashTree(tree);
			const { status, json } = await kprep(["sync", tree, "-t", profile, "--json"], ENV);
			expect(status).toBe(3);
			expect(json).toMatchObject({ error: { code: "profile-damaged" } });
			expect(hashTree(tree)).toEqual(before);
		},
		MINUTES,
	);
});

/** The image in a folder where nothing else of the kernel is. */
function vmlinuz(context: { skip: (note: string) => never }): string {
	const alone = join(folder, "vmlinuz");
	copyFileSync(at(context).image, alone);
	return alone;
}

describe("a kernel image and its config, and nothing else", () => {
	test.skipIf(usualKernels("an image and a config alone"))(
		"make a tree whose module the same kernel loads",
		{ timeout: 10 * MINUTES },
		async (context) => {
			const { release, sysroot } = at(context);
			const facts = await kprepJsonIn<{ config: { value: string } }>(ENV, ["target", "--sysroot", sysroot]);
			const target = ["-t", vmlinuz(context), "--config", facts.config.value];
			const tree = await freshTree("alone");
			await kprepJsonIn(ENV, ["sync", tree, ...target]);
			expect(readFileSync(join(tree, "include/generated/utsrelease.h"), "utf8")).toContain(`"${release}"`);
			const { json } = await kprep(["verify", tree, ...target, "--boot", "--json"], ENV);
			const { boot, verdict } = json as VerifyReport;
			expect(verdict).toBe("match");
			expect(boot).toMatchObject({ loaded: true });
		},
	);

	test(
		"without a config nothing is guessed: exit 3, the vendor's places named, the tree untouched",
		async (context) => {
			const tree = join(folder, "source");
			const before = hashTree(tree);
			const { status, json } = await kprep(["sync", tree, "-t", vmlinuz(context), "--json"], ENV);
			expect(status).toBe(3);
			const { error } = json as { error: { code: string; suggestions: string[]; found: string } };
			expect(error.code).toBe("config-missing");
			expect(error.suggestions.join("\n")).toMatch(/--config FILE[\s\S]*linux-config-/);
			expect(error.found).toContain("the vermagic");
			expect(hashTree(tree)).toEqual(before);
		},
		MINUTES,
	);
});
