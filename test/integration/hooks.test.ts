import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram } from "../../src/host/process/program.ts";
import { attempt, run } from "../../src/host/process/run.ts";

const HOOKS = fileURLToPath(new URL("../../templates/hooks", import.meta.url));

/** The hooks with a recording kprep: it says no to modules of which one is named bad.ko. */
describe("hooks before a new kernel", () => {
	let folder = "";
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "kprep-hooks-"));
		const bin = join(folder, "bin");
		mkdirSync(bin);
		writeFileSync(
			join(bin, "kprep"),
			`#!/bin/sh\necho "$@" >> ${folder}/calls\ncase "$*" in *bad.ko*) echo "bad.ko: refused by 9.9"; exit 1;; esac\n`,
		);
		chmodSync(join(bin, "kprep"), 0o755);
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const installed = (...names: string[]) => {
		for (const name of names) {
			const path = join(folder, "root/lib/modules/1.0-old", name);
			mkdirSync(join(path, ".."), { recursive: true });
			writeFileSync(path, "");
		}
	};
	const calls = () => {
		try {
			return readFileSync(join(folder, "calls"), "utf8");
		} catch {
			return "";
		}
	};
	const env = (hold: string) => ({
		PATH: `${join(folder, "bin")}:${process.env.PATH}`,
		KPREP_ROOT: join(folder, "root"),
		KPREP_RUNNING: "1.0-old",
		KPREP_HOOKS: HOOKS,
		KPREP_HOLD: hold,
	});
	const asked = (hold = "0") =>
		attempt([join(HOOKS, "kprep-before-kernel"), "9.9", "/sysroot"], { env: env(hold) });

	test("no module of one's own: kprep is not asked", async () => {
		installed("kernel/fs/ext4.ko", "updates/dkms/rebuilt.ko");
		expect((await asked("1")).status).toBe(0);
		expect(calls()).toBe("");
	});

	test("all go with it: silence", async () => {
		installed("updates/mine.ko.xz", "extra/other.ko");
		expect(await asked("1")).toMatchObject({ status: 0, stderr: "" });
		expect(calls()).toMatch(/^check -q -t 9\.9 --sysroot \/sysroot \S*mine\.ko\.xz \S*other\.ko\n$/);
	});

	test("one does not: a warning; held only when told so", async () => {
		installed("updates/bad.ko");
		const warned = await asked();
		expect(warned.status).toBe(0);
		expect(warned.stderr).toContain("bad.ko: refused by 9.9");
		const held = await asked("1");
		expect(held.status).toBe(1);
		expect(held.stderr).toContain("KPREP_HOLD");
	});

	test("kernel-install is told 77, and only for add", async () => {
		installed("updates/bad.ko");
		const plugin = join(HOOKS, "40-kprep.install");
		expect((await attempt([plugin, "add", "9.9"], { env: env("1") })).status).toBe(77);
		expect((await attempt([plugin, "remove", "9.9"], { env: env("1") })).status).toBe(0);
	});

	test("apt's hook lays the kernel packages out and asks about each", async (context) => {
		if (findProgram("dpkg-deb") === null) return context.skip("dpkg-deb is not installed");
		installed("updates/bad.ko");
		const made = join(folder, "package");
		mkdirSync(join(made, "DEBIAN"), { recursive: true });
		mkdirSync(join(made, "lib/modules/9.9/kernel"), { recursive: true });
		writeFileSync(
			join(made, "DEBIAN/control"),
			"Package: linux-image-9.9\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: test\n",
		);
		const file = join(folder, "linux-image-9.9_1_all.deb");
		await run(["dpkg-deb", "--root-owner-group", "-b", made, file]);
		const hook = (hold: string, input: string) =>
			attempt([join(HOOKS, "kprep-apt-hook")], { env: env(hold), input });
		expect((await hook("1", `${join(folder, "hello_1_all.deb")}\n`)).status).toBe(0);
		expect(calls()).toBe("");
		expect((await hook("0", `${file}\n`)).status).toBe(0);
		expect((await hook("1", `${file}\n`)).status).toBe(1);
		expect(calls()).toContain("check -q -t 9.9 --sysroot");
	});
});
