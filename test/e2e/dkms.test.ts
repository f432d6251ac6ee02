/**
 * Sets of modules: drivers of several .ko, from the distribution's *-dkms packages, built by `kprep build` in a tree synced
 * to its full-flavour kernel. `kprep check` of all .ko of a package must say what that kernel's loader says in the boot, of a
 * profile too; an init function that finds no hardware is no refusal; without the modules that they need of one another,
 * they are refused for just the foretold symbols. Some minutes: KPREP_DKMS=1 asks for it,
 * KPREP_DKMS=jool,dahdi for some packages.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../src/host/progress.ts";
import {
	type CheckDocument,
	type CheckedModule,
	foretoldWrong,
	leftUnasked,
	passes,
} from "../../src/kernel/loader/verdict.ts";
import type { BootResult } from "../../src/kernel/log/bootlog.ts";
import { identifier } from "../../src/kernel/module-name.ts";
import { resolveTarget } from "../../src/target/resolve.ts";
import { bootModules } from "../../src/workflows/boot/modules.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { kprep, kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab } from "../helpers/lab.ts";
import { lacks } from "../helpers/lacks.ts";
import { byKprep, type Place, placeIn } from "./census/build.ts";
import { bringDrivers, type Driver } from "./census/drivers.ts";
import { type Actual, compare, differing, type Row } from "./oracle/compare.ts";
import { Edit } from "./oracle/edit.ts";

const MINUTES = 60_000;
const PACKAGES = ["jool", "dahdi", "xtables-addons", "gost-crypto", "tp-smapi", "nat-rtsp", "ddcci"];
const asked = process.env.KPREP_DKMS;
if (!asked)
	console.log(
		`skipped: test/e2e/dkms.test.ts builds and boots ${PACKAGES.length} packages of drivers; KPREP_DKMS=1 runs it`,
	);
const chosen = asked === "1" ? PACKAGES : (asked ?? "").split(",").filter(Boolean);

interface Scene {
	kernel: LabKernel;
	drivers: Driver[];
	place: Place;
	tree: string;
	profile: string;
}

describe.skipIf(!asked)("check of a driver's modules agrees with the boot", () => {
	const folder = mkdtempSync(join(tmpdir(), "kprep-dkms-"));
	const told: string[] = [];
	let scene: Scene | string;

	beforeAll(async () => {
		scene = await prepare(folder);
		if (typeof scene === "string") console.log(`skipped: test/e2e/dkms.test.ts: ${scene}`);
	}, 20 * MINUTES);

	afterAll(() => {
		if (told.length > 0) process.stderr.write(`${told.join("\n")}\n`);
		if (process.env.KPREP_DKMS_KEEP) process.stderr.write(`dkms: files are in ${folder}\n`);
		else rmSync(folder, { recursive: true, force: true });
	});

	test.for(chosen)("%s", { timeout: 30 * MINUTES }, async (name, { skip }) => {
		if (typeof scene === "string") return skip(scene);
		const driver = scene.drivers.find((one) => plainName(one.name) === plainName(name));
		if (driver === undefined) {
			console.log(`skipped: dkms: ${name}-dkms is not to be had here`);
			return skip("not to be had");
		}
		const rows = await tried(driver, scene);
		told.push(...rows.map((row) => line(name, row)));
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
	});
});

/** The kernel, its source made ready for it and the drivers; or why not, in a line. */
async function prepare(folder: string): Promise<Scene | string> {
	const kernel = await lab.kernel({ flavour: "plain", series: "6.1", suite: "own" });
	if ("skip" in kernel) return kernel.skip;
	if (lacks("qemu-system-x86_64")) return "qemu-system-x86_64 is not installed here";
	if (process.getuid?.() !== 0) return "mounting packages over /usr needs root";
	const names = chosen.map((name) => `${name}-dkms`);
	const { root, drivers } = await bringDrivers(join(cacheFolder(), "census"), kernel.apt, (name) =>
		names.includes(name),
	);
	const [tree, profile] = [join(folder, "tree"), join(folder, "target.kprep")];
	await kernel.tree(tree);
	await kprepJson("sync", tree, "--sysroot", kernel.sysroot);
	await kprepJson("capture", "--sysroot", kernel.sysroot, "-o", profile);
	const work = join(folder, "work");
	mkdirSync(work);
	return { kernel, drivers, place: placeIn(work, root, kernel.release), tree, profile };
}

/** A module's row, and how the boot was come to. */
interface Tried extends Row {
	booted: string;
}

/** Builds the driver, asks `check` of all its modules at once, and the kernel. */
async function tried(driver: Driver, scene: Scene): Promise<Tried[]> {
	const { kernel, place, tree, profile } = scene;
	const { paths, error } = await byKprep(driver, { name: "synced tree", path: tree }, profile, place);
	if (error !== null) throw new Error(`${driver.name} is not built: ${error}`);
	const there = await check(...paths, "--sysroot", kernel.sysroot, "--boot");
	const kept = await check(...paths, "-t", profile);
	expect(there.map(({ path }) => path)).toEqual(paths);
	const alone = there.some(({ boot }) => boot && leftUnasked(boot)) ? await loaderAlone(paths, scene) : [];
	const rows = there.map((one, at): Tried => {
		const { boot } = one;
		if (boot === undefined) throw new Error(`${one.name} was not booted`);
		const unasked = leftUnasked(boot);
		const row = compare(one.name, one, actual(unasked ? (alone[at] as BootResult) : boot));
		const wrong = [
			...row.differences,
			differing(one, kept[at] as CheckedModule),
			foretoldWrong(one) ? "called wrong, and it is not" : null,
			passes(one, { lenient: false }) === (row.actual === "loads")
				? null
				: "told otherwise by the exit status",
		];
		const left = boot.dependency;
		const booted = unasked
			? `${row.actual} without init (${left?.name}: init ${left?.errno})`
			: [boot.stage, boot.errno].filter(Boolean).join(" ");
		return { ...row, booted, differences: wrong.filter((it) => it !== null) };
	});
	return [...rows, ...(await orphaned(there, scene))];
}

/** Those that need others of the driver, without them: the loader must miss the very symbols that are foretold. */
async function orphaned(all: readonly CheckedModule[], { kernel }: Scene): Promise<Tried[]> {
	const own = new Set(all.map(({ name }) => identifier(name)));
	const needed = new Set(all.flatMap(({ needs }) => needs));
	const paths = all
		.filter(({ name, needs }) => !needed.has(identifier(name)) && needs.some((it) => own.has(it)))
		.map(({ path }) => path);
	if (paths.length === 0) return [];
	const modules = await check(...paths, "--sysroot", kernel.sysroot, "--boot");
	return modules.map((one) => {
		const row = compare(`${one.name}, alone`, one, actual(one.boot as BootResult));
		const differences =
			one.errno === "ENOENT"
				? row.differences
				: [...row.differences, "what it needs is not there, and it is not refused"];
		return { ...row, booted: [one.boot?.stage, one.boot?.errno].join(" "), differences };
	});
}

/** What the loader says when no module of the driver has an init function that could fail. */
async function loaderAlone(paths: readonly string[], { kernel, place }: Scene): Promise<BootResult[]> {
	const folder = join(place.folder, "without-init");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder);
	const copies = paths.map((path) => join(folder, basename(path)));
	for (const [at, path] of paths.entries())
		writeFileSync(copies[at] as string, new Edit(readFileSync(path)).withoutInit().bytes);
	const target = await resolveTarget({ sysroot: kernel.sysroot }, silent);
	return await bootModules({ paths: copies, target, progress: silent });
}

async function check(...words: string[]): Promise<CheckedModule[]> {
	const { status, json, stderr } = await kprep(["check", ...words, "--json", "-q"], {}, undefined, 20);
	// 1: one of them is refused.
	if (status !== 0 && status !== 1) throw new Error(`kprep check: exit ${status}\n${stderr}`);
	return (json as CheckDocument).modules;
}

function actual(boot: BootResult): Actual {
	const errno = boot.errno === null ? null : { number: 0, name: boot.errno };
	return { ...boot, errno, state: boot.stage === "crashed" ? "crashed" : "answered" };
}

function line(name: string, { id, predicted, booted, differences }: Tried): string {
	const mark = differences.length === 0 ? "=" : "!";
	return [
		`${mark} ${name.padEnd(16)} ${id.padEnd(26)} ${predicted.padEnd(14)} ${booted}`,
		...differences,
	].join("\n      ");
}

/** jool-dkms has a dkms.conf of that name, tp-smapi-dkms one of tp_smapi. */
function plainName(name: string): string {
	return name.replace(/-dkms$/, "").replaceAll("_", "-");
}
