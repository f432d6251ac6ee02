import { describe, expect, it } from "vitest";
import { Bench } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";
import { addFiles } from "../../unit/target/fake-root.ts";

describe.skipIf(lacks("make"))("defaults of a sync", () => {
	it("user < TREE/.kprep.ini < KPREP_* < command line, JSON too; an unknown key names file and line", async () => {
		const bench = new Bench({ era: "6.6", release: "6.6.0-56-amd64" });
		bench.install("6.6.30-other", "6.6.30");
		addFiles(bench.top, {
			".config/kprep/config.ini": `sysroot = ${bench.root}\njson = true\ntarget = 6.6.0-56-amd64\n[sync]\nuntil = config\n`,
		});
		const strategy = async (env = {}, ...args: string[]) =>
			(await bench.kprep(["sync", bench.tree, "-n", ...args], env)).json;
		const user = await strategy();
		expect(user.strategy).toBe("pin");
		const steps = ({ plan }: { plan: { id: string }[] }) => plan.map(({ id }) => id);
		expect(steps(user)).not.toContain("make-modules_prepare");
		addFiles(bench.tree, { ".kprep.ini": "target = 6.6.30-other\n[sync]\nuntil = modules_prepare\n" });
		const tree = await strategy();
		expect(tree.strategy).toBe("extraversion");
		expect(steps(tree)).toContain("make-modules_prepare");
		expect((await strategy({ KPREP_TARGET: "6.6.0-56-amd64" })).strategy).toBe("pin");
		expect((await strategy({ KPREP_TARGET: "6.6.0-56-amd64" }, "-t", "6.6.30-other")).strategy).toBe(
			"extraversion",
		);
		addFiles(bench.tree, { ".kprep.ini": "target = 6.6.30-other\ntargte = x\n" });
		const wrong = await bench.kprep(["sync", bench.tree, "-n", "--json"]);
		expect(wrong.status).toBe(2);
		expect(wrong.json.error).toMatchObject({ code: "unknown-setting", where: `${bench.tree}/.kprep.ini:2` });
	});
});
