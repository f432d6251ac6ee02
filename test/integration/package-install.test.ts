import { lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { Bench } from "../helpers/kbuild/machine.ts";
import { kprepCommand } from "../helpers/kprep.ts";
import { lacks } from "../helpers/lacks.ts";

const RELEASE = "6.6.0-56-amd64";
const NAME = `linux-headers-${RELEASE}-kprep`;

/** A synced tree, and a sysroot whose kernel has no build link yet. */
async function synced(): Promise<Bench> {
	const bench = new Bench({ era: "6.6", release: RELEASE });
	expect((await bench.sync()).status).toBe(0);
	rmSync(join(bench.root, "lib/modules", RELEASE, "build"));
	return bench;
}

const install = (bench: Bench, ...more: string[]) => {
	const target = ["-t", RELEASE, "--sysroot", bench.root];
	return bench.kprep(["package", bench.tree, ...target, "--install", "--force", "--json", ...more]);
};

describe.skipIf(lacks("make"))("headers placed in a sysroot", () => {
	it("can be read by every user, whatever root's umask is", async () => {
		const bench = await synced();
		rmSync(join(bench.root, "lib/modules", RELEASE), { recursive: true });
		const words = ["package", bench.tree, "-t", RELEASE, "--sysroot", bench.root, "--install", "--force"];
		const env = { ...bench.env(), XDG_CONFIG_HOME: "/nonexistent" };
		const line = ["sh", "-c", 'umask 077; exec "$@"', "sh", ...kprepCommand(words)];
		const { status, stderr } = await attempt(line, { env });
		expect(status, stderr).toBe(0);
		const headers = join(bench.root, "usr/src", NAME);
		const places = [join(bench.root, "lib/modules", RELEASE), headers];
		for (const inner of readdirSync(headers, { recursive: true, encoding: "utf8" }))
			places.push(join(headers, inner));
		expect(places.length).toBeGreaterThan(5);
		for (const place of places) {
			const status = lstatSync(place);
			if (status.isSymbolicLink()) continue;
			const wanted = status.isDirectory() ? 0o755 : 0o644;
			expect(status.mode & wanted, `${place} ${status.mode.toString(8)}`).toBe(wanted);
		}
	});

	it("stay in it, wherever its links lead on this machine", async () => {
		const bench = await synced();
		const [outside, root] = [join(bench.top, "outside"), bench.root];
		mkdirSync(outside);
		const modules = join(root, "lib/modules");
		renameSync(join(modules, RELEASE), join(bench.top, "mods"));
		symlinkSync(`../../../outside`, join(modules, RELEASE));
		renameSync(join(root, "usr"), join(root, "system"));
		// Inside the root it is /system; on this machine it would be another folder.
		symlinkSync("/system", join(root, "usr"));
		const { status, json } = await install(bench);
		expect(status, JSON.stringify(json)).toBe(0);
		expect(readdirSync(outside)).toEqual([]);
		expect(readdirSync(join(root, "outside"))).toEqual(["build"]);
		expect(readlinkSync(join(root, "outside/build"))).toBe(`/usr/src/${NAME}`);
		expect(readdirSync(join(root, "system/src"))).toContain(NAME);
		const gone = await bench.kprep([
			...["package", "--uninstall", "-t", RELEASE, "--sysroot", root, "--json"],
		]);
		expect(gone.json.removed.sort()).toEqual([join(root, "outside/build"), join(root, "system/src", NAME)]);
	});

	it("are not placed through a link to nowhere, or in a loop", async () => {
		const bench = await synced();
		const [root, place] = [bench.root, join(bench.root, "usr/src", NAME)];
		symlinkSync("/nowhere", place);
		expect((await install(bench)).json.error.code).toBe("folder-there");
		expect(readlinkSync(place)).toBe("/nowhere");
		rmSync(place);
		const modules = join(root, "lib/modules", RELEASE);
		rmSync(modules, { recursive: true });
		symlinkSync(`/lib/modules/${RELEASE}`, modules);
		expect((await install(bench)).json.error.code).toBe("link-loop");
	});
});
