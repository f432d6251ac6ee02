import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MatrixDocument } from "../../src/report/matrix/document.ts";
import { Bench } from "../helpers/kbuild/machine.ts";
import { lacks } from "../helpers/lacks.ts";
import { composeModule } from "../helpers/module.ts";

const A = "6.6.0-1-a";
const B = "6.6.0-2-b";

/** Two kernels of the small tree, a module for the first of them, and a target that is not there. */
function project(
	kconfig: string[] = [],
	config: string[] = [],
): Bench & { run: (...words: string[]) => ReturnType<Bench["kprep"]> } {
	const bench = new Bench({ era: "6.6", release: A, kconfig });
	bench.install(B, "6.6.30", ["CONFIG_PREEMPT=y", ...config]);
	const folder = join(bench.top, "driver");
	mkdirSync(folder);
	writeFileSync(join(folder, "Kbuild"), "obj-m := hello.o\n");
	const modinfo: [string, string][] = [
		["name", "hello"],
		["license", "GPL"],
		["vermagic", `${A} SMP mod_unload `],
	];
	writeFileSync(join(folder, "hello.ko.in"), composeModule({ bits: 64, little: true, modinfo }));
	const section = (name: string, release: string) =>
		`[${name}]\ntarget = ${release}\nsysroot = ../root\nsource = ../tree\n`;
	writeFileSync(
		join(folder, "kprep-targets.ini"),
		`${section("one", A)}${section("two.b", B)}[gone]\nsysroot = ../nowhere\n`,
	);
	return Object.assign(bench, {
		run: (...words: string[]) =>
			bench.kprep(["matrix", folder, "--json", "-q", ...words], { XDG_CACHE_HOME: join(bench.top, "cache") }),
	});
}

describe.skipIf(lacks("make"))("kprep matrix", () => {
	test("each target answers for itself; the second run builds nothing; the lock is insisted on", async () => {
		const bench = project();
		const report = join(bench.top, "out/report");
		const first = await bench.run("--junit", `${report}.xml`, "--html", `${report}.html`);
		expect(first.status, first.stderr).toBe(1);
		const document = first.json as MatrixDocument;
		expect(document.cells.map(({ target, stage, verdict, kept }) => [target, stage, verdict, kept])).toEqual([
			["one", "check", expect.not.stringMatching("failed"), false],
			["two.b", "check", expect.not.stringMatching("failed"), false],
			["gone", "target", "failed", false],
		]);
		expect(document.cells[2]?.diagnosis?.id).toBe("sysroot-not-found");
		expect(document.targets[0]?.output).not.toBe(document.targets[1]?.output);
		// The sources and the tree stay as they were.
		expect(existsSync(join(bench.top, "driver/hello.ko"))).toBe(false);
		expect(existsSync(join(bench.tree, ".config"))).toBe(false);
		expect(readFileSync(`${report}.xml`, "utf8")).toContain('tests="3" failures="');
		expect(readFileSync(`${report}.html`, "utf8")).toContain("nowhere");

		const second = (await bench.run()).json as MatrixDocument;
		expect(second.cells.map(({ kept }) => kept)).toEqual([true, true, false]);
		expect(second.cells.map(({ verdict }) => verdict)).toEqual(document.cells.map(({ verdict }) => verdict));

		writeFileSync(join(bench.top, "driver/hello.c"), "changed");
		appendFileSync(join(bench.root, `usr/src/linux-headers-${B}/.config`), "CONFIG_MORE=y\n");
		// What never was resolved is in no lock file.
		expect((await bench.run("--locked")).json.error.code).toBe("not-locked");
		const file = join(bench.top, "driver/kprep-targets.ini");
		writeFileSync(file, readFileSync(file, "utf8").split("[gone]")[0] as string);
		const locked = (await bench.run("--locked")).json as MatrixDocument;
		expect(locked.cells.map(({ stage, kept }) => [stage, kept])).toEqual([
			["check", false],
			["target", false],
		]);
		expect(locked.cells[1]?.diagnosis?.id).toBe("lock-differs");
		const followed = (await bench.run()).json as MatrixDocument;
		expect(followed.cells[1]?.stage).toBe("check");
	});

	test("a source that cannot have the target's options is not tried again until its Kconfig changes", async () => {
		const bench = project(
			["drop STRUCT_MEMBER", "config OTHER", '\tbool "other"'],
			["CONFIG_STRUCT_MEMBER=y"],
		);
		const cell = async () => ((await bench.run()).json as MatrixDocument).cells[1];
		expect(await cell()).toMatchObject({ stage: "sync", verdict: "failed", kept: false });
		const again = await cell();
		expect(again).toMatchObject({ stage: "sync", verdict: "failed", kept: true });
		expect(again?.message).toMatch(/cannot have options/);
		writeFileSync(join(bench.tree, "Kconfig"), "\n");
		expect(await cell()).toMatchObject({ stage: "check", kept: false });
	});

	test("two at once", async () => {
		const bench = project();
		const answers = await Promise.all([bench.run(), bench.run()]);
		for (const { json } of answers)
			expect((json as MatrixDocument).cells.map(({ stage }) => stage)).toEqual(["check", "check", "target"]);
	});
});
