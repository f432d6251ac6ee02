import { chmodSync } from "node:fs";
import { join } from "node:path";
import { archWord } from "../../../src/kernel/arch.ts";
import { addFiles, type Files } from "../../unit/target/fake-root.ts";
import { MAKEFILES } from "./makefiles.ts";
import { CONF, SETLOCALVERSION, SETLOCALVERSION_63 } from "./scripts.ts";

/**
 * Small trees that behave as kbuild of an era does in what kprep relies on: which goals there are, what asks
 * questions, where headers lie, how the release is composed, in which order things happen. Written from what the
 * real ones do (2.6.12, 2.6.17, 2.6.18, 3.10, 6.6), with shell scripts for the compiled host programs.
 */
export type Era = "2.6.12" | "2.6.18" | "3.10" | "6.6";

export const VERSION: Readonly<Record<Era, string>> = {
	"2.6.12": "2.6.12",
	"2.6.18": "2.6.18",
	"3.10": "3.10.5",
	"6.6": "6.6.30",
};

/** The word of this machine in arch/. */
export const ARCH = archWord(process.arch === "x64" ? "x86_64" : process.arch) ?? process.arch;

export interface TreeOptions {
	/** What the shell script scripts/hook does; $1 is config, split, after-split, prepare or scripts. */
	hook?: string;
	/** Lines of Kconfig: `new SYMBOL VALUE` and `drop SYMBOL`. */
	kconfig?: string[];
	more?: Files;
}

/** Writes such a tree into `folder`. */
export function writeKbuildTree(
	folder: string,
	era: Era,
	{ hook = "", kconfig = [], more = {} }: TreeOptions = {},
): void {
	const [version, patchlevel, sublevel] = VERSION[era].split(".");
	const block = `VERSION = ${version}\nPATCHLEVEL = ${patchlevel}\nSUBLEVEL = ${sublevel}\nEXTRAVERSION =\nNAME = Small Tree\n\n`;
	const script: Files =
		era === "2.6.12" || era === "2.6.18"
			? {}
			: { "scripts/setlocalversion": era === "6.6" ? SETLOCALVERSION_63 : SETLOCALVERSION };
	const goals = {
		"2.6.12": "oldconfig silentoldconfig",
		"2.6.18": "oldconfig silentoldconfig",
		"3.10": "oldconfig silentoldconfig oldnoconfig olddefconfig",
		"6.6": "oldconfig syncconfig olddefconfig",
	}[era];
	addFiles(folder, {
		Makefile: block + MAKEFILES[era],
		Kconfig: `${kconfig.join("\n")}\n`,
		Kbuild: "",
		"init/main.c": "int main;\n",
		"drivers/char/mem.c": "int mem;\n",
		"include/linux/sched.h": "#ifdef CONFIG_STRUCT_MEMBER\n#endif\n",
		"scripts/kconfig/Makefile": `.PHONY: ${goals}\n${goals}:\n\t@srctree=$(srctree) sh $(srctree)/scripts/kconfig/conf.sh $@\n`,
		"scripts/kconfig/conf.sh": CONF,
		"scripts/basic/Makefile": "",
		"scripts/mod/Makefile": "",
		"scripts/hook": `#!/bin/sh\n${hook}\nexit 0\n`,
		...script,
		...more,
	});
	for (const name of Object.keys(script)) chmodSync(join(folder, name), 0o755);
}
