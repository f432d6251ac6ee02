import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempt } from "../../src/host/run.ts";
import type { Candidate } from "../../src/workflows/source/candidate.ts";
import { makeBoard } from "../helpers/board.ts";
import { kprep } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip } from "../helpers/lab.ts";

/** ccache makes the host tools of a second tree of one version cost next to nothing; the compilers' names stay. */
const ENV = { PATH: `/usr/lib/ccache:${process.env.PATH}` };
const MINUTES = 60_000;

let folder: string;
let kernel: LabKernel | Skip;
let archive: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "kprep-story-"));
	kernel = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
	if ("skip" in kernel) kernel = await lab.kernel({ flavour: "cloud", suite: "older", fits: baseDisagrees });
	if ("skip" in kernel) return console.log(`skipped: ${kernel.skip}`);
	// What `source get` without WHERE brings by apt is test/e2e/source.test.ts's; here it is unpacked only.
	archive = await kernel.source();
	makeBoard(kernel, join(folder, "board"));
}, 10 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }), MINUTES);

/** The command as a user types it, in the folder of the story; it must end with exit status 0. */
async function typed(line: string): Promise<string> {
	const words = line.split(" ").map((word) => (word === "ARCHIVE" ? archive : word));
	const { status, stdout, stderr } = await kprep(words, ENV, folder);
	expect(status, `kprep ${line}\n${stdout}${stderr}`).toBe(0);
	return stdout;
}

describe("from a sysroot with image and modules to a module that is loaded", () => {
	it("doctor, source get, sync, new, build, check, verify", { timeout: 5 * MINUTES }, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const { release } = kernel;
		const ready = await typed("doctor --sysroot board --fix --yes");
		expect(ready).toContain("kprep source list --sysroot board");
		const got = await typed("source get ARCHIVE --sysroot board --minimal --dest linux");
		expect(got).toContain("needs-pin");
		const synced = await typed("sync linux --sysroot board");
		expect(synced).toContain(`strategy: pin (no EXTRAVERSION makes ${release} of `);
		await typed("new hello");
		const loads = `hello/hello.ko: loads on ${release}\n`;
		expect(await typed("build hello linux --sysroot board")).toContain(loads);
		expect(await typed("check hello/hello.ko --sysroot board")).toContain(loads);
		expect(await typed("verify linux --sysroot board --boot")).toContain(`loaded by ${release}\n`);

		const proved = await typed("check hello/hello.ko --sysroot board --boot");
		expect(proved).toContain(loads);
		expect(proved).toMatch(/boot: +loaded \(QEMU, .*\n(.*\n)* +hello: Hello, world\n/);

		await plainMake(join(folder, "linux"), join(folder, "hello/hello.ko"));
	});

	it("source list puts the kernel's own source before all other sources", {
		timeout: MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const line = ["source", "list", "--sysroot", "board", "--json", "-q"];
		const { status, json, stderr } = await kprep(line, ENV, folder);
		expect(status, stderr).toBe(0);
		const { candidates } = json as { candidates: Candidate[] };
		const [first] = candidates.filter(
			({ kind, where }) => kind === "package" && !where.includes("-headers-"),
		);
		// The file's place in the cache of the lab names the version of the image's package.
		const version = archive.split("/").at(-4)?.replaceAll("%3a", ":");
		expect(first?.where).toMatch(/^apt:linux-source-/);
		expect(first?.where.split("=")[1]).toBe(version);
		expect(first?.verdict).toBe("needs-pin");
		// Nothing of a package database is in the board: the image's banner says what it was built as.
		expect(first?.why).toContain("the very version that the target was built from");
	});
});

/** The Makefile of `new` by itself, in a prepared tree whose path is relative or absolute. */
async function plainMake(tree: string, module: string): Promise<void> {
	const makes = async (...words: string[]) => {
		const { status, stderr } = await attempt(["make", "-s", "-C", join(folder, "hello"), ...words], {
			env: ENV,
		});
		expect(status, stderr).toBe(0);
	};
	await makes(`KDIR=${tree}`, "clean");
	expect(existsSync(module)).toBe(false);
	await makes("KDIR=../linux", "W=1");
	expect(existsSync(module)).toBe(true);
}
