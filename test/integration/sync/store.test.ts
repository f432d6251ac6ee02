import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../../src/host/process/run.ts";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";

describe.skipIf(lacks("make", "cp"))("the store of prepared trees", () => {
	it("an equal tree gets what the first one made; undo takes it away; another source is made anew", async () => {
		const bench = new Bench({ era: "6.6", release: "6.6.0-56-amd64" });
		const [second, third] = [join(bench.top, "second"), join(bench.top, "third")];
		for (const copy of [second, third]) await run(["cp", "-a", bench.tree, copy]);
		const before = fingerprint(second);
		const words = ["--sysroot", bench.root, "--json", "-q"];
		const names = ({ json }: Awaited<ReturnType<Bench["kprep"]>>) =>
			json.stages.map(({ name }: { name: string }) => name);
		const on = { KPREP_STORE: "" };
		expect(names(await bench.kprep(["sync", bench.tree, ...words], on))).not.toContain("restore");
		const restored = await bench.kprep(["sync", second, ...words], on);
		expect(names(restored)).toEqual(["restore"]);
		expect(restored.json.verify.tree.release).toBe("6.6.0-56-amd64");
		// Nothing is left to do.
		expect((await bench.kprep(["sync", second, ...words], on)).json.applied).toBe(false);
		expect((await bench.kprep(["undo", second, "--json"])).status).toBe(0);
		expect(fingerprint(second)).toEqual(before);
		expect(names(await bench.kprep(["sync", second, ...words, "--store", "none"], on))).not.toContain(
			"restore",
		);
		rmSync(join(third, "scripts/hook"));
		cpSync(join(bench.tree, "scripts/hook"), join(third, "scripts/hook"));
		expect(names(await bench.kprep(["sync", third, ...words], on))).not.toContain("restore");
	});
});
