/** A system with nothing in it but what the distribution calls minimal, for tests of what a newcomer's machine lacks. */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { machineSources } from "../../src/host/packages/apt-private.ts";
import { sourceLines } from "../../src/host/packages/apt-sources.ts";
import { attempt, type RunResult, run } from "../../src/host/process/run.ts";
import { prepareMachine } from "./machine.ts";

/** The user besides root. */
export const USER = "newcomer";

/** Makes the system in the new folder `root`, from this machine's own mirrors; null, else why that cannot be done here. */
export async function makeBare(root: string): Promise<string | null> {
	if (process.getuid?.() !== 0) return "making a bare system needs root";
	const lacking = await prepareMachine(["mmdebstrap"]);
	if (lacking !== null) return lacking;
	const lines = machineSources().flatMap(sourceLines);
	const suite = machineSources()[0]?.suites[0];
	if (suite === undefined) return "apt has no sources here";
	const command = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=directory", suite, root];
	const made = await attempt([...command, "-"], { input: `${lines.join("\n")}\n`, timeout: 10 * 60_000 });
	if (made.status !== 0) return `mmdebstrap: ${made.stderr.trim().split("\n").at(-1)}`;
	// As after the installation of a system: no package lists yet.
	rmSync(join(root, "var/lib/apt/lists"), { recursive: true });
	copyFileSync("/etc/resolv.conf", join(root, "etc/resolv.conf"));
	await run(["chroot", root, "useradd", "--create-home", USER]);
	return null;
}

/** Another one like it. */
export async function copyBare(from: string, root: string): Promise<void> {
	await run(["cp", "-a", "--reflink=auto", from, root]);
}

/** A line of a shell in the system, in the user's home folder, with a processes' world and /tmp of its own. */
export function inBare(root: string, user: string, line: string): Promise<RunResult> {
	const home = user === "root" ? "/root" : `/home/${user}`;
	mkdirSync(join(root, "proc"), { recursive: true });
	const script = [
		"mount --make-rprivate /",
		'mount -t proc proc "$1/proc"',
		'mount --rbind /dev "$1/dev"',
		'mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"',
		`exec env -i TERM=dumb HOME="$3" USER="$2" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \\
			KPREP_SYSROOT=/mnt/board "$(command -v chroot)" --userspec="$2:$2" "$1" /bin/sh -c 'cd; eval "$0"' "$4"`,
	].join("\n");
	const command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script];
	return attempt([...command, "sh", root, user, home, line], {
		env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
		timeout: 15 * 60_000,
	});
}
