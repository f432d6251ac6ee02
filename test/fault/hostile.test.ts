import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../helpers/fingerprint.ts";
import { type Answer, Bench } from "../helpers/kbuild/machine.ts";
import { lacks, skips } from "../helpers/lacks.ts";

const ALL = process.env.KPREP_FAULTS === "all";
const RELEASE = "6.6.0-56-amd64";
const needsRoot = () => skips(process.getuid?.() !== 0, "making a stranger's files needs root");

/** Seconds that a command took, beside its answer. */
async function timed(work: Promise<Answer>): Promise<Answer & { seconds: number }> {
	const before = process.hrtime.bigint();
	const answer = await work;
	return { ...answer, seconds: Number(process.hrtime.bigint() - before) / 1e9 };
}

function put(path: string, kind: string): void {
	mkdirSync(dirname(path), { recursive: true });
	rmSync(path, { recursive: true, force: true });
	if (kind === "pipe") execFileSync("mkfifo", [path]);
	else symlinkSync(kind === "device" ? "/dev/zero" : "/etc/passwd", path);
}

describe.skipIf(lacks("make", "mkfifo"))("what is no file", () => {
	const places = [
		".config",
		"Makefile",
		"Module.symvers",
		"include/config/kernel.release",
		"include/generated/utsrelease.h",
		"include/generated/uapi/linux/version.h",
		"scripts/setlocalversion",
		"localversion-rt",
		"GNUmakefile",
		".kprep.ini",
		".git/HEAD",
		".scmversion",
	];
	const kinds = ALL ? ["pipe", "device", "link out"] : ["pipe"];

	it("in a tree: an error or a verdict at once, and nothing of it in what is said", async () => {
		const bench = new Bench({ era: "6.6", release: RELEASE });
		expect((await bench.sync()).status).toBe(0);
		for (const own of [".kprep", "GNUmakefile"])
			rmSync(join(bench.tree, own), { recursive: true, force: true });
		const plain = await timed(bench.kprep(["verify", bench.tree, "--sysroot", bench.root, "--json"]));
		const slowest = { place: "", seconds: 0 };
		for (const place of places)
			for (const kind of kinds) {
				const path = join(bench.tree, place);
				const kept = existsSync(path) ? readFileSync(path) : null;
				put(path, kind);
				const verify = await timed(bench.kprep(["verify", bench.tree, "--sysroot", bench.root, "--json"]));
				expect([0, 1, 3, 5], `${kind} ${place}: ${verify.stderr}`).toContain(verify.status);
				expect(verify.json, `${kind} ${place}`).not.toBeNull();
				expect(`${verify.stdout}${verify.stderr}`).not.toContain("root:x:0");
				// The machine may be busy with other tests: two seconds more than the same with files.
				expect(verify.seconds, `${kind} ${place}`).toBeLessThan(plain.seconds * 2 + 2);
				if (verify.seconds > slowest.seconds)
					Object.assign(slowest, { place: `${kind} ${place}`, seconds: verify.seconds });
				rmSync(path, { recursive: true });
				if (kept !== null) writeFileSync(path, kept);
				if (place === ".git/HEAD") rmSync(join(bench.tree, ".git"), { recursive: true });
			}
		process.stderr.write(
			`${places.length * kinds.length} places: slowest ${slowest.seconds.toFixed(1)} s (${slowest.place}), with files ${plain.seconds.toFixed(1)} s\n`,
		);
	}, 300_000);

	it("in a sysroot: told, or an error", async () => {
		const bench = new Bench({ era: "6.6", release: RELEASE });
		const headers = `usr/src/linux-headers-${RELEASE}`;
		for (const place of [
			`boot/config-${RELEASE}`,
			`boot/vmlinuz-${RELEASE}`,
			`${headers}/Module.symvers`,
			`${headers}/.config`,
			`lib/modules/${RELEASE}/modules.order`,
		]) {
			put(join(bench.root, place), "pipe");
		}
		const answer = await timed(bench.kprep(["target", "--sysroot", bench.root, "--json"]));
		expect([0, 1, 3]).toContain(answer.status);
		expect(answer.json).not.toBeNull();
		const named = await timed(
			bench.kprep(["target", "-t", join(bench.root, `boot/vmlinuz-${RELEASE}`), "--json"]),
		);
		expect(named).toMatchObject({ status: 2, json: { error: { code: "bad-target" } } });
	}, 120_000);
});

describe.skipIf(lacks("make"))("a tree's own settings", () => {
	it("that would run a program, write elsewhere or force are refused by file and line, and nothing is done", async () => {
		const bench = new Bench({ era: "6.6", release: RELEASE });
		const mark = join(bench.top, "ran");
		bench.program("evil", `touch ${mark}`);
		const settings = [
			`cc = ${bench.bin}/evil`,
			`cross-compile = ${bench.bin}/`,
			`output = ${bench.top}/out`,
			"force = yes",
			"toolchain = fetch",
			"safe = *",
			"target = ssh://elsewhere.invalid",
		];
		for (const line of ALL ? settings : settings.slice(0, 2)) {
			writeFileSync(join(bench.tree, ".kprep.ini"), `jobs = 2\n[sync]\n${line}\n`);
			const before = fingerprint(bench.tree, true);
			const { status, json } = await bench.sync();
			expect({ status, error: json?.error }).toMatchObject({
				status: 2,
				error: { code: "setting-not-by-tree", where: `${bench.tree}/.kprep.ini:3` },
			});
			expect(fingerprint(bench.tree, true)).toEqual(before);
		}
		expect(existsSync(mark)).toBe(false);
	}, 120_000);

	it.skipIf(needsRoot())(
		"of a stranger are not read, which is said once; --safe believes them",
		async () => {
			const bench = new Bench({ era: "6.6", release: RELEASE });
			writeFileSync(join(bench.tree, ".kprep.ini"), "until = config\n");
			chownSync(join(bench.tree, ".kprep.ini"), 12345, 12345);
			const strange = await bench.sync("-n");
			expect(strange.status).toBe(0);
			expect(strange.stderr.match(/is not read/g)).toHaveLength(1);
			expect(strange.stderr).toContain("belongs to user 12345");
			const stages = ({ json }: Answer) => JSON.stringify(json.plan.map(({ id }: { id: string }) => id));
			expect(stages(strange)).toContain("modules_prepare");
			const safe = await bench.sync("-n", "--safe", bench.tree);
			expect(safe.stderr).not.toContain("is not read");
			expect(stages(safe)).not.toContain("modules_prepare");
		},
		120_000,
	);
});

describe.skipIf(lacks("make"))("readers that go away", () => {
	it("stderr closed in the middle of a sync: it goes on in silence; stdout full: an error", async () => {
		const bench = new Bench({ era: "6.6", release: RELEASE });
		const line = `"$0" "$1" sync ${bench.tree} --sysroot ${bench.root} -v 2>&1 >${bench.top}/out | head -c 10 >/dev/null; echo "\${PIPESTATUS[0]}" >${bench.top}/status`;
		const node = [process.execPath, new URL("../../bin/run.js", import.meta.url).pathname];
		execFileSync("bash", ["-c", line, ...node], { env: bench.env() });
		expect(readFileSync(join(bench.top, "status"), "utf8")).toBe("0\n");
		expect(readFileSync(join(bench.top, "out"), "utf8")).toContain("strategy: ");
		const full = `"$0" "$1" verify ${bench.tree} --sysroot ${bench.root} >/dev/full 2>${bench.top}/err; echo $? >${bench.top}/status`;
		execFileSync("bash", ["-c", full, ...node], { env: bench.env() });
		expect(readFileSync(join(bench.top, "status"), "utf8")).toBe("3\n");
		expect(readFileSync(join(bench.top, "err"), "utf8")).toContain("no space left");
	}, 120_000);
});
