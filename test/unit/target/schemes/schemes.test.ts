import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silent } from "../../../../src/host/progress.ts";
import { bringTarget } from "../../../../src/target/schemes/index.ts";
import { shell } from "../../../helpers/shell.ts";

let folder = "";
const before = { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-schemes-"));
	process.env.XDG_CACHE_HOME = join(folder, "cache");
	mkdirSync(join(folder, "bin"));
	process.env.PATH = `${join(folder, "bin")}:${before.PATH}`;
});
afterEach(() => {
	for (const [name, value] of Object.entries(before)) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
	rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, text: string, mode = 0o644) => {
	mkdirSync(join(folder, path, ".."), { recursive: true });
	writeFileSync(join(folder, path), text);
	chmodSync(join(folder, path), mode);
};

/** An ssh that notes its words and runs the remote command here, with a fake root. */
const fakeSsh = (extra = "") =>
	write(
		"bin/ssh",
		`#!/bin/sh\nfor word; do echo "$word"; done | head -12 > ${folder}/words\n${extra}\nfor last; do :; done\nKPREP_ROOT=${folder}/far KPREP_RELEASE=5.4.0-far exec sh -c "$last"\n`,
		0o755,
	);

describe("ssh://", () => {
	test("KPREP_SSH is ssh with options of its own", async () => {
		write("far/proc/version", "Linux version 5.4.0-far (b@h) (gcc 9) #1 SMP");
		fakeSsh();
		process.env.KPREP_SSH = `${join(folder, "bin/ssh")} -i "a key"  -o 'Port 7'`;
		try {
			await bringTarget({ target: "ssh://board.local" }, silent);
		} finally {
			delete process.env.KPREP_SSH;
		}
		const words = readFileSync(join(folder, "words"), "utf8").split("\n");
		expect(words.slice(0, 6)).toEqual(["-i", "a key", "-o", "Port 7", "-o", "BatchMode=yes"]);
	});

	test("identity: one line, equal where the loader sees no difference, and nothing is written", async () => {
		const script = fileURLToPath(new URL("../../../../templates/capture/facts.sh", import.meta.url));
		const identity = () =>
			shell([
				...["env", "-i", `PATH=${before.PATH}`, `TMPDIR=${join(folder, "nowhere")}`],
				...[`KPREP_ROOT=${join(folder, "far")}`, "KPREP_RELEASE=5.4.0-far", "sh", script, "identity"],
			]);
		write("far/proc/version", "Linux version 5.4.0-far #1");
		write("far/proc/cmdline", "root=UUID=1 module.sig_enforce quiet");
		const first = await identity();
		expect(first).toMatch(/^kprep-kernel 5\.4\.0-far \S+ \d+$/);
		write("far/proc/cmdline", "root=UUID=2 ro module.sig_enforce");
		write("far/lib/modules/5.4.0-far/modules.dep", "updates/hello.ko:\n");
		expect(await identity()).toBe(first);
		write("far/proc/cmdline", "root=UUID=2");
		const free = await identity();
		expect(free).not.toBe(first);
		write("far/sys/module/module/parameters/sig_enforce", "Y\n");
		expect(await identity()).not.toBe(free);
	});

	test("the other machine's files become a sysroot; only what is there", async () => {
		write("far/proc/version", "Linux version 5.4.0-far (b@h) (gcc 9) #1 SMP");
		write("far/boot/config-5.4.0-far", "CONFIG_MODULES=y\n");
		write("far/lib/modules/5.4.0-far/kernel/a.ko", "module");
		write("far/lib/modules/5.4.0-far/modules.order", "kernel/a.ko\n");
		write("far/usr/src/linux-headers-5.4.0-far/.config", "CONFIG_MODULES=y\n");
		write("far/usr/src/linux-headers-5.4.0-far/Module.symvers", "");
		write("far/sys/module/module/parameters/sig_enforce", "Y\n");
		fakeSsh();
		const brought = await bringTarget({ target: "ssh://me@board.local:2222" }, silent);
		const words = readFileSync(join(folder, "words"), "utf8").split("\n");
		expect(words.slice(0, 10)).toEqual([
			...["-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-p", "2222", "-l", "me", "--", "board.local"],
		]);
		const sysroot = brought?.sysroot ?? "";
		expect(sysroot.startsWith(join(folder, "cache"))).toBe(true);
		expect(readFileSync(join(sysroot, "lib/modules/5.4.0-far/kernel/a.ko"), "utf8")).toBe("module");
		expect(readFileSync(join(sysroot, "boot/config-5.4.0-far"), "utf8")).toContain("MODULES");
		expect(existsSync(join(sysroot, "usr/src/linux-headers-5.4.0-far/.config"))).toBe(true);
		expect(readFileSync(join(sysroot, "sys/module/module/parameters/sig_enforce"), "utf8")).toBe("Y\n");
		expect(readdirSync(join(sysroot, ".."))).toHaveLength(1);
	});

	test("a machine that does not answer: the error has ssh's words, and an earlier reading stays", async () => {
		write("far/proc/version", "Linux version 5.4.0-far");
		fakeSsh();
		const first = await bringTarget({ target: "ssh://board" }, silent);
		fakeSsh("echo 'No route to host' >&2; exit 255");
		await expect(bringTarget({ target: "ssh://board" }, silent)).rejects.toThrow(/No route to host/);
		expect(existsSync(join(first?.sysroot ?? "", "proc/version"))).toBe(true);
	});

	test.each(["ssh://-oProxyCommand=x", "ssh://a b", "ssh://", "ssh://h:port", "ssh://$(x)"])(
		"%s is no machine",
		async (target) => {
			fakeSsh();
			await expect(bringTarget({ target }, silent)).rejects.toMatchObject({
				kind: "usage",
				code: "bad-target",
			});
			expect(existsSync(join(folder, "words"))).toBe(false);
		},
	);
});

describe("apt:", () => {
	test("one with its version that is kept is used without asking apt", async () => {
		const sysroot = join(folder, "cache/kprep/kernels/6.1.0-9-amd64_6.1.27-1_amd64");
		mkdirSync(sysroot, { recursive: true });
		const kept = {
			asked: "linux-image-amd64",
			package: "linux-image-6.1.0-9-amd64",
			version: "6.1.27-1",
			arch: "amd64",
		};
		writeFileSync(`${sysroot}.json`, JSON.stringify({ ...kept, release: "6.1.0-9-amd64", sysroot }));
		writeFileSync(join(sysroot, "../damaged.json"), "{");
		for (const name of ["apt-get", "apt-cache"])
			write(`bin/${name}`, `#!/bin/sh\ntouch ${folder}/asked\nexit 1\n`, 0o755);
		const brought = await bringTarget({ target: "apt:linux-image-amd64=6.1.27-1", config: "c" }, silent);
		expect(brought).toEqual({
			...{ sysroot, target: "6.1.0-9-amd64", config: "c" },
			exact: "apt:linux-image-6.1.0-9-amd64:amd64=6.1.27-1",
		});
		expect(existsSync(join(folder, "asked"))).toBe(false);
	});

	test.each(["apt:", "apt:-x", "apt:a b", "apt:x=1;rm", "apt:../x"])(
		"%s names no package",
		async (target) => {
			await expect(bringTarget({ target }, silent)).rejects.toMatchObject({
				kind: "usage",
				code: "bad-target",
			});
		},
	);
});

describe("other words", () => {
	test("a release, an image, nothing: not for us", async () => {
		for (const target of [undefined, "6.1.0-56-amd64", "./Image", "/boot/x"])
			expect(await bringTarget({ target }, silent)).toBeNull();
	});

	test("an unknown scheme names those that are known; a sysroot does not go with one", async () => {
		await expect(bringTarget({ target: "docker:x" }, silent)).rejects.toMatchObject({
			kind: "usage",
			code: "unknown-scheme",
		});
		await expect(bringTarget({ target: "apt:x", sysroot: "/" }, silent)).rejects.toMatchObject({
			code: "scheme-and-sysroot",
		});
	});
});
