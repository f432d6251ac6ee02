import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/host/files/digest.ts";
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

	it("an entry of somebody's place that writes through its own link is not used, and harms nothing", async () => {
		const bench = new Bench({ era: "6.6", release: "6.6.0-56-amd64" });
		const [second, team, victim] = ["second", "team", "victim"].map((name) => join(bench.top, name)) as [
			string,
			string,
			string,
		];
		await run(["cp", "-a", bench.tree, second]);
		const before = fingerprint(second);
		mkdirSync(victim);
		writeFileSync(join(victim, "precious"), "mine");
		const words = ["--sysroot", bench.root, "--json", "-q"];
		const cache = (name: string) => ({ KPREP_STORE: "", XDG_CACHE_HOME: join(bench.top, name) });
		expect((await bench.kprep(["sync", bench.tree, ...words], cache("one"))).status).toBe(0);
		renameSync(join(bench.top, "one/kprep/store"), team);
		const [name = ""] = readdirSync(join(team, "objtrees"));
		const entry = join(team, "objtrees", name);
		const manifest = JSON.parse(readFileSync(join(entry, "manifest.json"), "utf8"));
		manifest.folders.push(victim);
		manifest.files.unshift({ kind: "link", path: "zz", to: victim });
		mkdirSync(join(entry, "files/zz"));
		for (const path of ["zz/precious", "zz/new"]) {
			writeFileSync(join(entry, "files", path), "evil");
			const facts = { mode: 0o644, mtimeMs: 1000, size: 4, sha256: sha256("evil") };
			manifest.files.push({ kind: "file", path, ...facts });
		}
		const text = JSON.stringify(manifest);
		writeFileSync(join(entry, "manifest.json"), text);
		writeFileSync(join(entry, "manifest.sha256"), sha256(text));
		const { json } = await bench.kprep(["sync", second, ...words, "--store", team], cache("two"));
		expect(json.stages.map((stage: { name: string }) => stage.name)).not.toContain("restore");
		expect(readdirSync(victim)).toEqual(["precious"]);
		expect(readFileSync(join(victim, "precious"), "utf8")).toBe("mine");
		expect((await bench.kprep(["undo", second, "--json"])).status).toBe(0);
		expect(fingerprint(second)).toEqual(before);
	});
});
