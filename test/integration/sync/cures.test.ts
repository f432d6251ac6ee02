import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench, COMPILER } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";

/** A compiler of today as far as it is asked: PIE, gnu11, no header of the tree for its number. */
const GCC = `case "$*" in
*-dM*) printf '#define __GNUC__ 12\\n#define __GNUC_MINOR__ 2\\n#define __PIE__ 2\\n#define __GNUC_STDC_INLINE__ 1\\n' ;;
*) echo '${COMPILER}' ;;
esac`;

const VERMAGIC = `#define VERMAGIC_STRING UTS_RELEASE " " "gcc-" __stringify(__GNUC__) "." __stringify(__GNUC_MINOR__)\n`;
const CHAIN =
	"#if __GNUC__ > 4\n#error no compiler-gcc.h file for this gcc version\n#elif __GNUC__ == 4\n# include <linux/compiler-gcc4.h>\n#endif\n";

const MIXED = "\nkprep-print:\n\t@echo $(CC)\nmixed kprep-%: FORCE\n\t@echo made $@\n";

/** Every construct of the era in one tree. */
function benchOf(era: "2.6.12" | "2.6.18" | "3.10", more: Record<string, string>): Bench {
	const release = { "2.6.12": "2.6.12-1.FC4", "2.6.18": "2.6.18-8.el5", "3.10": "3.10.5-1.el7" }[era];
	const bench = new Bench({ era, release, more, programs: { gcc: GCC } });
	appendFileSync(join(bench.tree, "Makefile"), MIXED);
	return bench;
}

describe.skipIf(lacks("make"))("an older tree on this machine", () => {
	it.each([
		[
			"2.6.12",
			{ "include/linux/compiler.h": CHAIN, "include/linux/vermagic.h": VERMAGIC },
			["gcc-header", "include/linux/compiler.h"],
		],
		[
			"2.6.18",
			{
				"include/linux/compiler-gcc.h": "#include gcc_header(__GNUC__)\n",
				"include/linux/compiler-gcc4.h": "",
				"kernel/timeconst.pl": "if (!defined(@val)) {}\n",
			},
			["gcc-header", "include/linux/compiler-gcc12.h"],
		],
		[
			"3.10",
			{
				"include/linux/compiler-gcc.h": "#include gcc_header(__GNUC__)\n",
				"include/linux/compiler-gcc4.h": "",
			},
			["gcc-header", "include/linux/compiler-gcc12.h"],
		],
	] as const)(
		"%s: cured by a sync, shown beforehand, undone",
		{ timeout: 120_000 },
		async (era, more, [id, path]) => {
			const bench = benchOf(era, more);
			const before = fingerprint(bench.tree);
			const dry = await bench.kprep(["sync", bench.tree, "--sysroot", bench.root, "--dry-run"]);
			expect(dry.stdout).toContain(`cure ${id}: `);
			expect(dry.stdout).toMatch(/cure pie: .*CC with -fno-pie/);
			expect(dry.stdout).toContain("this can change code");
			expect(dry.stdout).toContain(`+++ ${join(bench.tree, path)}`);
			expect(dry.stdout).toContain("+kprep-%: FORCE");
			expect(fingerprint(bench.tree)).toEqual(before);

			const { json } = await bench.sync();
			expect(json?.error).toBeUndefined();
			expect(json.cures.map((cure: { id: string }) => cure.id)).toEqual(
				expect.arrayContaining(["mixed-rules", id, "pie", "gnu89"]),
			);
			const bare = await bench.make("-s", "-C", bench.tree, "kprep-print");
			expect(bare.stdout).toBe("gcc -std=gnu89 -fno-pie\n");
			expect((await bench.make("-s", "-C", bench.tree, "kprep-x")).stdout).toBe("made kprep-x\n");
			const again = await bench.sync();
			expect(again.json).toMatchObject({ applied: false, cures: json.cures });
			const uncured = await bench.sync("--no-cures");
			expect([uncured.status, uncured.json.error.code]).toEqual([5, "cured-already"]);
			expect((await bench.undo()).status).toBe(0);
			expect(fingerprint(bench.tree)).toEqual(before);
		},
	);

	it("doctor says what a sync will cure, and what cannot be cured", { timeout: 60_000 }, async () => {
		const bench = benchOf("3.10", { "include/linux/vermagic.h": VERMAGIC, "init/main.c": "" });
		const args = ["doctor", bench.tree, "--sysroot", bench.root];
		const { json } = await bench.kprep([...args, "--json"]);
		const by = (id: string) => json.troubles.find((one: { id: string }) => one.id === id);
		expect(by("mixed-rules")).toMatchObject({ cured: true, code: null });
		expect(by("pie")).toMatchObject({ cured: true, code: expect.any(String) });
		const { stdout } = await bench.kprep(args);
		expect(stdout).toMatch(/kprep sync cures:\n(?: {2}.*\n)* {2}mixed-rules: /);
	});

	it("is left as it is with --no-cures", { timeout: 60_000 }, async () => {
		const bench = benchOf("3.10", {});
		const makefile = readFileSync(join(bench.tree, "Makefile"), "utf8");
		const { json } = await bench.sync("--no-cures", "--dry-run");
		expect(json.cures).toEqual([]);
		expect(json.plan.map(({ id }: { id: string }) => id)).not.toContain("cure-mixed-rules");
		expect(readFileSync(join(bench.tree, "Makefile"), "utf8")).toBe(makefile);
	});

	it("with -O: headers go into the output folder, and the source tree is never changed", {
		timeout: 60_000,
	}, async () => {
		const more = {
			"include/linux/compiler-gcc.h": "#include gcc_header(__GNUC__)\n",
			"include/linux/compiler-gcc4.h": "",
		};
		const release = "3.10.5-1.el7";
		const clean = new Bench({ era: "3.10", release, more, programs: { gcc: GCC } });
		const before = fingerprint(clean.tree, true);
		const output = join(clean.top, "out");
		const { json } = await clean.sync("-O", output);
		expect(json?.error).toBeUndefined();
		expect(existsSync(join(output, "include/linux/compiler-gcc12.h"))).toBe(true);
		expect(fingerprint(clean.tree, true)).toEqual(before);

		const mixed = benchOf("3.10", more);
		const refused = await mixed.sync("-O", join(mixed.top, "out"));
		expect([refused.status, refused.json.error.code]).toEqual([3, "cure-in-source"]);
		expect(existsSync(join(mixed.top, "out"))).toBe(false);
	});
});
