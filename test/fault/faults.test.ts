import { describe, expect, it, onTestFinished } from "vitest";
import { silent } from "../../src/host/progress.ts";
import { undoTree } from "../../src/workflows/undo/index.ts";
import { attributes } from "../helpers/attributes.ts";
import { ALL, SCENES, type Scene, SEED, sample, sceneOf } from "../helpers/fault/scenes.ts";
import { type Fault, Shim } from "../helpers/fault/shim.ts";
import type { Bench } from "../helpers/kbuild/machine.ts";
import { lacks, skips } from "../helpers/lacks.ts";

/** Calls of a scene that are tried: two in the bounded run; with KPREP_FAULTS=all every one, or KPREP_FAULTS_CALLS. */
const PART = Number(process.env.KPREP_FAULTS_CALLS ?? (ALL ? Infinity : 2));
const cannot = lacks("gcc", "make") || skips(process.platform !== "linux", "LD_PRELOAD is Linux's");

/** Lets call after call end in `fault`, and looks at what the tree is after undo. Gives the number of calls tried, and there are. */
async function each(scene: Scene, fault: Fault, check: (status: number | null, code: unknown) => void) {
	const shim = new Shim();
	onTestFinished(() => shim.remove());
	const { name, bench, args, pristine } = scene;
	scene.begin();
	const { json: whole } = await bench.kprep(args, { ...scene.env, ...shim.env(bench.tree) });
	if (name === "restore") expect(whole?.stages).toMatchObject([{ name: "restore" }]);
	const total = shim.calls().length;
	expect(total).toBeGreaterThan(10);
	await bench.undo();
	let [tried, kills, reruns] = [0, 0, 0];
	for (const at of sample(total, PART)) {
		scene.begin();
		const { status, json, stderr } = await bench.kprep(args, {
			...scene.env,
			...shim.env(bench.tree, at, fault),
		});
		const call = `${fault} at ${shim.calls().at(at - 1)} (seed ${SEED})`;
		if (status === null) kills++;
		try {
			check(status, json?.error?.code);
		} catch (error) {
			throw new Error(`${call}: ${(error as Error).message}\n${stderr}`);
		}
		// Every other time a rerun goes on from there first.
		if (name !== "undo" && tried % 2 === 1) {
			expect((await bench.kprep(args, scene.env)).json?.error, call).toBeUndefined();
			reruns++;
		}
		await undo(bench, call);
		expect(attributes(bench.tree), call).toEqual(pristine);
		tried++;
	}
	process.stderr.write(
		`faults: ${name}, ${fault}: ${tried} of ${total} calls (seed ${SEED}), ${kills} killed, ${reruns} reruns, ${tried} equal\n`,
	);
}

/** Of many undos only the first ones are processes of their own, which take most of their time to start. */
async function undo(bench: Bench, call: string): Promise<void> {
	if (undos++ >= 20) await undoTree(bench.tree, silent);
	else {
		const { status, stderr } = await bench.undo();
		expect([status, stderr], call).toEqual([0, expect.any(String)]);
	}
}
let undos = 0;

describe.skipIf(cannot)(
	"kill -9 at a changing call, then undo: the tree is as before to the last attribute",
	() => {
		it.each(SCENES)("%s", { timeout: 3_600_000 }, async (name) => {
			await each(await sceneOf(name), "kill", (status) => expect([null, 0, 1]).toContain(status));
		});
	},
);

describe.skipIf(cannot)("an error of the system at a changing call is told, and undo gives all back", () => {
	const faults: Fault[] = ALL ? ["ENOSPC", "EIO", "EROFS", "EACCES"] : ["ENOSPC", "EIO"];
	it.each(faults.flatMap((fault) => (ALL ? SCENES : [SCENES[0]]).map((name) => [fault, name] as const)))(
		"%s, %s",
		{ timeout: 3_600_000 },
		async (fault, name) => {
			await each(await sceneOf(name), fault, (status, code) => {
				expect([0, 1, 3, 4, 5]).toContain(status);
				if (status !== 0 && status !== 1) expect(code).toEqual(expect.stringMatching(/^[a-z-]+$/));
			});
		},
	);
});
