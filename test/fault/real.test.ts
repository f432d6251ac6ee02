import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/host/process/run.ts";
import { attributes } from "../helpers/attributes.ts";
import { ALL, SEED } from "../helpers/fault/scenes.ts";
import { type Answer, ended } from "../helpers/kbuild/machine.ts";
import { baseDisagrees, type LabKernel, lab } from "../helpers/lab.ts";
import { skips } from "../helpers/lacks.ts";

/** Kills of the real tree. */
const KILLS = Number(process.env.KPREP_FAULTS_KILLS ?? 25);
const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

describe.skipIf(skips(!ALL, "kills on the distribution's own source: KPREP_FAULTS=all"))(
	"a real tree",
	() => {
		const top = mkdtempSync(join(tmpdir(), "kprep-real-"));
		const tree = join(top, "linux");
		let kernel: LabKernel;
		let before: Record<string, string>;

		beforeAll(async () => {
			const found = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
			if ("skip" in found) throw new Error(found.skip);
			kernel = found;
			await kernel.tree(tree);
			before = attributes(tree);
		}, 1_800_000);
		afterAll(() => rmSync(top, { recursive: true, force: true }));

		const start = (...words: string[]): ChildProcess =>
			spawn(process.execPath, [BIN, ...words, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
		const sync = () => start("sync", tree, "--sysroot", kernel.sysroot, "-j", "2");
		const undo = async (): Promise<Answer> => {
			const undone = await ended(start("undo", tree));
			expect(undone.status, undone.stderr).toBe(0);
			return undone;
		};

		it(`${KILLS} kills at random moments of a sync, each followed by undo: equal to the last attribute`, async () => {
			const random = mulberry(SEED);
			const began = Date.now();
			expect((await ended(sync())).json.applied).toBe(true);
			const whole = Date.now() - began;
			expect((await undo()).json.kept).toEqual([]);
			expect(attributes(tree)).toEqual(before);
			const phases: Record<string, number> = {};
			for (let round = 0; round < KILLS; round++) {
				const child = sync();
				const end = ended(child);
				const moment = Math.round(random() * whole);
				await Promise.race([sleep(moment), end]);
				const killed = child.kill("SIGKILL");
				await end;
				const phase = killed ? phaseOf(tree) : "over";
				phases[phase] = (phases[phase] ?? 0) + 1;
				const which = `kill ${round} after ${moment} ms (seed ${SEED}), ${phase}`;
				expect((await undo()).json.kept, which).toEqual([]);
				expect(differences(attributes(tree), before), which).toEqual([]);
			}
			process.stderr.write(
				`faults: ${kernel.release}, a sync of ${Math.round(whole / 1000)} s, ${Object.keys(before).length} files and folders: ${KILLS} kills (seed ${SEED}; phases ${JSON.stringify(phases)}), ${KILLS} equal\n`,
			);
		}, 7_200_000);

		it("a driver of the user's, written during the sync and built after it, survives undo", async () => {
			const child = sync();
			const end = ended(child);
			while (phaseOf(tree) !== "making" && child.exitCode === null) await sleep(20);
			const theirs: Record<string, string> = {
				"drivers/char/mine.c": `#include <linux/module.h>\nMODULE_LICENSE("GPL");\n`,
				"drivers/char/Makefile": "obj-$(CONFIG_MINE) += mine.o\nobj-m += mine.o\n",
				"drivers/char/mine/firmware.o": "not of any compiler",
			};
			for (const [path, text] of Object.entries(theirs)) {
				mkdirSync(dirname(join(tree, path)), { recursive: true });
				writeFileSync(join(tree, path), text);
			}
			const kconfig = "drivers/char/Kconfig";
			appendFileSync(join(tree, kconfig), '\nconfig MINE\n\ttristate "Mine"\n');
			theirs[kconfig] = readFileSync(join(tree, kconfig), "utf8");
			expect((await end).json.applied).toBe(true);
			await run(["make", "-C", tree, "M=drivers/char", "-j2", "modules"], { timeout: 600_000 });
			const module = readFileSync(join(tree, "drivers/char/mine.ko"));
			theirs["drivers/char/later.c"] = "// later\n";
			writeFileSync(join(tree, "drivers/char/later.c"), theirs["drivers/char/later.c"]);
			const { kept } = (await undo()).json;
			for (const [path, text] of Object.entries(theirs))
				expect(readFileSync(join(tree, path), "utf8"), path).toBe(text);
			expect(readFileSync(join(tree, "drivers/char/mine.ko"))).toEqual(module);
			expect(kept).toEqual(
				expect.arrayContaining([
					"drivers/char/mine.c",
					"drivers/char/mine.ko",
					"drivers/char/mine/firmware.o",
				]),
			);
			const left = differences(attributes(tree), before);
			expect(left.filter((path) => !/^drivers\/char(\/|$)/.test(path) && path !== "drivers")).toEqual([]);
			process.stderr.write(`faults: a driver written during the sync: ${kept.length} files kept by undo\n`);
		}, 1_800_000);
	},
);

function phaseOf(tree: string): string {
	try {
		return JSON.parse(readFileSync(join(tree, ".kprep/journal.json"), "utf8")).phase;
	} catch {
		return "none";
	}
}

function differences(one: Record<string, string>, other: Record<string, string>): string[] {
	const paths = new Set([...Object.keys(one), ...Object.keys(other)]);
	return [...paths].filter((path) => one[path] !== other[path]);
}

/** Numbers from 0 to 1 that a seed gives again. */
function mulberry(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
