import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { attempt, type RunResult } from "../../src/host/process/run.ts";
import type { MatrixDocument } from "../../src/report/matrix/document.ts";
import { Fleet, type Host } from "../helpers/fleet.ts";
import { writeHello } from "../helpers/hello.ts";
import { Bench } from "../helpers/kbuild/machine.ts";
import { kprepCommand } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Wanted } from "../helpers/lab.ts";
import { lacks, skips } from "../helpers/lacks.ts";
import { composeModule } from "../helpers/module.ts";

const MINUTES = 60_000;
const TOP = fileURLToPath(new URL("../..", import.meta.url));
const COLLECTION = fileURLToPath(new URL("../../templates/ansible", import.meta.url));

const unwanted =
	skips(
		process.env.KPREP_ANSIBLE !== "1",
		"KPREP_ANSIBLE=1 runs a fleet behind a real sshd (minutes, root)",
	) ||
	lacks("ansible-playbook", "ssh", "ssh-keygen", "sshd") ||
	skips(process.getuid?.() !== 0, "roots of hosts are mounted: needs root");

interface Row {
	host: string;
	kernel: string;
	verdict: string;
	state: string;
	because: string;
}

/** 20 hosts with three kernels of the distribution; h19 is down, h20's disk is full, h07's kernel refuses. */
describe.skipIf(unwanted)("a fleet behind ansible", () => {
	let top = "";
	let fleet: Fleet;
	let skip: string | null = null;
	const kernels: LabKernel[] = [];

	beforeAll(async () => {
		top = mkdtempSync(join(tmpdir(), "kprep-fleet-"));
		// Two flavours of one source, and another version.
		const wanted: Wanted[] = [
			{ flavour: "cloud", fits: baseDisagrees },
			{ flavour: "plain", fits: baseDisagrees },
			{ flavour: "cloud", fits: (release) => !baseDisagrees(release) },
		];
		for (const one of wanted) {
			const kernel = await lab.kernel(one);
			if ("skip" in kernel) {
				skip = kernel.skip;
				return;
			}
			kernels.push(kernel);
		}
		const hosts = Array.from({ length: 20 }, (_, at): Host => {
			const kernel = kernels[at % 3] as LabKernel;
			const name = `h${String(at + 1).padStart(2, "0")}`;
			return { name, kernel, down: at === 18, ...(at === 19 ? { room: 64 } : {}) };
		});
		fleet = new Fleet(join(top, "machines"), hosts);
		await fleet.start();
		writeFileSync(
			join(fleet.root("h07"), "refuses"),
			`hello: version magic '5.10.0-1-amd64 SMP mod_unload ' should be '${kernels[0]?.release} SMP mod_unload '\n`,
		);
		mkdirSync(join(top, "fleet"));
		writeHello(join(top, "hello"));
	}, 20 * MINUTES);
	afterAll(async () => {
		await fleet?.stop();
		rmSync(top, { recursive: true, force: true });
	}, 5 * MINUTES);

	const play = async (name: string, signal?: AbortSignal): Promise<RunResult> => {
		const ran = await attempt(
			[
				...[
					"ansible-playbook",
					"-i",
					fleet.inventory,
					"-f",
					"10",
					join(COLLECTION, "playbooks", `${name}.yml`),
				],
				...[
					"-e",
					JSON.stringify({ kprep_command: kprepCommand([]).join(" "), kprep_driver: join(top, "hello") }),
				],
			],
			{
				cwd: top,
				signal,
				timeout: 20 * MINUTES,
				env: {
					PWD: top,
					HOME: top,
					XDG_CACHE_HOME: join(top, "cache"),
					ANSIBLE_HOST_KEY_CHECKING: "false",
					ANSIBLE_NOCOLOR: "1",
					ANSIBLE_DEPRECATION_WARNINGS: "false",
				},
			},
		);
		if (ran.status !== 0 && !ran.stopped) console.log(ran.stdout.slice(-6000), ran.stderr.slice(-2000));
		return ran;
	};
	const json = <T>(name: string): T => JSON.parse(readFileSync(join(top, "fleet", name), "utf8")) as T;
	const row = (host: string) => json<Row[]>("report.json").find((one) => one.host === host);

	it("20 hosts with 3 kernels are 3 profiles; who is down has a row", {
		timeout: 20 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		expect((await play("capture")).status).toBe(0);
		const hosts = json<Record<string, { release: string; kernel: string; trouble: string }>>("hosts.json");
		expect(Object.keys(hosts)).toHaveLength(20);
		expect(hosts.h19).toMatchObject({ kernel: "", trouble: expect.stringContaining("refused") });
		// A full disk keeps nobody from telling.
		expect(hosts.h20?.release).toBe(kernels[1]?.release);
		const names = new Set(
			Object.values(hosts)
				.map(({ kernel }) => kernel)
				.filter(Boolean),
		);
		expect(names.size).toBe(3);
		for (const name of names) expect(existsSync(join(top, "fleet/profiles", `${name}.kprep`))).toBe(true);
	});

	it("3 builds, a delivery that is killed, and one that completes", {
		timeout: 60 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		const targets = join(top, "fleet/kprep-targets.ini");
		const trees = new Map<string, string>();
		for (const kernel of kernels) {
			const archive = await kernel.source();
			if (!trees.has(archive)) {
				trees.set(archive, join(top, `tree${trees.size}`));
				await kernel.tree(trees.get(archive) as string);
			}
			const text = readFileSync(targets, "utf8");
			const target = new RegExp(
				`^target = profiles/${kernel.release.replace(/[.+]/g, "\\$&")}-\\d+\\.kprep$`,
				"m",
			);
			writeFileSync(
				targets,
				text.replace(target, (line) => `${line}\nsource = ${trees.get(archive)}`),
			);
		}
		expect((await play("build")).status).toBe(0);
		const { cells } = json<MatrixDocument>("matrix.json");
		expect(cells.map(({ verdict }) => verdict)).toEqual(["loads", "loads", "loads"]);

		const killed = new AbortController();
		const halfway = setInterval(() => {
			if (existsSync(join(fleet.root("h01"), "loaded"))) killed.abort();
		}, 50);
		const cut = await play("deliver", killed.signal);
		clearInterval(halfway);
		expect(cut.stopped).toBe(true);

		expect((await play("deliver")).status).toBe(0);
		const rows = json<Row[]>("report.json");
		expect(rows).toHaveLength(20);
		// On some of them for the second time.
		expect(rows.filter(({ state }) => state === "loaded").map(({ host }) => host)).toEqual(
			fleet.hosts.map(({ name }) => name).filter((name) => !["h07", "h19", "h20"].includes(name)),
		);
		expect(row("h19")).toMatchObject({ state: "unreachable", because: expect.stringContaining("refused") });
		expect(row("h20")).toMatchObject({ because: expect.stringContaining("No space left") });
		expect(row("h07")).toMatchObject({
			verdict: "loads",
			state: "refused",
			because: expect.stringContaining("another kernel release"),
		});
		expect(readFileSync(join(fleet.root("h01"), "loaded"), "utf8")).toContain("hello");

		await fleet.empty("h20");
		rmSync(join(fleet.root("h07"), "refuses"));
		expect((await play("deliver")).status).toBe(0);
		expect(json<Row[]>("report.json").filter(({ state }) => state !== "loaded")).toEqual([row("h19")]);
		// Nothing had changed: the profiles stand, nothing is built again.
		expect((await play("build")).status).toBe(0);
		expect(json<MatrixDocument>("matrix.json").cells.every(({ kept }) => kept)).toBe(true);
	});
});

/** Two build machines and one that is down; each has this kprep, make, and nothing of the project. */
describe.skipIf(unwanted)("a matrix over build machines", () => {
	it("cells come back as if made here; who is down leaves its cells to the others", {
		timeout: 20 * MINUTES,
	}, async () => {
		const releases = ["6.6.0-1-a", "6.6.0-2-b", "6.6.0-3-c"];
		const bench = new Bench({ era: "6.6", release: releases[0] as string });
		for (const release of releases.slice(1)) bench.install(release, "6.6.30");
		const project = join(bench.top, "project");
		mkdirSync(join(project, "driver"), { recursive: true });
		for (const part of ["root", "tree"]) renameSync(join(bench.top, part), join(project, part));
		writeFileSync(join(project, "driver/Kbuild"), "obj-m := hello.o\n");
		const modinfo: [string, string][] = [
			["name", "hello"],
			["license", "GPL"],
			["vermagic", `${releases[0]} SMP mod_unload `],
		];
		writeFileSync(join(project, "driver/hello.ko.in"), composeModule({ bits: 64, little: true, modinfo }));
		const section = (release: string) => `[${release}]\ntarget = ${release}\nsysroot = root\nsource = tree\n`;
		writeFileSync(join(project, "kprep-targets.ini"), releases.map(section).join(""));
		const folders = [TOP, realpathSync(join(TOP, "node_modules"))];
		const machines = new Fleet(join(bench.top, "machines"), [
			...["m1", "m2"].map((name) => ({ name, folders })),
			{ name: "m3", folders, down: true },
		]);
		onTestFinished(() => machines.stop());
		await machines.start();
		appendFileSync(machines.inventory, `kprep_command=${kprepCommand([]).join(" ")}\n`);
		for (const name of ["m1", "m2"])
			cpSync(join(bench.bin, "gcc"), join(machines.root(name), "usr/local/bin/gcc"));
		const words = ["matrix", join(project, "driver"), "--json", "-q"];
		const run = (cache: string, ...more: string[]) =>
			bench.kprep([...words, ...more], { XDG_CACHE_HOME: join(bench.top, cache) });
		const spread = ["--engine", "ansible", "--inventory", machines.inventory];

		const killed = bench.start([...words, ...spread], { XDG_CACHE_HOME: join(bench.top, "far") });
		await new Promise((resolve) => setTimeout(resolve, 5000));
		killed.kill("SIGKILL");

		const far = await run("far", ...spread);
		expect(far.status, far.stderr).toBe(1);
		const document = far.json as MatrixDocument;
		console.log(document.targets.map(({ name, machine, seconds }) => [name, machine, seconds]));
		expect(document.targets.map(({ machine }) => machine)).toEqual([
			"m1",
			"m2",
			expect.stringMatching(/^m[12]$/),
		]);
		const here = (await run("near")).json as MatrixDocument;
		const gist = ({ cells }: MatrixDocument) =>
			cells.map(({ target, module, stage, verdict, message }) => [target, module, stage, verdict, message]);
		expect(gist(document)).toEqual(gist(here));
		for (const { path } of document.cells.flatMap(({ modules }) => modules))
			expect(existsSync(path)).toBe(true);
		const again = (await run("far", ...spread)).json as MatrixDocument;
		expect(again.cells.every(({ kept }) => kept)).toBe(true);

		await machines.stop();
		const nobody = (await run("far", ...spread)).json as MatrixDocument;
		expect(nobody.cells.map(({ stage, verdict }) => [stage, verdict])).toEqual(
			releases.map(() => ["target", "failed"]),
		);
		expect(nobody.cells[0]?.diagnosis?.id).toBe("no-machine");
	});
});
