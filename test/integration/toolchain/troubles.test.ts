/** `kprep toolchain` on a machine that does not help: no network, a cache that is read-only or full. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attempt } from "../../../src/host/process/run.ts";
import { kprepCommand } from "../../helpers/kprep.ts";
import { lacks } from "../../helpers/lacks.ts";

/** A compiler that no machine has, and pahole of a version that all have. */
const CONFIG = [
	"CONFIG_MODULES=y",
	"CONFIG_64BIT=y",
	"CONFIG_X86_64=y",
	"CONFIG_CC_IS_GCC=y",
	'CONFIG_CC_VERSION_TEXT="gcc-97 (Debian 97.2.1-6) 97.2.1 20990110"',
	...Array.from({ length: 20 }, (_, at) => `CONFIG_KPREP_${at}=y`),
];

let folder: string;
let cache: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-troubles-"));
	writeFileSync(join(folder, "config"), `${CONFIG.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
	cache = mkdtempSync(join(folder, "cache-"));
});

/** Runs `toolchain WORD` in namespaces of its own, after a line of shell in them. */
async function toolchain(word: string, namespaces: string, before = "") {
	const config = join(folder, "config");
	const words = kprepCommand(["toolchain", word, "-t", "6.12.0-board", "--config", config]);
	const script = `${before}\nexec "$@"`;
	return attempt(["unshare", namespaces, "sh", "-ec", script, "sh", ...words], {
		env: { XDG_CACHE_HOME: cache, XDG_CONFIG_HOME: "/nonexistent" },
	});
}

describe.skipIf(lacks("unshare", "apt-get", "apt-cache", "dpkg-deb"))("toolchain, with trouble", () => {
	beforeEach(async ({ skip }) => {
		const made = await attempt(["unshare", "-n", "-m", "mount", "-t", "tmpfs", "none", folder]);
		if (made.status !== 0) skip("namespaces cannot be made here");
	});

	test("no network: list tells what is here all the same, get names the network and no flag that it lacks", async () => {
		const list = await toolchain("list", "-n");
		expect(list.stdout).toMatch(/ {2}lacking {2}gcc 97\.2\.1/);
		expect(list.stdout).toMatch(/could not be asked: no package list could be fetched/);
		expect(list.stdout).not.toMatch(/next:/);
		expect(list.status).toBe(1);
		const get = await toolchain("get", "-n");
		expect(get.stderr).toMatch(/no package list could be fetched[\s\S]*try: +look at the network/);
		expect(get.stderr).not.toMatch(/--toolchain/);
		expect(get.status).toBe(3);
	});

	test("path tells on stderr what has no program yet, and how to get it", async () => {
		const { stdout, stderr, status } = await toolchain("path", "-n");
		expect(stdout).toBe("");
		expect(stderr).toMatch(/gcc 97\.2\.1 is neither on this machine nor kept/);
		expect(stderr).toMatch(/next: kprep toolchain get --target 6\.12\.0-board --config /);
		expect(status).toBe(1);
	});

	test("a place where nothing can be made is told at once, and not tried for ever", async () => {
		cache = "/proc";
		const { stderr, status } = await toolchain("list", "-m");
		expect(stderr).toMatch(/may not be written by this user[\s\S]*where: +\/proc\/kprep/);
		expect(status).toBe(3);
	});

	test.each([
		["read-only", "mount -t tmpfs -o ro none", /is read-only/],
		["full", "mount -t tmpfs -o size=64k,nr_inodes=40 none", /no space is left/],
	])(
		"a cache that is %s: told as such, with its folder and how to keep it elsewhere",
		async (_, mount, told) => {
			mkdirSync(cache, { recursive: true });
			const { stderr, status } = await toolchain(
				"list",
				"-m",
				`${mount} "$XDG_CACHE_HOME"\ndd if=/dev/zero of="$XDG_CACHE_HOME/rest" bs=4k 2>/dev/null || :`,
			);
			expect(stderr).toMatch(told);
			expect(stderr).toContain(`where:    ${cache}/kprep`);
			expect(stderr).toContain("XDG_CACHE_HOME=DIR");
			expect(status).toBe(3);
		},
	);
});
