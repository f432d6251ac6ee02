import { expect, it } from "vitest";
import { type Evidence, evidenceOf, type Scene } from "../../../../src/tree/account/evidence.ts";

const FOLDERS = [
	"scripts/basic",
	"scripts/kconfig",
	"scripts/mod",
	"kernel",
	"tools",
	"tools/objtool",
	"drivers/char",
];
const FILES: Record<string, string> = {
	"scripts/basic/.fixdep.cmd": "savedcmd_scripts/basic/fixdep := gcc -o scripts/basic/fixdep",
	"scripts/basic/.conf.d": "scripts/basic/conf: /usr/include/stdio.h",
	"scripts/kconfig/parser.y": "",
	"tools/objtool/objtool-in.o": "",
	"tools/lib/subcmd/help.h": "",
	"tools/objtool/.check.o.cmd": "# cannot find fixdep (x)\n\ncmd_/tree/tools/objtool/check.o := gcc",
	"tools/objtool/libsubcmd/.help.o.cmd": "cmd_/tree/tools/objtool/libsubcmd/help.o := gcc",
	"drivers/mine/.mine.o.cmd": "savedcmd_drivers/mine/mine.o := gcc",
	"kernel/.other.o.cmd": "savedcmd_kernel/another.o := gcc",
	"kernel/.mine.d": "my notes",
};

function scene(more: Partial<Scene> = {}): Scene {
	const names = (folder: string) =>
		new Set(
			Object.keys(FILES)
				.filter((path) => path.slice(0, path.lastIndexOf("/")) === folder)
				.map((path) => path.slice(folder.length + 1)),
		);
	return {
		runs: [{ start: 100n, end: 200n }],
		hadFolder: (folder) => folder === "" || FOLDERS.includes(folder),
		names,
		head: (path) => FILES[path] ?? "",
		holdsCommands: (folder) => folder === "tools/objtool/libsubcmd",
		named: new Set(["scripts/printed"]),
		separate: false,
		hasSource: () => false,
		...more,
	};
}

it.each<[string, Evidence | null]>([
	["include/config/SMP", "place"],
	["arch/arm64/include/generated/asm/x.h", "place"],
	["scripts/basic/fixdep", "command"],
	["scripts/basic/.fixdep.cmd", "command"],
	["scripts/basic/.conf.d", "dependencies"],
	["scripts/kconfig/parser.tab.c", "name"],
	["scripts/mod/elfconfig.h", "name"],
	["tools/objtool/.check.o.cmd", "command"],
	["tools/objtool/objtool", "tool"],
	["tools/objtool/libsubcmd/include/help.h", "tool"],
	// Cut off before anything was compiled there.
	["tools/bpf/resolve_btfids/libsubcmd/include/subcmd/help.h", "tool"],
	["tools/bpf/resolve_btfids/libsubcmd/include/subcmd/mine.h", null],
	["tools/bpf/resolve_btfids/libsubcmd/help.c", null],
	["include/linux/autoconf.h", "name"],
	[".config.old", "name"],
	// Cut off while it was made.
	["include/linux/version.h.tmp", "name"],
	["include/linux/.version.h.tmp", "name"],
	[".tmpconfig.4711", "name"],
	["scripts/basic/conf", "dependencies"],
	["kernel/mine.tmp", null],
	["Makefile", null],
	// A user's: no .cmd, a .cmd that names something else, one in a folder of theirs, a note that only looks like one.
	["kernel/mine.o", null],
	["kernel/other.o", null],
	["drivers/mine/mine.o", null],
	["drivers/char/my.ko", null],
	["kernel/.mine.d", null],
	["scripts/kconfig/mine.tab.c", null],
	["tools/mine/tool.o", null],
	["tools/objtool/mine.c", null],
	["notes.txt", null],
])("%s: %s", (path, evidence) => {
	expect(evidenceOf({ path, kind: "file", mtime: 150n }, scene())).toBe(evidence);
});

it("the time must lie in a run, but for places that kbuild owns", () => {
	const at = (path: string, mtime: bigint, runs?: Scene["runs"]) =>
		evidenceOf({ path, kind: "file", mtime }, scene(runs === undefined ? {} : { runs }));
	expect(at("scripts/basic/fixdep", 99n)).toBeNull();
	expect(at("scripts/basic/fixdep", 201n)).toBeNull();
	expect(at("scripts/basic/fixdep", 201n, [{ start: 100n, end: null }])).toBe("command");
	expect(at("include/generated/x.h", 201n)).toBe("place");
	expect(at("scripts/basic/fixdep", 150n, [])).toBeNull();
});

it("what make named, the top of a build folder, and what is no file", () => {
	const inRoot = scene({ hadFolder: () => true, separate: true });
	expect(evidenceOf({ path: "scripts/printed", kind: "file", mtime: 150n }, inRoot)).toBe("printed");
	expect(evidenceOf({ path: "source", kind: "link", mtime: 150n }, inRoot)).toBe("name");
	const parser = { path: "scripts/genksyms/lines.tab.h", kind: "file", mtime: 150n } as const;
	expect(evidenceOf(parser, inRoot)).toBeNull();
	const hasSource = (path: string) => path === "scripts/genksyms/lines.y";
	expect(evidenceOf(parser, { ...inRoot, hasSource })).toBe("name");
	expect(evidenceOf({ path: "include/config/pipe", kind: "other", mtime: 150n }, inRoot)).toBeNull();
});
