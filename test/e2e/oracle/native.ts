import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/host/process/run.ts";
import { silent } from "../../../src/host/progress.ts";
import { cacheFolder } from "../../helpers/cache.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import { locked } from "../../helpers/lock.ts";

/** What make needs besides what the headers' packages depend on: packages that a system takes for granted. */
const TAKEN_FOR_GRANTED = [
	...[
		"make",
		"gcc",
		"bash",
		"dash",
		"coreutils",
		"sed",
		"grep",
		"gawk",
		"findutils",
		"diffutils",
		"perl-base",
	],
];

/**
 * A root folder with the kernel's headers, its own compiler and C library, to be used with chroot: for kernels whose
 * host programs and compiler options are too new for this machine. Kept in the cache. Throws where this is not root.
 */
export async function nativeRoot(kernel: LabKernel): Promise<string> {
	if (process.getuid?.() !== 0)
		throw new Error("a newer compiler than this machine's needs root, for chroot");
	const root = join(cacheFolder(), "native", kernel.release);
	return await locked(join(cacheFolder(), "native.lock"), async () => {
		if (!existsSync(root)) await make(kernel, root);
		return root;
	});
}

async function make(kernel: LabKernel, root: string): Promise<void> {
	const partial = `${root}.partial-${process.pid}`;
	rmSync(partial, { recursive: true, force: true });
	mkdirSync(join(partial, "usr"), { recursive: true });
	for (const name of ["bin", "sbin", "lib", "lib64"]) {
		mkdirSync(join(partial, "usr", name));
		symlinkSync(`usr/${name}`, join(partial, name));
	}
	process.stderr.write(`oracle: fetching the compiler of ${kernel.release}\n`);
	for (const file of await download(kernel)) await run(["dpkg-deb", "-x", file, partial]);
	for (const name of ["tmp", "dev", "proc"]) mkdirSync(join(partial, name), { recursive: true });
	// The shell's "sh", and what redirections write to.
	if (!existsSync(join(partial, "usr/bin/sh"))) symlinkSync("dash", join(partial, "usr/bin/sh"));
	if (!existsSync(join(partial, "usr/bin/awk"))) symlinkSync("gawk", join(partial, "usr/bin/awk"));
	await run(["mknod", "-m", "666", join(partial, "dev/null"), "c", "1", "3"]);
	renameSync(partial, root);
}

/** Lets apt find everything for a machine on which nothing is installed, with the lists that the kernel came from. */
async function download(kernel: LabKernel): Promise<string[]> {
	const folder = mkdtempSync(join(cacheFolder(), "native-packages-"));
	mkdirSync(join(folder, "partial"));
	writeFileSync(join(folder, "status"), "");
	const options = [
		...["-o", `Dir::State::status=${join(folder, "status")}`, "-o", `Dir::Cache::archives=${folder}`],
		...[
			"-o",
			"Debug::NoLocking=1",
			"-o",
			"APT::Sandbox::User=root",
			"-o",
			"APT::Get::AllowUnauthenticated=0",
		],
	];
	const names = [`linux-headers-${kernel.release}`, ...TAKEN_FOR_GRANTED];
	await run(
		["apt-get", "-q", "-y", ...options, "--no-install-recommends", "--download-only", "install", ...names],
		{ env: { ...kernel.apt.env, LC_ALL: "C.UTF-8" }, timeout: 10 * 60_000, progress: silent },
	);
	return readdirSync(folder)
		.filter((it) => it.endsWith(".deb"))
		.map((it) => join(folder, it));
}
