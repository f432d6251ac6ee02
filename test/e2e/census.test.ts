/**
 * Other people's modules: every *-dkms package of the distribution, built by the real dkms in the distribution's own headers,
 * in a synced tree, in one that was synced from an image alone and in the package of `kprep package`, and by `kprep build`
 * in each. Modules, vermagic and imports must be those of the distribution's headers. An hour on a slow machine:
 * KPREP_CENSUS=1 asks for it, KPREP_CENSUS=v4l2loopback,jool for some packages. The bounded part is in story.test.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "../../src/host/process/run.ts";
import { makeBoard } from "../helpers/board.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { headersFolder } from "../helpers/headers.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab } from "../helpers/lab.ts";
import { type Kbuild, placeIn } from "./census/build.ts";
import { census } from "./census/census.ts";
import { bringDrivers } from "./census/drivers.ts";

const HOURS = 3_600_000;
const asked = process.env.KPREP_CENSUS;
if (!asked)
	console.log(
		"skipped: test/e2e/census.test.ts builds some thirty packages seven times; KPREP_CENSUS=1 runs it",
	);
const wanted = (name: string) =>
	asked === "1" || (asked ?? "").split(",").some((it) => name === `${it}-dkms`);

const folders: string[] = [];
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!asked).each([
	{ series: "6.1", suite: "own" },
	{ series: "6.12", suite: "backports" },
])("the census on $series", ({ series, suite }) => {
	test("every tree builds what the distribution's headers build, and kprep build all of it", {
		timeout: 4 * HOURS,
	}, async (context) => {
		const kernel = await lab.kernel({ flavour: "plain", series, suite });
		const lacking =
			"skip" in kernel
				? kernel.skip
				: process.getuid?.() === 0
					? null
					: "mounting packages over /usr needs root";
		if (lacking !== null || "skip" in kernel) {
			console.log(`skipped: census on ${series}: ${lacking}`);
			return context.skip(lacking ?? "");
		}
		const own = await lab.kernel({ flavour: "cloud" });
		const { drivers, missing, root } = await bringDrivers(
			join(cacheFolder(), "census"),
			"skip" in own ? kernel.apt : own.apt,
			wanted,
		);
		if (missing.length > 0) console.log(`census: not to be had: ${missing.join(", ")}`);
		const folder = mkdtempSync(join(tmpdir(), "kprep-census-"));
		folders.push(folder);
		const place = placeIn(folder, root, kernel.release);
		const profile = join(place.folder, "target.kprep");
		await kprepJson("capture", "--sysroot", kernel.sysroot, "-o", profile);
		const { headers, trees } = await kbuilds(kernel, place.folder);
		console.log(
			`${kernel.release}: headers; dkms, kprep build in: ${trees.map(({ name }) => name).join(", ")}`,
		);
		const found = await census(drivers, headers, trees, profile, place, (line) => {
			process.stderr.write(`${line}\n`);
		});
		const { packages, modules, imports, vermagics } = found;
		console.log(
			`${drivers.length} packages, ${packages} build, ${modules} modules, ${imports} imports, ${[...vermagics]}`,
		);
		expect(found.wrong).toEqual([]);
		expect(vermagics.size).toBe(1);
	});
});

/** The distribution's headers, a tree synced with all that is known, one synced from the image, and the package of the latter. */
async function kbuilds(kernel: LabKernel, folder: string): Promise<{ headers: Kbuild; trees: Kbuild[] }> {
	const { sysroot, release } = kernel;
	const trees = join(folder, "trees");
	mkdirSync(trees);
	const [synced, alone, packed] = ["synced", "alone", "packed"].map((name) => join(trees, name)) as [
		string,
		string,
		string,
	];
	const board = join(folder, "board");
	makeBoard(kernel, board);
	for (const [tree, root] of [[synced, sysroot] as const, [alone, board] as const]) {
		await kernel.tree(tree);
		await kprepJson("sync", tree, "--sysroot", root);
	}
	const deb = join(folder, "headers.deb");
	await kprepJson("package", alone, "--sysroot", board, "-o", deb);
	await run(["dpkg-deb", "-x", deb, join(folder, "unpacked")]);
	const [inner = ""] = readdirSync(join(folder, "unpacked/usr/src"));
	renameSync(join(folder, "unpacked/usr/src", inner), packed);
	if (!existsSync(join(packed, "Makefile"))) throw new Error("the package has no Makefile");
	return {
		headers: { name: "headers", path: headersFolder(sysroot, release), sysroot },
		trees: [
			{ name: "synced tree", path: synced },
			{ name: "image-only tree", path: alone },
			{ name: "package", path: packed },
		],
	};
}
