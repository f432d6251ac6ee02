import { execFileSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { fingerprint } from "../helpers/fingerprint.ts";
import { Bench } from "../helpers/kbuild/machine.ts";
import { lacks, skips } from "../helpers/lacks.ts";
import { prepareMachine } from "../helpers/machine.ts";
import { composeModule } from "../helpers/module.ts";

const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const RELEASE = "6.6.0-56-amd64";
const ALL = process.env.KPREP_FAULTS === "all";
const CALLS = [
	...["execve", "execveat", "open", "openat", "openat2", "creat", "truncate", "unlink", "unlinkat", "rmdir"],
	...["rename", "renameat", "renameat2", "mkdir", "mkdirat", "mknod", "mknodat", "link", "linkat", "symlink"],
	...["symlinkat", "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "utimensat", "kill"],
];
// A name with ? may be missing on this architecture.
const TRACE = [
	...["strace", "-f", "-qq", "--seccomp-bpf", "-s", "4096"],
	...["-e", `trace=${CALLS.map((name) => `?${name}`).join(",")}`],
];

/** ptrace is forbidden in some containers. */
async function whyNoTrace(): Promise<string | null> {
	const missing = await prepareMachine(["strace"]);
	if (missing !== null) return missing;
	const { status, stderr } = await attempt([...TRACE, "-o", "/dev/null", "true"]);
	return status === 0 ? null : `strace may not trace here: ${stderr.split("\n")[0]}`;
}

let noTrace: string | null = null;
beforeAll(async () => {
	noTrace = await whyNoTrace();
	skips(noTrace !== null, `the test under strace: ${noTrace}`);
});

/** A prepared tree in which every program, hook and rule leaves a mark when it is run; none was made by kprep's sync. */
async function mined(): Promise<{ bench: Bench; marks: string; before: unknown }> {
	const bench = new Bench({ era: "6.6", release: RELEASE });
	const synced = await bench.sync();
	expect(synced.status).toBe(0);
	for (const own of [".kprep", "GNUmakefile"])
		rmSync(join(bench.tree, own), { recursive: true, force: true });
	const marks = join(bench.top, "marks");
	mkdirSync(marks);
	const git = (...words: string[]) => execFileSync("git", ["-C", bench.tree, ...words], { stdio: "ignore" });
	git("init", "-q");
	git("add", "-A");
	git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "one");
	const touch = (name: string) => `touch ${join(marks, name)}`;
	const program = (path: string) => {
		mkdirSync(dirname(join(bench.tree, path)), { recursive: true });
		writeFileSync(join(bench.tree, path), `#!/bin/sh\n${touch(path.replaceAll("/", "_"))}\n`);
		chmodSync(join(bench.tree, path), 0o755);
	};
	for (const path of ["scripts/basic/fixdep", "scripts/mod/modpost", "scripts/setlocalversion"])
		program(path);
	for (const path of ["tools/objtool/objtool", "scripts/sign-file", "scripts/genksyms/genksyms"])
		program(path);
	for (const name of ["gcc", "git", "make", "xz", "uname", "dmesg", "apt-cache"]) program(name);
	git("config", "core.fsmonitor", touch("fsmonitor"));
	git("config", "filter.evil.clean", `${touch("filter")}; cat`);
	git("config", "core.hooksPath", bench.tree);
	writeFileSync(join(bench.tree, ".gitattributes"), "* filter=evil\n");
	writeFileSync(join(bench.tree, "init/main.c"), "int changed;\n");
	const makefile = readFileSync(join(bench.tree, "Makefile"), "utf8");
	writeFileSync(join(bench.tree, "Makefile"), `${makefile}\nX := $(shell ${touch("Makefile")})\n`);
	const kconfig = readFileSync(join(bench.tree, "Kconfig"), "utf8");
	writeFileSync(
		join(bench.tree, "Kconfig"),
		`${kconfig}\nconfig EVIL\n\tdef_bool $(shell,${touch("Kconfig")})\n`,
	);
	writeFileSync(join(bench.tree, ".kprep.ini"), "jobs = 2\n");
	// A GNUmakefile that says kprep wrote it is a stranger's too.
	const settings = `export LD_PRELOAD := ${bench.tree}/evil.so\nX := $(shell ${touch("GNUmakefile")})\n`;
	const compiler = `ifneq ($(origin CC),command line)\nkprep-settings += CC=${bench.tree}/gcc\nendif\n`;
	writeFileSync(join(bench.tree, "GNUmakefile"), `# Written by kprep: x\n${compiler}${settings}`);
	writeFileSync(
		join(bench.tree, "hello.ko"),
		composeModule({ bits: 64, little: true, exports: [{ symbol: "hello", crc: 1 }] }),
	);
	writeFileSync(join(bench.tree, "build.log"), "make[1]: *** [scripts/mod/modpost] Error 127\n");
	return { bench, marks, before: fingerprint(bench.tree, true) };
}

/** A package system that knows nothing, which answers at once; not below the bench, where nothing may be run. */
function quietPackages(): string {
	const folder = mkdtempSync(join(tmpdir(), "kprep-quiet-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const name of ["apt-cache", "apt-get", "apt-config", "dpkg-query", "dnf", "zypper", "pacman", "apk"]) {
		writeFileSync(join(folder, name), "#!/bin/sh\nexit 0\n");
		chmodSync(join(folder, name), 0o755);
	}
	return folder;
}

/** Absolute paths that the traced programs created, opened for writing, renamed, removed or changed; relative ones are the tree's. */
function changedPaths(trace: string, cwd: string): string[] {
	return trace.split("\n").flatMap((line) => {
		const [, name = "", words = ""] = /^\d+ +(\w+)\((.*)\) += (?:0|[1-9]\d*)(?:<.*>)?$/.exec(line) ?? [];
		if (name === "" || name.startsWith("exec")) return [];
		if (name === "kill") return / *\d+, 0$/.test(words) ? [] : [`/kill ${words}`];
		if (name.startsWith("open") && !/O_(?:WRONLY|RDWR|CREAT|TRUNC)/.test(words)) return [];
		const paths = [...words.matchAll(/"([^"]*)"/g)].map(([, path = ""]) => resolve(cwd, path));
		// Where a symbolic link leads is not touched.
		return name.startsWith("symlink") ? paths.slice(-1) : paths;
	});
}

/** The terminal, kprep's own folder below HOME (the bench), temporary folders, and what apt notes about its lists. */
const MAY_CHANGE = (path: string, top: string) =>
	/^\/dev\/(?:null|tty)$|^\/proc\/self\//.test(path) ||
	path === join(top, "profile") ||
	path.startsWith(`${top}/.`) ||
	(path.startsWith(`${tmpdir()}/`) && !path.startsWith(top)) ||
	(ALL && /^\/var\/(?:cache|lib)\/apt\//.test(path));

describe.skipIf(lacks("make", "git"))("reading runs and writes nothing", () => {
	it("no command that reads executes a program of the tree, or one that it names", async (context) => {
		if (noTrace !== null) return context.skip(noTrace);
		const { bench, marks, before } = await mined();
		const { tree, root } = bench;
		const log = join(bench.top, "trace");
		const quiet = quietPackages();
		const other = join(bench.top, "other");
		cpSync(root, other, { recursive: true, verbatimSymlinks: true });
		const commands: Record<string, string[]> = {
			target: ["--sysroot", root],
			verify: [tree, "--sysroot", root],
			check: [join(tree, "hello.ko"), "--sysroot", root],
			explain: [join(tree, "build.log"), "--sysroot", root],
			doctor: [tree, "--sysroot", root],
			"source list": ["--sysroot", root, "--mirror", "http://127.0.0.1:9/"],
			capture: ["-o", join(bench.top, "profile"), "--sysroot", root],
			diff: [root, other],
			sync: [tree, "-n", "--sysroot", root],
			undo: [tree, "-n"],
			status: [tree],
		};
		const seen: string[] = [];
		for (const [name, words] of Object.entries(commands)) {
			const command = [...TRACE, "-o", log, process.execPath, BIN, ...name.split(" "), ...words];
			const { status, stderr, seconds } = await attempt(command, {
				cwd: tree,
				// An empty and a relative place on PATH stand for the working folder.
				env: { ...bench.env(), PATH: `.::${ALL ? "" : `${quiet}:`}${process.env.PATH}` },
			});
			expect([0, 1, 2, 3], `${name}: ${stderr}`).toContain(status);
			const traced = readFileSync(log, "utf8");
			const run = [...traced.matchAll(/execve(?:at)?\((?:[^"]*)"([^"]+)".* = 0$/gm)];
			const programs = run.map(([, path = ""]) => realpathSync(path));
			expect(programs.length, name).toBeGreaterThan(0);
			seen.push(`${name} ${programs.length} in ${seconds.toFixed(1)} s`);
			expect(
				programs.filter((path) => path.startsWith(realpathSync(bench.top))),
				name,
			).toEqual([]);
			expect(readdirSync(marks), name).toEqual([]);
			const changed = changedPaths(traced, tree).filter((path) => !MAY_CHANGE(path, bench.top));
			expect(changed, name).toEqual([]);
		}
		expect(fingerprint(tree, true)).toEqual(before);
		process.stderr.write(`programs run, none of the tree: ${seen.join(", ")}\n`);
		// The same tree does run them when it is made.
		await attempt(["make", "-C", tree, "kernelrelease"], { env: bench.env() });
		expect(readdirSync(marks)).not.toEqual([]);
	}, 240_000);
});
