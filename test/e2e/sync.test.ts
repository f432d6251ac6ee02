import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../src/host/progress.ts";
import { parseRelease } from "../../src/kernel/release/release.ts";
import { parseUtsRelease, parseVersion } from "../../src/kernel/release/version-header.ts";
import type { SyncReport } from "../../src/report/sync/sync-report.ts";
import type { VerifyReport } from "../../src/report/verify/verify-report.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { hashTree } from "../helpers/hash-tree.ts";
import { writeHello } from "../helpers/hello.ts";
import { type Ran, kprep as run } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";
import { usualKernels } from "../helpers/lacks.ts";
import { shell, WITH_CCACHE } from "../helpers/shell.ts";

const MINUTES = 60_000;
const ALL = process.env.KPREP_KERNELS === "all";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-sync-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The real command; its document too when --json was among the words. */
async function kprep(words: string[]): Promise<Ran & { json: unknown }> {
	const ran = await run(words, { ...WITH_CCACHE, XDG_CONFIG_HOME: "/nonexistent" });
	return { ...ran, json: words.includes("--json") ? JSON.parse(ran.stdout) : null };
}

/** Builds a module named hello with plain make, as a user would type it, and gives its bytes. */
async function buildHello(tree: string): Promise<Uint8Array> {
	const work = mkdtempSync(join(folder, "hello-"));
	writeHello(work);
	await shell(["make", "-C", tree, `M=${work}`, "modules"]);
	return readFileSync(join(work, "hello.ko"));
}

function vermagicOf(module: Uint8Array): string | undefined {
	return /vermagic=([^\0]*)/.exec(Buffer.from(module).toString("latin1"))?.[1];
}

async function unpacked(kernel: LabKernel, name: string): Promise<string> {
	const tree = join(folder, name);
	await kernel.tree(tree);
	return tree;
}

/** A git tree with one commit and no tag, so that kbuild adds a plus; a few files are enough for that. */
async function gitTree(tree: string): Promise<void> {
	const git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", tree];
	await shell([...git, "init", "-q"]);
	await shell([...git, "add", "-f", "Makefile", "Kbuild", "scripts"]);
	await shell([...git, "commit", "-q", "-m", "as unpacked"]);
}

function headers(objtree: string): { release: string | null; version: string | null } {
	const read = (path: string) => readFileSync(join(objtree, path), "utf8");
	return {
		release: parseUtsRelease(read("include/generated/utsrelease.h")),
		version: parseVersion(read("include/generated/uapi/linux/version.h")),
	};
}

/** Everything that must hold in a synced objtree, with no help from kprep. */
async function expectReady(objtree: string, kernel: LabKernel, version: string): Promise<Uint8Array> {
	expect(headers(objtree)).toEqual({ release: kernel.release, version });
	expect(await shell(["make", "-s", "-C", objtree, "kernelrelease"])).toBe(kernel.release);
	await shell(["make", "-C", objtree, "modules_prepare"]);
	expect(await shell(["make", "-s", "-C", objtree, "kernelrelease"])).toBe(kernel.release);
	expect(headers(objtree)).toEqual({ release: kernel.release, version });
	const module = await buildHello(objtree);
	const own = await shell([
		"sh",
		"-c",
		`find ${kernel.modulesFolder} -name 'dummy.ko*' -exec modinfo -F vermagic {} + | head -1`,
	]);
	expect(vermagicOf(module)?.trim()).toBe(own);
	return module;
}

async function load(kernel: LabKernel, modules: { name: string; bytes: Uint8Array }[]) {
	const { modules: verdicts } = await bootAndLoad({
		image: kernel.image,
		arch: "x86",
		modules,
		progress: silent,
	});
	return verdicts;
}

/** The kernel a test is about, or a printed skip. */
function useKernel(wanted: Wanted, otherwise?: Wanted): { get(): LabKernel | null; why(): string } {
	let found: LabKernel | Skip = { skip: "not looked for yet" };
	beforeAll(async () => {
		found = await lab.kernel(wanted);
		if ("skip" in found && otherwise !== undefined) found = await lab.kernel(otherwise);
		if ("skip" in found) console.log(`skipped: ${found.skip}`);
	}, 10 * MINUTES);
	return { get: () => ("skip" in found ? null : found), why: () => ("skip" in found ? found.skip : "") };
}

describe("a kernel whose release does not begin with its V.P.S (pin)", () => {
	const wanted = useKernel(
		{ flavour: "cloud", fits: baseDisagrees },
		{ flavour: "cloud", suite: "older", fits: baseDisagrees },
	);

	it("over the hand recipe in an untagged git tree: ready, and again nothing to do; undo gives the prepared tree back", {
		timeout: 10 * MINUTES,
	}, async (context) => {
		const kernel = wanted.get();
		if (kernel === null) return context.skip(wanted.why());
		const tree = await unpacked(kernel, "pin");
		await gitTree(tree);
		const config = join(kernel.sysroot, "boot", `config-${kernel.release}`);
		await shell(["cp", config, join(tree, ".config")]);
		await shell(["make", "-C", tree, "CC=gcc", "olddefconfig"]);
		await shell(["make", "-C", tree, "CC=gcc", "-j2", "modules_prepare"]);
		const { version } = headers(tree);
		const before = await buildHello(tree);
		const prepared = hashTree(tree);

		const first = await kprep(["sync", tree, "--sysroot", kernel.sysroot, "--json"]);
		expect(first.stderr).not.toContain("could not");
		expect(first.status, first.stderr).toBe(0);
		const report = first.json as SyncReport;
		expect(report.strategy).toBe("pin");
		expect(report.verify?.verdict).toBe("match");
		const after = await expectReady(tree, kernel, version ?? "");

		const synced = hashTree(tree);
		const second = (await kprep(["sync", tree, "--sysroot", kernel.sysroot, "--json"])).json as SyncReport;
		expect(second.applied).toBe(false);
		expect(second.plan.filter(({ changed }) => changed)).toEqual([]);
		expect(hashTree(tree)).toEqual(synced);

		if (ALL) await expectLoads(kernel, tree, before, after);

		expect((await kprep(["undo", tree])).status).toBe(0);
		expect(hashTree(tree)).toEqual(prepared);
	});

	/** kprep try, which every run has, boots as well. */
	async function expectLoads(kernel: LabKernel, tree: string, before: Uint8Array, after: Uint8Array) {
		const [refused, loaded] = await load(kernel, [
			{ name: "before", bytes: before },
			{ name: "after", bytes: after },
		]);
		expect(refused?.loaded).toBe(false);
		expect(refused?.errno?.name).toBe("ENOEXEC");
		expect(loaded?.loaded).toBe(true);
		const verified = await kprep(["verify", tree, "--sysroot", kernel.sysroot, "--boot", "--json"]);
		expect(verified.status, verified.stderr).toBe(0);
		expect((verified.json as VerifyReport).boot?.loaded).toBe(true);
	}

	it.skipIf(usualKernels("a build folder"))(
		"in a build folder, the source a git clone with an untagged commit, untouched",
		{
			timeout: 10 * MINUTES,
		},
		async (context) => {
			const kernel = wanted.get();
			if (kernel === null) return context.skip(wanted.why());
			const tree = await unpacked(kernel, "pin-git");
			await gitTree(tree);
			const clean = hashTree(tree);
			const objtree = join(folder, "build");
			const { status, stderr, json } = await kprep([
				"sync",
				tree,
				"-O",
				objtree,
				"--sysroot",
				kernel.sysroot,
				"--json",
			]);
			expect(status, stderr).toBe(0);
			expect((json as SyncReport).verify?.verdict).toBe("match");
			const version = headers(objtree).version ?? "";
			expect(version.startsWith(`${parseRelease(kernel.release)?.series}.`)).toBe(true);
			await expectReady(objtree, kernel, version);
			expect(hashTree(tree)).toEqual(clean);
			expect(await shell(["git", "-C", tree, "status", "--porcelain", "-uno"])).toBe("");
			const undone = await kprep(["undo", tree, "-O", objtree, "--json"]);
			expect(undone.status).toBe(0);
			expect(existsSync(objtree)).toBe(false);
		},
	);
});

describe.skipIf(usualKernels("EXTRAVERSION"))(
	"a kernel whose release begins with its V.P.S (EXTRAVERSION)",
	() => {
		const fits = (release: string) => !baseDisagrees(release);
		const wanted = useKernel({ flavour: "cloud", fits }, { flavour: "cloud", suite: "backports", fits });

		it("sync in an untagged git tree loads; undo gives the unpacked tree back", {
			timeout: 10 * MINUTES,
		}, async (context) => {
			const kernel = wanted.get();
			if (kernel === null) return context.skip(wanted.why());
			const tree = await unpacked(kernel, "extraversion");
			await gitTree(tree);
			const clean = hashTree(tree);
			const plan = await kprep(["sync", tree, "--sysroot", kernel.sysroot, "--dry-run"]);
			expect(plan.status, plan.stderr).toBe(0);
			expect(plan.stdout).toContain(
				`+EXTRAVERSION = ${kernel.release.slice((parseRelease(kernel.release)?.base ?? "").length)}`,
			);
			expect(hashTree(tree)).toEqual(clean);

			const { status, stderr, json } = await kprep(["sync", tree, "--sysroot", kernel.sysroot, "--json"]);
			expect(status, stderr).toBe(0);
			expect((json as SyncReport).strategy).toBe("extraversion");
			const module = await expectReady(tree, kernel, parseRelease(kernel.release)?.base ?? "");
			const [loaded] = await load(kernel, [{ name: "hello", bytes: module }]);
			expect(loaded?.loaded).toBe(true);
			expect((await kprep(["undo", tree])).status).toBe(0);
			expect(hashTree(tree)).toEqual(clean);
		});
	},
);

describe.skipIf(usualKernels("an rt flavour"))(
	"an rt flavour whose realtime patch the distribution's source tree lacks",
	() => {
		const wanted = useKernel(
			{ flavour: "rt", fits: baseDisagrees },
			{ flavour: "rt", suite: "older", fits: baseDisagrees },
		);

		it("sync says no and why, and the kernel agrees", { timeout: 10 * MINUTES }, async (context) => {
			const kernel = wanted.get();
			if (kernel === null) return context.skip(wanted.why());
			const tree = await unpacked(kernel, "rt");
			// Stopped right after the configuration, with the source that has the option.
			const stopped = await kprep(["sync", tree, "--sysroot", kernel.sysroot, "--json"]);
			expect(stopped.status, stopped.stderr).toBe(3);
			expect(stopped.json).toMatchObject({
				error: {
					code: "options-elsewhere",
					suggestions: expect.arrayContaining([expect.stringContaining("realtime patch")]),
				},
			});
			const { status, stderr, json } = await kprep([
				...["sync", tree, "--sysroot", kernel.sysroot, "--json", "--force"],
			]);
			expect(status, stderr).toBe(1);
			const { verify, drift } = json as SyncReport;
			expect(headers(tree).release).toBe(kernel.release);
			const differing = verify?.checks.filter((check) => check.status === "mismatch").map(({ id }) => id);
			expect(differing).toEqual(expect.arrayContaining(["config", "vermagic"]));
			expect(drift.find(({ symbol }) => symbol === "PREEMPT_RT")?.cause).toContain("realtime patch");
			const [refused] = await load(kernel, [{ name: "hello", bytes: await buildHello(tree) }]);
			expect(refused?.errno?.name).toBe("ENOEXEC");
		});
	},
);
