/**
 * The package of `kprep package` where it is to be of use: in a bare Debian that has nothing but the kernel's image
 * (KPREP_BARE=1), and in an arm64 system, made here (KPREP_ARCHITECTURES=1). Both need root and bring packages.
 */
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { machineSources } from "../../src/host/packages/apt-private.ts";
import { sourceLines } from "../../src/host/packages/apt-sources.ts";
import { findProgram } from "../../src/host/process/program.ts";
import { attempt, run } from "../../src/host/process/run.ts";
import { inBare, makeBare } from "../helpers/bare.ts";
import { makeBoard } from "../helpers/board.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { writeHello } from "../helpers/hello.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab } from "../helpers/lab.ts";
import { prepareMachine } from "../helpers/machine.ts";

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), "kprep-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 5 * MINUTES);

function skipsWithout(variable: string): boolean {
	if (process.env[variable] === "1") return false;
	console.log(`skipped: a part of test/e2e/package.test.ts installs whole systems; ${variable}=1 runs it`);
	return true;
}

/** The package of the distribution that `kernel` was unpacked from. */
function imagePackage(kernel: LabKernel): string {
	const names = readdirSync(join(cacheFolder(), "packages"));
	const name = names.find((it) => it.startsWith(`linux-image-${kernel.release}_`));
	if (name === undefined) throw new Error(`no package of ${kernel.release}`);
	return join(cacheFolder(), "packages", name);
}

describe.skipIf(skipsWithout("KPREP_BARE"))("in a Debian with nothing but the kernel", () => {
	it("the .deb installs, DKMS finds it by itself, and the module loads; lintian and rpm have no errors", {
		timeout: 60 * MINUTES,
	}, async (context) => {
		const kernel = await lab.kernel({ flavour: "cloud" });
		const root = join(folder, "bare");
		const lacking = "skip" in kernel ? kernel.skip : await makeBare(root);
		if (lacking !== null || "skip" in kernel) return context.skip(lacking ?? "");
		const board = join(folder, "board");
		makeBoard(kernel, board);
		const tree = join(folder, "tree");
		await kernel.tree(tree);
		await kprepJson("sync", tree, "--sysroot", board);
		for (const name of ["headers.deb", "again.deb"])
			await kprepJson("package", tree, "--sysroot", board, "-o", join(folder, name));
		expect(
			readFileSync(join(folder, "headers.deb")).equals(readFileSync(join(folder, "again.deb"))),
			"the same bytes twice",
		).toBe(true);
		for (const file of [join(folder, "headers.deb"), imagePackage(kernel)])
			copyFileSync(file, join(root, "opt", basename(file)));
		const apt =
			"DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-unsafe-io";
		const typed = async (line: string) => {
			const { status, stdout, stderr } = await inBare(root, "root", line);
			expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
			return stdout;
		};
		await typed(`apt-get update -q && ${apt} /opt/linux-image-*.deb`);
		await typed(`${apt} /opt/headers.deb`);
		await typed(`${apt} v4l2loopback-dkms`);
		const { release } = kernel;
		await typed(`dkms install v4l2loopback/$(ls /var/lib/dkms/v4l2loopback | head -1) -k ${release}`);
		expect(await typed("dkms status")).toMatch(
			new RegExp(`v4l2loopback.*${release.replaceAll("+", "\\+")}.*installed`),
		);
		const built = join(root, "lib/modules", release, "updates/dkms/v4l2loopback.ko");
		const { modules } = await kprepJson<{ modules: { verdict: string; boot: unknown }[] }>(
			...["check", built, "--sysroot", kernel.sysroot, "--boot", "--enforce", "none"],
		);
		expect(modules[0]).toMatchObject({ verdict: "loads", boot: { loaded: true } });

		await typed(`${apt} lintian rpm`);
		expect(await typed("lintian --fail-on error --tag-display-limit 0 /opt/headers.deb")).not.toMatch(/^E:/m);
		// rpmbuild of that system over this one.
		const rpm = join(root, "opt/headers.rpm");
		await run([
			...[
				"unshare",
				"--mount",
				"sh",
				"-ec",
				'mount -t overlay overlay -o "lowerdir=$0/usr:/usr" /usr; exec "$@"',
				root,
			],
			...[process.execPath, "bin/run.js", "package", tree, "--sysroot", board, "-o", rpm],
		]);
		expect(await typed("rpm -K /opt/headers.rpm")).toContain("digests OK");
		expect(await typed("rpm -qpl /opt/headers.rpm")).toContain(
			`/usr/src/linux-headers-${release}-kprep/scripts/mod/modpost\n`,
		);
		expect(await typed("rpm -qp --requires /opt/headers.rpm")).toMatch(/^libc\.so\.6\(\)\(64bit\)$/m);
	});
});

describe.skipIf(skipsWithout("KPREP_ARCHITECTURES"))(
	"for an arm64 kernel and an arm64 machine, made on another",
	() => {
		it("builds hello.ko there with host tools of its own, and the kernel loads it", {
			timeout: 60 * MINUTES,
		}, async (context) => {
			const kernel = await lab.kernel({ flavour: "cloud", architecture: "arm64" });
			const tools = ["mmdebstrap", "gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-system-arm"];
			const emulator = ["qemu-aarch64-static", "qemu-aarch64"].map((name) => findProgram(name)).find(Boolean);
			const lacking =
				"skip" in kernel
					? kernel.skip
					: emulator === undefined
						? "not installed here: qemu-aarch64-static"
						: await prepareMachine(tools);
			if (lacking !== null || "skip" in kernel) return context.skip(lacking ?? "");
			const tree = join(folder, "arm64");
			await kprepJson(
				"source",
				"get",
				await kernel.source(),
				"--minimal",
				"--dest",
				tree,
				"--sysroot",
				kernel.sysroot,
			);
			await kprepJson(
				"sync",
				tree,
				"--sysroot",
				kernel.sysroot,
				"--cross-compile",
				"aarch64-linux-gnu-",
				"--toolchain",
				"host",
			);
			const deb = join(folder, "arm64.deb");
			await kprepJson("package", tree, "--sysroot", kernel.sysroot, "--host-arch", "arm64", "-o", deb);
			expect((await run(["dpkg-deb", "-f", deb, "Architecture"])).stdout).toBe("arm64\n");

			const root = join(folder, "armroot");
			const compiler = /\bgcc-\d+/.exec((await run(["dpkg-deb", "-f", deb, "Depends"])).stdout)?.[0] ?? "gcc";
			await system(root, [
				"make",
				compiler,
				"mawk",
				"dash",
				"bash",
				"coreutils",
				"sed",
				"grep",
				"findutils",
				"diffutils",
			]);
			await run(["dpkg-deb", "-x", deb, root]);
			writeHello(join(root, "hello"));
			const headers = `/usr/src/linux-headers-${kernel.release}-kprep`;
			const built = await inEmulated(root, emulator ?? "", `make -C ${headers} M=/hello modules`);
			expect(built.status, built.stdout + built.stderr).toBe(0);
			const { modules } = await kprepJson<{ modules: { verdict: string; boot: unknown }[] }>(
				...[
					"check",
					join(root, "hello/hello.ko"),
					"--sysroot",
					kernel.sysroot,
					"--boot",
					"--enforce",
					"none",
				],
			);
			expect(modules[0]).toMatchObject({ verdict: "loads", boot: { loaded: true } });
		});
	},
);

/** The new folder `root` with packages of arm64 unpacked, none of their scripts run. */
async function system(root: string, packages: string[]): Promise<void> {
	const lines = machineSources().flatMap(sourceLines);
	const suite = machineSources()[0]?.suites[0] ?? "stable";
	const options = ["--quiet", "--variant=extract", "--architectures=arm64", "--format=directory"];
	await run(["mmdebstrap", ...options, `--include=${packages.join(",")}`, suite, root, "-"], {
		...{ input: `${lines.join("\n")}\n`, timeout: 10 * MINUTES },
	});
	mkdirSync(join(root, "usr/bin"), { recursive: true });
	symlinkSync("mawk", join(root, "usr/bin/awk"));
}

/** A command of another architecture's system, its programs run by QEMU as far as this command reaches (binfmt_misc of a user namespace, Linux 6.7). */
function inEmulated(root: string, emulator: string, line: string) {
	const magic = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
	const mask = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;
	const script = `mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
		printf '%s' "$2" > /proc/sys/fs/binfmt_misc/register
		mount --rbind /dev "$0/dev"
		exec env -i HOME=/ LC_ALL=C PATH=/usr/bin:/bin chroot "$0" sh -c "$1"`;
	return attempt(
		[
			...[
				"unshare",
				"--user",
				"--map-root-user",
				"--mount",
				"--pid",
				"--fork",
				"--mount-proc",
				"--kill-child",
			],
			...["sh", "-ec", script, root, line, `:qemu:M::${magic}:${mask}:${emulator}:F`],
		],
		{ env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }, timeout: 20 * MINUTES },
	);
}
