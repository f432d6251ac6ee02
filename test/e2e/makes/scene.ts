import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../../../src/host/process/run.ts";
import { LogReader } from "../../../src/kernel/failures/reading/log-reader.ts";

/** A make (or a tool beside it) that fails for one reason, for real. */
export interface Scene {
	name: string;
	/** The diagnosis that must come first. */
	id: string;
	/** What is typed. In it: $SRC, $OBJ, $CC, and the functions of PRELUDE; the working folder is new and holds m/. */
	script: string;
	/** C source of the module m/m.c, when it is not the usual one. */
	source?: string;
	/** A value that the details must have. */
	names?: string;
	/** Mounts, so it needs root. */
	root?: true;
	/** A program that has to be on PATH, or a file. */
	needs?: string;
	/** Quick enough for every run: at most the start of one compile. */
	quick?: true;
}

/** What scenes are played in. */
export interface Stage {
	/** The folder with the kernel's Makefile, the prepared build folder, and the compiler's name. */
	src: string;
	obj: string;
	cc: string;
	/** Where scenes get their folders. */
	folder: string;
}

const SOURCE = `#include <linux/module.h>
static int __init m_init(void) { return 0; }
module_init(m_init);
MODULE_LICENSE("GPL");
`;

/**
 * kb: builds the module in m/ as an external one. out: makes out/ of $OBJ; mk: makes something of $SRC in out/. without NAMES: a PATH that lacks these programs. objtree: $OBJ becomes a
 * copy, whose files may be removed and replaced. hide FILES: an overlay over their folder in which they
 * are not there.
 */
const PRELUDE = `
kb() { make -C "$OBJ" -f "$SRC/Makefile" KBUILD_OUTPUT="$OBJ" M="\${M-$PWD/m}" CC="$CC" "$@" modules; }
mk() { make -C "$SRC" O="$PWD/out" CC="$CC" "$@"; }
out() { cp -a "$OBJ" out; }
without() {
	mkdir -p bin
	cp -rs /usr/bin/. /usr/sbin/. bin/ 2>/dev/null
	for name in "$@"; do rm -f "bin/$name"; done
	PATH=$PWD/bin
}
objtree() { cp -a "$OBJ" copy; OBJ=$PWD/copy; }
hide() {
	at=$(dirname "$1")
	mkdir -p layer
	mount -t tmpfs tmpfs layer
	mkdir layer/upper layer/work
	mount -t overlay overlay -o "lowerdir=$at,upperdir=layer/upper,workdir=layer/work" "$at"
	rm -f "$@"
}
exec </dev/null 2>&1
`;

/** Plays a scene; gives all that it printed. */
export async function play(scene: Scene, { src, obj, cc, folder }: Stage): Promise<string> {
	const work = join(folder, scene.name.replace(/[^\w.-]+/g, "-"));
	mkdirSync(join(work, "m"), { recursive: true });
	writeFileSync(join(work, "m/Kbuild"), "obj-m := m.o\n");
	writeFileSync(join(work, "m/m.c"), scene.source ?? SOURCE);
	const shell = [...(scene.root ? ["unshare", "--mount"] : []), "sh", "-c", PRELUDE + scene.script];
	const { stdout, stderr } = await attempt(shell, {
		cwd: work,
		timeout: 120_000,
		env: {
			...{ SRC: src, OBJ: obj, CC: cc, LC_ALL: "C.UTF-8", PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
			...{ MAKEFLAGS: undefined, MAKELEVEL: undefined, ARCH: undefined, CROSS_COMPILE: undefined },
		},
	});
	return stdout + stderr;
}

/** What explain makes of a text: the ids, and all the facts. */
export function explained(text: string): { ids: string[]; facts: string[] } {
	const reader = new LogReader();
	reader.feed(new TextEncoder().encode(text));
	const { diagnoses } = reader.finish();
	return {
		ids: diagnoses.map(({ entry }) => entry.id),
		facts: diagnoses.flatMap(({ details }) => Object.values(details).flat()),
	};
}
