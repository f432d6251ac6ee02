import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";

const withGit = describe.skipIf(lacks("make", "git"));

function commit(bench: Bench, tag: string | null): void {
	const git = (...words: string[]) =>
		execFileSync(
			"git",
			[
				"-c",
				"maintenance.auto=false",
				"-c",
				"gc.auto=0",
				"-c",
				"user.name=x",
				"-c",
				"user.email=x@y",
				"-C",
				bench.tree,
				...words,
			],
			{
				stdio: "ignore",
				env: bench.env({ GIT_CONFIG_GLOBAL: "/dev/null" }),
			},
		);
	git("init", "-q");
	git("add", "-A");
	git("commit", "-qm", "one");
	if (tag !== null) git("tag", "-a", "-m", tag, tag);
}

withGit("a git tree", () => {
	it.each([
		["3.10", "untagged", null, false, [], "3.10.5-me", "extraversion"],
		["3.10", "on its tag, which the edit makes dirty", "v3.10.5", false, [], "3.10.5-me", "extraversion"],
		["6.6", "untagged", null, false, [], "6.6.30+deb12", "extraversion"],
		["6.6", "on its tag, which EXTRAVERSION leaves", "v6.6.30", false, [], "6.6.30+deb12", "extraversion"],
		["6.6", "on its tag, with local changes", "v6.6.30", true, [], "6.6.30-me", "extraversion"],
		["6.6", "untagged, pinned", null, true, [], "6.6.0-56-amd64", "pin"],
		["3.10", "LOCALVERSION_AUTO", null, false, ["CONFIG_LOCALVERSION_AUTO=y"], "3.10.5-me", "pin"],
		[
			"6.6",
			"LOCALVERSION_AUTO on a clean tag",
			"v6.6.30",
			false,
			["CONFIG_LOCALVERSION_AUTO=y"],
			"6.6.30-me",
			"pin",
		],
	] as const)("%s %s: no suffix of git's", async (era, _what, tag, dirty, config, release, strategy) => {
		const bench = new Bench({ era, release, config: [...config] });
		commit(bench, tag);
		if (dirty) appendFileSync(join(bench.tree, "init/main.c"), "int more;\n");
		const before = fingerprint(bench.tree);
		const { status, json } = await bench.sync();
		expect(json.error).toBeUndefined();
		expect([status, json.strategy]).toEqual([0, strategy]);
		expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe(`${release}\n`);
		expect(await bench.make("-C", bench.tree, "modules_prepare")).toMatchObject({ status: 0 });
		expect((await bench.kprep(["verify", bench.tree, "--sysroot", bench.root, "--json"])).status).toBe(0);
		await bench.undo();
		// git refreshes its index by itself.
		const [after, was] = [fingerprint(bench.tree), before];
		for (const all of [after, was]) delete all[".git/index"];
		expect(after).toEqual(was);
	});
});
