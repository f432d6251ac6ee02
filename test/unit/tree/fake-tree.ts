import type { PlanContext } from "../../../src/tree/plan/action.ts";
import { readTree } from "../../../src/tree/read.ts";
import { configText, type Files, fakeRoot, makefileText } from "../target/fake-root.ts";

const SETLOCALVERSION =
	'if test -e .scmversion; then :; fi\nif test "${LOCALVERSION+set}" != "set"; then :; fi\n';

/** The files of a source tree as far as kprep reads it. */
export function treeFiles(version: string, more: Files = {}): Files {
	return {
		Makefile: `${makefileText(version)}# include/generated/utsrelease.h include/config/kernel.release\nmodules_prepare: prepare\n`,
		Kconfig: "",
		"scripts/kconfig/Makefile": "oldconfig olddefconfig syncconfig:\n",
		"scripts/setlocalversion": SETLOCALVERSION,
		...more,
	};
}

/** A tree in a temporary folder that is removed when the test ends. */
export function fakeTree(version = "6.1.192", more: Files = {}): string {
	return fakeRoot(treeFiles(version, more));
}

/** What a plan is made of, for a tree in `folder` and the target `release`; `files` is what the plan may read. */
export function planContext(
	folder: string,
	release: string,
	given: Partial<Omit<PlanContext, "facts" | "options">> & {
		facts?: Partial<PlanContext["facts"]>;
		options?: Partial<PlanContext["options"]>;
		output?: string;
	} = {},
): Omit<PlanContext, "release"> & { seen: string[] } {
	const seen: string[] = [];
	const { facts, options, output, ...rest } = given;
	return {
		tree: readTree(folder, output),
		record: null,
		read: (path) => {
			seen.push(path);
			return null;
		},
		exists: (path) => {
			seen.push(path);
			return false;
		},
		digest: String,
		...rest,
		facts: {
			release,
			version: null,
			config: { text: configText("6.1.192"), source: { kind: "headers", path: "/h/.config" } },
			makefile: null,
			symvers: null,
			seed: null,
			...facts,
		},
		options: { makefile: "auto", until: "modules_prepare", make: true, variables: {}, ...options },
		seen,
	};
}
