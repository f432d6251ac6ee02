import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { attributes } from "../helpers/attributes.ts";
import { HOLDING, Hold } from "../helpers/kbuild/hold.ts";
import { Bench, ended } from "../helpers/kbuild/machine.ts";
import { lacks } from "../helpers/lacks.ts";
import { fakeRoot } from "../unit/target/fake-root.ts";

const RIVALS = 50;

/** Takes the lock again and again; in it, nobody else may be. One in five dies in it by kill -9. */
const RIVAL = `
const { lock } = require("./lock.cjs");
const fs = require("node:fs");
const folder = process.argv[2];
let got = 0;
const end = Date.now() + 3000;
(function round() {
	if (Date.now() > end) { console.log("got " + got); return; }
	try {
		const release = lock(folder);
		got++;
		try { fs.writeFileSync(folder + "/../inside", "", { flag: "wx" }); } catch { console.log("TWO WRITERS"); process.exit(9); }
		fs.unlinkSync(folder + "/../inside");
		if (process.argv[3] === "dies") process.kill(process.pid, "SIGKILL");
		release();
	} catch (error) { if (error.code !== "tree-busy") throw error; }
	setTimeout(round, Math.random() * 20);
})();`;

it.skipIf(lacks("flock"))(`${RIVALS} rivals, some of which are killed in it: one writer`, async () => {
	const top = fakeRoot({ "own/.keep": "" });
	const entry = fileURLToPath(new URL("../../src/host/files/lock.ts", import.meta.url));
	await build({
		...{
			entryPoints: [entry],
			outfile: join(top, "lock.cjs"),
			bundle: true,
			platform: "node",
			format: "cjs",
		},
	});
	writeFileSync(join(top, "rival.cjs"), RIVAL);
	const rivals = Array.from({ length: RIVALS }, async (_, at) => {
		const words = [join(top, "rival.cjs"), join(top, "own"), at % 5 === 0 ? "dies" : "lives"];
		const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
		let text = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk) => {
				text += chunk;
			});
		const [status, signal] = await once(child, "close");
		return { status, signal, text };
	});
	const outcomes = await Promise.all(rivals);
	const odd = outcomes.filter(({ status, signal }) => status !== 0 && signal !== "SIGKILL");
	expect(odd).toEqual([]);
	const taken = outcomes
		.map(({ text }) => Number(/got (\d+)/.exec(text)?.[1] ?? 1))
		.reduce((a, b) => a + b, 0);
	const killed = outcomes.filter(({ signal }) => signal === "SIGKILL").length;
	process.stderr.write(
		`faults: ${RIVALS} rivals, lock taken ${taken} times, ${killed} killed in it: never two\n`,
	);
});

const unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

describe.skipIf(lacks("make", "unshare", "flock"))("two PID namespaces", () => {
	it("the second writer is refused with the reason; one that was killed there is in nobody's way", async ({
		skip,
	}) => {
		if ((await attempt([...unshare, "true"])).status !== 0) skip("PID namespaces cannot be made here");
		const bench = new Bench({ era: "6.6", release: "6.6.30-me", hook: HOLDING });
		const before = attributes(bench.tree);
		const hold = new Hold(bench.top, "prepare");
		const command = [
			...unshare,
			process.execPath,
			fileURLToPath(new URL("../../bin/run.js", import.meta.url)),
		];
		const sync = ["sync", bench.tree, "--sysroot", bench.root, "--json"];
		const [file = "", ...args] = [...command, ...sync];
		const first = spawn(file, args, { env: bench.env(hold.env), stdio: ["ignore", "pipe", "pipe"] });
		const end = ended(first);
		await hold.reachedIn();
		const second = await bench.sync();
		expect([second.status, second.json.error.code]).toEqual([5, "tree-busy"]);
		expect(second.json.error.message).toContain("PID namespace");
		first.kill("SIGKILL");
		await end;
		expect((await bench.undo()).status).toBe(0);
		expect(attributes(bench.tree)).toEqual(before);
	});
});
