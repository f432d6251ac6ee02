import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { UnpackedKernel } from "../../src/host/packages/apt-kernel.ts";
import { attempt, run } from "../../src/host/process/run.ts";

export interface Host {
	name: string;
	/** Which of the fleet's kernels it runs; absent: a build machine, which is this system. */
	kernel?: UnpackedKernel;
	/** Folders of this machine that it has at the same place. */
	folders?: string[];
	/** It does not answer. */
	down?: boolean;
	/** Kilobytes that its disk has; absent: enough. */
	room?: number;
}

/** What a host has in the place of the kernel's own answers: it loads nothing here. */
const PROGRAMS: Record<string, string> = {
	modprobe:
		'[ ! -e /refuses ] || { echo "modprobe: ERROR: could not insert \'$1\': Exec format error" >&2; exit 1; }\necho "$1" >>/loaded',
	dmesg: "cat /refuses",
};

/**
 * Machines on loopback addresses behind one sshd: each a root of its own with this system's programs (overlayfs), another
 * kernel's files and its `uname`. Needs root, sshd and ansible.
 */
export class Fleet {
	readonly folder: string;
	readonly port: number;
	readonly hosts: Host[];
	/** sshd's ChrootDirectory lies in nobody else's folder, so not below /tmp. */
	readonly #roots = mkdtempSync("/run/kprep-fleet-");
	#mounts: string[] = [];

	constructor(folder: string, hosts: Host[], port = 20_000 + (process.pid % 20_000)) {
		this.folder = folder;
		this.hosts = hosts;
		this.port = port;
	}

	/** The root of a host, as this machine sees it. */
	root(name: string): string {
		return join(this.#roots, name);
	}

	get inventory(): string {
		return join(this.folder, "inventory");
	}

	async start(): Promise<void> {
		mkdirSync(this.folder, { recursive: true });
		for (const key of ["host-key", "key"])
			await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(this.folder, key)]);
		for (const host of this.hosts) await this.#mountHost(host);
		mkdirSync("/run/sshd", { recursive: true });
		// One sshd listens on 16 addresses at most.
		for (let from = 0; from < this.hosts.length; from += 16) await this.#listen(from, from + 16);
		writeFileSync(
			this.inventory,
			[
				"[fleet]",
				...this.hosts.map(({ name }, at) => `${name} ansible_host=${address(at)}`),
				"[fleet:vars]",
				`ansible_port=${this.port}`,
				...["ansible_user=root", "ansible_python_interpreter=/usr/bin/python3"],
				`ansible_ssh_private_key_file=${this.folder}/key`,
				"ansible_ssh_common_args=-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR",
				"",
			].join("\n"),
		);
	}

	async stop(): Promise<void> {
		await attempt(["sh", "-c", `kill $(cat ${this.folder}/*.pid)`]);
		for (const mount of this.#mounts.reverse()) await attempt(["umount", "-l", mount]);
		this.#mounts = [];
		rmSync(this.#roots, { recursive: true, force: true });
	}

	/** Gives a full disk room again. */
	async empty(name: string): Promise<void> {
		rmSync(join(this.root(name), "filling"), { force: true });
		await run(["mount", "-o", "remount,size=64m", this.root(name)]);
	}

	async #listen(from: number, to: number): Promise<void> {
		const answering = this.hosts.flatMap((host, at) =>
			at < from || at >= to || host.down ? [] : [{ root: this.root(host.name), address: address(at) }],
		);
		const file = join(this.folder, `sshd-${from}`);
		const lines = [
			`Port ${this.port}`,
			...answering.map((one) => `ListenAddress ${one.address}`),
			`HostKey ${this.folder}/host-key`,
			`AuthorizedKeysFile ${this.folder}/key.pub`,
			`PidFile ${file}.pid`,
			...["StrictModes no", "UsePAM no", "PermitRootLogin yes", "MaxStartups 200"],
			"SetEnv PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"Subsystem sftp internal-sftp",
			...answering.flatMap((one) => [`Match LocalAddress ${one.address}`, `ChrootDirectory ${one.root}`]),
		];
		writeFileSync(file, `${lines.join("\n")}\n`);
		await run(["/usr/sbin/sshd", "-f", file, "-E", `${file}.log`]);
	}

	async #mountHost({ name, kernel, room, folders = [] }: Host): Promise<void> {
		const root = this.root(name);
		mkdirSync(root, { recursive: true });
		await this.#mount(
			["-t", "tmpfs", "-o", `mode=755,size=${room === undefined ? "256m" : `${room}k`}`, "none"],
			root,
		);
		for (const part of ["boot", "dev", "etc", "proc", "root", "tmp", "upper", "usr", "work"])
			mkdirSync(join(root, part));
		for (const part of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${part}`, join(root, part));
		for (const file of ["passwd", "group", "nsswitch.conf", "ld.so.cache", "os-release"])
			cpSync(join("/etc", file), join(root, "etc", file), { dereference: true });
		const layer = kernel === undefined ? null : await this.#layer(kernel);
		if (layer !== null) {
			cpSync(join(layer, "proc"), join(root, "proc"), { recursive: true });
			await this.#mount(["--bind", join(layer, "boot")], join(root, "boot"));
		}
		const lower = layer === null ? "/usr" : `${layer}/usr:/usr`;
		const layers = `lowerdir=${lower},upperdir=${root}/upper,workdir=${root}/work`;
		await this.#mount(["-t", "overlay", "-o", layers, "none"], join(root, "usr"));
		for (const folder of ["/dev", ...folders]) {
			mkdirSync(join(root, folder), { recursive: true });
			await this.#mount(["--bind", folder], join(root, folder));
		}
		if (room !== undefined)
			await attempt(["dd", "if=/dev/zero", `of=${root}/filling`, "bs=1k", "count=1000000"]);
	}

	async #mount(words: string[], at: string): Promise<void> {
		await run(["mount", ...words, at]);
		this.#mounts.push(at);
	}

	/** What all hosts of a kernel have above this system. */
	async #layer({ release, sysroot, modulesFolder }: UnpackedKernel): Promise<string> {
		const layer = join(this.folder, "kernels", release);
		if (existsSync(layer)) return layer;
		for (const part of ["usr/lib/modules", "usr/local/bin", "proc"])
			mkdirSync(join(layer, part), { recursive: true });
		await run(["cp", "-a", modulesFolder, join(layer, "usr/lib/modules", release)]);
		await run(["cp", "-a", join(sysroot, "boot"), join(layer, "boot")]);
		cpSync(join(sysroot, "usr/src"), join(layer, "usr/src"), { recursive: true, verbatimSymlinks: true });
		writeFileSync(join(layer, "proc/version"), `Linux version ${release}\n`);
		writeFileSync(join(layer, "proc/cmdline"), `root=/dev/vda1 ro quiet\n`);
		const uname = `case $1 in -r) echo ${release};; *) exec /usr/bin/uname "$@";; esac`;
		for (const [program, script] of Object.entries({ ...PROGRAMS, uname })) {
			const path = join(layer, "usr/local/bin", program);
			writeFileSync(path, `#!/bin/sh\n${script}\n`);
			chmodSync(path, 0o755);
		}
		return layer;
	}
}

function address(at: number): string {
	return `127.0.9.${at + 1}`;
}
