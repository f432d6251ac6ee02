import { existsSync } from "node:fs";
import { findProgram } from "../../src/host/process/program.ts";
import { attempt } from "../../src/host/process/run.ts";
import { cacheFolder } from "./cache.ts";
import { locked } from "./lock.ts";

/** What tests need besides Node, by Debian's package: a program or file that shows that it is installed. */
const NEEDED: Readonly<Record<string, string>> = {
	gcc: "gcc",
	make: "make",
	"libc6-dev": "/usr/include/stdio.h",
	flex: "flex",
	bison: "bison",
	bc: "bc",
	"libelf-dev": "/usr/include/gelf.h",
	"libdw-dev": "/usr/include/elfutils/libdw.h",
	"libssl-dev": "/usr/include/openssl/ssl.h",
	openssl: "openssl",
	pahole: "pahole",
	cpio: "cpio",
	kmod: "modinfo",
	rsync: "rsync",
	git: "git",
	"xz-utils": "xz",
	zstd: "zstd",
	bzip2: "bzip2",
	patch: "patch",
	ccache: "ccache",
	python3: "python3",
	zsh: "zsh",
	"qemu-system-x86": "qemu-system-x86_64",
};

/** More, for tests that ask for them by name. */
const ON_DEMAND: Readonly<Record<string, string>> = {
	"gcc-aarch64-linux-gnu": "aarch64-linux-gnu-gcc",
	"qemu-system-arm": "qemu-system-aarch64",
	strace: "strace",
};

/**
 * Installs what is missing of the packages, once, when this is root on Debian or Ubuntu. Gives null when all is there
 * in the end, else the reason in one line, for a skip.
 */
export async function prepareMachine(packages = Object.keys(NEEDED)): Promise<string | null> {
	const missing = () => packages.filter((name) => !isThere(NEEDED[name] ?? ON_DEMAND[name] ?? name));
	if (missing().length === 0) return null;
	if (!isDebian() || process.getuid?.() !== 0) return `not installed here: ${missing().join(", ")}`;
	return await locked(`${cacheFolder()}/install.lock`, async () => {
		if (missing().length === 0) return null;
		const names = missing();
		process.stderr.write(`tests: installing ${names.join(" ")}\n`);
		const output = await install(names);
		const still = missing();
		if (still.length === 0) return null;
		process.stderr.write(`${output.split("\n").slice(-25).join("\n")}\n`);
		return `could not be installed: ${still.join(", ")}`;
	});
}

/** For vitest's globalSetup: not for a run of unit tests alone, they need none of it. */
export async function setup({
	vitest,
}: {
	vitest?: { filenamePattern?: string[] | undefined };
}): Promise<void> {
	const patterns = vitest?.filenamePattern ?? [];
	if (patterns.length > 0 && patterns.every((it) => /test\/(unit|fuzz)/.test(it))) return;
	const reason = await prepareMachine();
	if (reason !== null) process.stderr.write(`tests that need real kernels or make skip: ${reason}\n`);
}

function isThere(sign: string): boolean {
	return sign.startsWith("/") ? existsSync(sign) : findProgram(sign) !== null;
}

export function isDebian(): boolean {
	return findProgram("apt-get") !== null && findProgram("dpkg-deb") !== null;
}

/** The whole output of apt-get. The lists are refreshed only when the first try fails: they may be hours old, or not there. */
async function install(names: string[]): Promise<string> {
	const options = {
		env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
		timeout: 5 * 60_000,
	};
	const command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...names];
	const first = await attempt(command, options);
	if (first.status === 0) return first.stdout;
	const refresh = await attempt(["apt-get", "update", "-q"], options);
	const second = await attempt(command, options);
	return [refresh.stdout, refresh.stderr, second.stdout, second.stderr].join("\n");
}
