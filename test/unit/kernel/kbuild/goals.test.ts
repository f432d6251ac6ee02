import { expect, it } from "vitest";
import { probeGoals } from "../../../../src/kernel/kbuild/goals.ts";

const SPLIT =
	"include/config/MARKER: include/linux/autoconf.h\n\t@echo '  SPLIT   include/linux/autoconf.h -> include/config/*'\n";
const kconfig = (...goals: string[]) => `${goals.map((goal) => `${goal}: $(obj)/conf`).join("\n")}\n`;

it.each<[string, string, string, ReturnType<typeof probeGoals> | object]>([
	[
		"2.6.5: no modules_prepare",
		`${SPLIT}prepare-all: prepare1\n`,
		kconfig("oldconfig", "silentoldconfig"),
		{ config: "oldconfig", split: null, prepare: "prepare-all", modulesPrepare: ["prepare-all", "scripts"] },
	],
	[
		"2.6.12",
		`${SPLIT}prepare-all: prepare0\nmodules_prepare: prepare-all scripts\n`,
		kconfig("oldconfig", "silentoldconfig"),
		{ config: "oldconfig", split: null, prepare: "prepare-all", modulesPrepare: ["modules_prepare"] },
	],
	[
		"2.6.18",
		"prepare: prepare0\nmodules_prepare: prepare scripts\n",
		kconfig("oldconfig", "silentoldconfig"),
		{
			config: "oldconfig",
			split: "silentoldconfig",
			prepare: "prepare",
			modulesPrepare: ["modules_prepare"],
		},
	],
	[
		"3.2",
		"prepare: prepare0\nmodules_prepare: prepare scripts\n",
		kconfig("oldconfig", "oldnoconfig", "silentoldconfig"),
		{ config: "oldnoconfig", answers: "", split: "silentoldconfig" },
	],
	[
		"4.14",
		"modules_prepare: prepare scripts\n",
		"simple-targets := oldconfig allnoconfig olddefconfig\nsilentoldconfig: $(obj)/conf\n# oldnoconfig is an alias\n",
		{ config: "olddefconfig", answers: "", split: "silentoldconfig" },
	],
	[
		"6.12",
		"modules_prepare: prepare\n",
		"simple-targets := oldconfig allnoconfig syncconfig olddefconfig\n",
		{
			config: "olddefconfig",
			answers: "",
			split: "syncconfig",
			prepare: "prepare",
			modulesPrepare: ["modules_prepare"],
		},
	],
])("%s", (_era, makefile, kconfigMakefile, expected) => {
	expect(probeGoals(makefile, kconfigMakefile)).toMatchObject(expected);
});

it("oldconfig is fed enough answers for every question of a kernel", () => {
	expect(probeGoals("", "oldconfig:\n").answers.length).toBeGreaterThan(10_000);
});
