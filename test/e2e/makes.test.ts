/**
 * Makes that fail for real, and what explain says of them: each scene takes one thing away (a tool, a header, a file of
 * the tree, room on the disk), runs make, and gives its output to explain. With the headers of one kernel by default;
 * KPREP_MAKES=all also goes through its source tree and through the headers of newer kernels. KPREP_MAKES_PRINT=1 prints
 * what they said, for the tables of test/unit/kernel/failures/messages/real.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../src/host/process/program.ts";
import { run } from "../../src/host/process/run.ts";
import { baseDisagrees, type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";
import { headersScenes } from "./makes/headers.ts";
import { explained, play, type Scene, type Stage } from "./makes/scene.ts";
import { sourceScenes } from "./makes/source.ts";
import { compilerOf, type Headers, headersIn } from "./oracle/build.ts";

const MINUTES = 60_000;
const ALL = process.env.KPREP_MAKES === "all";
const OWN: Wanted[] = [{ flavour: "cloud" }];
const WANTED: Wanted[] = ALL ? [...OWN, { flavour: "cloud", fits: baseDisagrees }] : OWN;

const folder = mkdtempSync(join(tmpdir(), "kprep-makes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(WANTED)("with the headers of a kernel, $suite", (wanted) => {
	let kernel: LabKernel | Skip = { skip: "not looked for yet" };
	let stage: Stage;
	beforeAll(async () => {
		kernel = await lab.kernel(wanted);
		if ("skip" in kernel) return console.log(`skipped: ${kernel.skip}`);
		const headers = headersIn(kernel.sysroot, kernel.release, "/");
		stage = await stageOf(headers, join(folder, kernel.release));
	}, 15 * MINUTES);

	it.concurrent.for(headersScenes)("$name: $id", { timeout: 2 * MINUTES }, async (scene, { skip }) => {
		if ("skip" in kernel) return skip(kernel.skip);
		const lacks = lackedBy(scene);
		if (lacks !== null) return skip(lacks);
		told(scene, await play(scene, stage));
	});
});

describe("with the source of a kernel", () => {
	let stage: Stage | string = "it takes minutes: KPREP_MAKES=all plays it";
	beforeAll(async () => {
		if (ALL) stage = await sourceStage(join(folder, "source"));
		if (typeof stage === "string") console.log(`skipped: ${stage}`);
	}, 15 * MINUTES);

	it.for(sourceScenes)("$name: $id", { timeout: 2 * MINUTES }, async (scene, { skip }) => {
		if (typeof stage === "string") return skip(stage);
		const lacks = lackedBy(scene);
		if (lacks !== null) return skip(lacks);
		told(scene, await play(scene, stage));
	});
});

/** The source of a kernel, prepared once into an output folder; why not, when there is none. */
async function sourceStage(place: string): Promise<Stage | string> {
	const kernel = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
	if ("skip" in kernel) return kernel.skip;
	const [src, obj, cc] = [join(place, "src"), join(place, "objtree"), "gcc"];
	mkdirSync(obj, { recursive: true });
	await kernel.tree(src);
	copyFileSync(join(kernel.sysroot, "boot", `config-${kernel.release}`), join(obj, ".config"));
	const env = { PATH: `/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin`, MAKEFLAGS: undefined };
	const make = ["make", "-s", "-C", src, `O=${obj}`, "-j2"];
	await run([...make, "olddefconfig"], { env });
	await run([...make, "modules_prepare"], { env, timeout: 5 * MINUTES });
	return { src, obj, cc, folder: place };
}

/** The headers are copied, with the folders that they link to: some makes write into them. */
async function stageOf(headers: Headers, place: string): Promise<Stage> {
	const obj = join(place, "objtree");
	mkdirSync(place, { recursive: true });
	await run(["cp", "-a", headers.objtree, obj]);
	for (const part of ["scripts", "tools"]) {
		const at = realpathSync(join(headers.objtree, part));
		rmSync(join(obj, part), { recursive: true });
		await run(["cp", "-a", at, join(obj, part)]);
	}
	return { src: headers.srctree, obj, cc: compilerOf(headers), folder: place };
}

/** Why a scene cannot be played here. */
function lackedBy({ root, needs, quick }: Scene): string | null {
	if (!ALL && !quick) return "it compiles: KPREP_MAKES=all plays it";
	if (root && process.getuid?.() !== 0) return "it mounts, which needs root";
	if (needs === undefined) return null;
	const here = needs.startsWith("/") ? existsSync(needs) : findProgram(needs) !== null;
	return here ? null : `${needs} is not here`;
}

function told({ name, id, script, names }: Scene, output: string): void {
	if (process.env.KPREP_MAKES_PRINT) console.log(`=== ${id}: ${name}\n$ ${script}\n${output}`);
	const { ids, facts } = explained(output);
	expect(ids[0], output).toBe(id);
	if (names !== undefined)
		expect(
			facts.some((fact) => fact.includes(names)),
			`${names} in ${facts.join(", ")}`,
		).toBe(true);
}
