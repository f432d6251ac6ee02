import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { attributes } from "../helpers/attributes.ts";
import { preparedTree } from "../helpers/fault/scenes.ts";
import { Hold } from "../helpers/kbuild/hold.ts";
import { ended } from "../helpers/kbuild/machine.ts";
import { lacks } from "../helpers/lacks.ts";
import { fakeRoot } from "../unit/target/fake-root.ts";

const RIVALS = 50;

const ALL = process.env.KPREP_FAULTS === "all";
/** A process of Node takes a fifth of a second to start: in the bounded run they are threads of ten. */
const PROCESSES = ALL ? RIVALS : 10;
/** How often each tries: an attempt costs a process of flock. */
const ATTEMPTS = ALL ? 40 : 2;

/**
 * Tries to take the lock, all at once and then again; in it, nobody else may be. Every other process dies in it by
 * kill -9.
 */
const RIVAL = `
const { Worker, isMainThread } = require("node:worker_threads");
const { lock } = require("./lock.cjs");
const fs = require("node:fs");
const [folder, end] = [process.argv[2], process.argv[3]];
const inside = folder + "/../inside";
let [got, busy] = [0, 0];
if (isMainThread) {
	for (let at = 0; at < ${RIVALS / PROCESSES}; at++) new Worker(__filename, { argv: process.argv.slice(2) });
	fs.writeFileSync(folder + "/../there-" + process.pid, "");
} else {
	const wait = setInterval(() => {
		if (!fs.existsSync(folder + "/../go")) return;
		clearInterval(wait);
		round();
	}, 50);
}
function round() {
	if (got + busy === ${ATTEMPTS}) return console.log("got " + got + " busy " + busy);
	try {
		const release = lock(folder);
		got++;
		fs.writeFileSync(inside, "", { flag: "wx" });
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 8);
		fs.unlinkSync(inside);
		if (end === "dies") process.kill(process.pid, "SIGKILL");
		release();
	} catch (error) { if (error.code !== "tree-busy") throw error; busy++; }
	setTimeout(round, Math.random() * 1500);
}`;

it.skipIf(lacks("flock"))(
	`${RIVALS} rivals, some of which are killed in it: one writer`,
	{ timeout: 600_000 },
	async () => {
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
		const rivals = Array.from({ length: PROCESSES }, async (_, at) => {
			const words = [join(top, "rival.cjs"), join(top, "own"), at % 2 === 0 ? "dies" : "lives"];
			const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
			let text = "";
			for (const stream of [child.stdout, child.stderr])
				stream.on("data", (chunk) => {
					text += chunk;
				});
			const [status, signal] = await once(child, "close");
			return { status, signal, text };
		});
		while (readdirSync(top).filter((name) => name.startsWith("there-")).length < PROCESSES) await sleep(50);
		writeFileSync(join(top, "go"), "");
		const outcomes = await Promise.all(rivals);
		const odd = outcomes.filter(({ status, signal }) => status !== 0 && signal !== "SIGKILL");
		expect(odd).toEqual([]);
		const text = outcomes.map((one) => one.text).join("");
		const sum = (word: string) =>
			[...text.matchAll(new RegExp(`${word} (\\d+)`, "g"))].reduce(
				(all, [, count]) => all + Number(count),
				0,
			);
		const killed = outcomes.filter(({ signal }) => signal === "SIGKILL").length;
		expect(sum("got") + killed).toBeGreaterThan(0);
		process.stderr.write(
			`faults: ${RIVALS} rivals in ${PROCESSES} processes: lock taken ${sum("got") + killed} times or more, refused ${sum("busy")} times or more, ${killed} killed in it: never two\n`,
		);
	},
);

const unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

describe.skipIf(lacks("make", "unshare", "flock"))("two PID namespaces", () => {
	it("the second writer is refused with the reason; one that was killed there is in nobody's way", async ({
		skip,
	}) => {
		if ((await attempt([...unshare, "true"])).status !== 0) skip("PID namespaces cannot be made here");
		const bench = preparedTree();
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
