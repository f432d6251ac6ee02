import { expect, it } from "vitest";
import { type Evidence, evidenceOf } from "../../../../src/tree/account/evidence.ts";
import type { Run, Scene } from "../../../../src/tree/account/scene.ts";

const FOLDERS = [
	"scripts/basic",
	"scripts/kconfig",
	"scripts/mod",
	"kernel",
	"tools",
	"tools/objtool",
	"tools/bpf/resolve_btfids",
	"drivers/char",
	"include/linux",
	"certs",
	"rust",
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
	"kernel/.bounds.s.cmd": "savedcmd_kernel/bounds.s := gcc",
	"kernel/.sched.o.cmd": "savedcmd_kernel/sched.o := gcc",
	"drivers/char/.mem.o.cmd": "savedcmd_drivers/char/mem.o := gcc",
	"scripts/mod/.empty.o.d": "empty.o: scripts/mod/empty.c",
	"rust/.core.o.cmd": "savedcmd_rust/core.o := rustc",
	"tools/build/feature/test-libelf.c": "",
	"scripts/kconfig/zconf.l": "",
	"scripts/kconfig/lkc_proto.h": "",
	"scripts/genksyms/keywords.c_shipped": "",
	".kernelrelease": "2.6.16-me\n",
	".config.cmd": "deps_config := \\\n\tlib/Kconfig \\\n",
	".kconfig.d": "my notes",
	"include/asm-arm/mach-types.h": "/*\n * This was automagically generated from arch/arm/tools/mach-types!\n",
	"include/asm-sh/machtypes.h": "/* mine */\n",
	"include/asm-arm/constants.h": "#ifndef __ASM_OFFSETS_H__\n/*\n * DO NOT MODIFY.\n",
	"include/asm-cris/.arch": "my notes",
	".missing-syscalls.d": "missing-syscalls: arch/x86/include/asm/unistd.h",
	".tmp_4711.o": "\x7fELF",
	".tmp_4712": "my notes",
	".4712.tmp": "my notes",
	"include/linux/autoconf.h": "/*\n * Automatically generated C config: don't edit\n",
	"include/linux/utsrelease.h": '#define UTS_RELEASE "2.6.18"\n',
	"tools/objtool/fixdep": "\x7fELF",
	"tools/objtool/libsubcmd/fixdep": "\x7fELF",
	"tools/bpf/resolve_btfids/fixdep": "my notes",
	"tools/objtool/FEATURE-DUMP": "feature-libelf=1\n",
	"tools/objtool/arch/x86/lib/inat-tables.c": "/* x86 opcode map generated from x86-opcode-map.txt */",
	"tools/mine/fixdep": "\x7fELF",
	"include/linux/version.h": "// a shim of mine\n",
};

function scene(more: Partial<Scene> = {}): Scene {
	const names = (folder: string) =>
		new Set(
			Object.keys(FILES)
				.filter((path) => path.slice(0, path.lastIndexOf("/")) === folder)
				.map((path) => path.slice(folder.length + 1)),
		);
	return {
		runs: [{ start: 100n, end: 200n, cut: false }],
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
	["include/linux/utsrelease.h", "name"],
	[".kernelrelease", "name"],
	[".missing-syscalls.d", "name"],
	[".config.cmd", "name"],
	["include/asm-arm/mach-types.h", "name"],
	["include/asm-arm/constants.h", "name"],
	["include/asm-arm/.arch", "name"],
	[".config.4711.tmp", "name"],
	["scripts/kconfig/lex.zconf.c", "name"],
	["scripts/kconfig/lkc_defs.h", "name"],
	["scripts/kconfig/mconf-cfg", "name"],
	["scripts/genksyms/keywords.c", "name"],
	["scripts/mod/.tmp_empty.o", "name"],
	["kernel/bounds.s", "command"],
	["rust/core.o", "command"],
	["rust/libcore.rmeta", "name"],
	["tools/objtool/fixdep", "name"],
	["tools/objtool/libsubcmd/fixdep", "name"],
	["tools/objtool/FEATURE-DUMP", "name"],
	["tools/objtool/arch/x86/lib/inat-tables.c", "name"],
	["tools/bpf/resolve_btfids/feature/test-libelf.bin", "name"],
	["tools/bpf/resolve_btfids/feature/test-libelf-mmap.make.output", "name"],
	[".tmp_4711.o", "name"],
	[".4711.su", "name"],
	[".tmp_4711/tmp", "name"],
	[".tmp_4711/tmp-0f3a.o.tmp", "name"],
	["tools/objtool/.tmp_4711/tmp.o", "name"],
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
	// Names of kbuild's that are a user's as well, with nothing to show that make wrote them.
	["certs/signing_key.pem", null],
	["certs/signing_key.x509", null],
	["certs/x509.genkey", null],
	[".scmversion", null],
	[".kconfig.d", null],
	["include/asm-sh/machtypes.h", null],
	["include/asm-cris/.arch", null],
	["include/asm-arm/arch", null],
	[".version", null],
	["Module.symvers", null],
	["vmlinux.symvers", null],
	["modules.order", null],
	["modules.builtin.notes", null],
	[".tmp_notes", null],
	[".tmp_4712", null],
	[".4712.tmp", null],
	["drivers/char/.4711.su", null],
	[".tmp_my_patch.diff", null],
	["drivers/char/.tmp_draft.c", null],
	["drivers/char/.tmp_1/tmp.o", null],
	["drivers/mine/.tmp_1/tmp.o", null],
	[".tmp_4711/tmp.c", null],
	["include/linux/version.h", null],
	["scripts/kconfig/lex.mine.c", null],
	["scripts/kconfig/mine-cfg", null],
	["scripts/genksyms/parse.c", null],
	["rust/mine.o", null],
	["rust/libmine.rmeta", null],
	["tools/mine/fixdep", null],
	["tools/bpf/resolve_btfids/fixdep", null],
	["tools/bpf/resolve_btfids/feature/test-mine.bin", null],
	["tools/mine/feature/test-libelf.bin", null],
	// A module that the user built beside the kernel's, and a part of the kernel that a sync never makes.
	["drivers/char/mem.o", null],
	["drivers/char/.mem.o.cmd", null],
	["kernel/sched.o", null],
])("%s: %s", (path, evidence) => {
	expect(evidenceOf({ path, kind: "file", mtime: 150n }, scene())).toBe(evidence);
});

it("the time must lie in a run, but for places that kbuild owns", () => {
	const at = (path: string, mtime: bigint, runs?: Run[]) =>
		evidenceOf({ path, kind: "file", mtime }, scene(runs === undefined ? {} : { runs }));
	expect(at("scripts/basic/fixdep", 99n)).toBeNull();
	expect(at("scripts/basic/fixdep", 201n)).toBeNull();
	expect(at("scripts/basic/fixdep", 201n, [{ start: 100n, end: 201n, cut: true }])).toBe("command");
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
