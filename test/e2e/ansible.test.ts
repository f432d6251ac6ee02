import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempt, type RunResult } from "../../src/host/process/run.ts";
import type { MatrixDocument } from "../../src/report/matrix/document.ts";
import { Fleet, type Host } from "../helpers/fleet.ts";
import { writeHello } from "../helpers/hello.ts";
import { kprepCommand } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Wanted } from "../helpers/lab.ts";
import { lacks, skips } from "../helpers/lacks.ts";

const MINUTES = 60_000;
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
		expect(rows.filter(({ state }) => state === "loaded")).toHaveLength(17);
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
		expect(json<Row[]>("report.json").filter(({ state }) => state === "loaded")).toHaveLength(19);
		// Nothing had changed: the profiles stand, nothing is built again.
		expect((await play("build")).status).toBe(0);
		expect(json<MatrixDocument>("matrix.json").cells.every(({ kept }) => kept)).toBe(true);
	});
});
