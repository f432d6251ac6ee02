import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, type RunOptions, type RunResult } from "../../src/host/process/run.ts";

/**
 * `command` as if the packages unpacked in `sysroot` were installed: its usr/ lies over the machine's in a mount
 * namespace of the command's own, because headers packages name /usr/src and /usr/lib by absolute paths.
 */
export function withPackages(
	sysroot: string,
	command: string[],
	options: RunOptions = {},
): Promise<RunResult> {
	const script = 'mount -t overlay overlay -o "lowerdir=$0/usr:/usr" /usr && exec "$@"';
	const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
	return attempt(["unshare", "--mount", ...asRoot, "sh", "-c", script, sysroot, ...command], options);
}

/** Why `withPackages` and a build with these headers do not work here, in one line; null when they do. */
export async function headersUnusable(sysroot: string, build: string): Promise<string | null> {
	const fixdep = join(build, "scripts/basic/fixdep");
	const { status, stderr } = await withPackages(sysroot, [
		"sh",
		"-c",
		'test -x "$0" && "$0" || test $? = 1',
		fixdep,
	]);
	if (status === 0 && !/not found/.test(stderr)) return null;
	return `headers of ${sysroot} cannot be used here: ${stderr.trim().split("\n")[0] ?? ""}`;
}

/** Path of the headers as seen inside `withPackages`. */
export function headersFolder(sysroot: string, release: string): string {
	const path = `/usr/src/linux-headers-${release}`;
	if (!existsSync(join(sysroot, path))) throw new Error(`no ${path} in ${sysroot}`);
	return path;
}
