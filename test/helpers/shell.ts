import { attempt } from "../../src/host/process/run.ts";

/** ccache makes the host tools of a second tree of one version cost next to nothing; the compilers' names stay. */
export const WITH_CCACHE = { PATH: `/usr/lib/ccache:${process.env.PATH}` };

/** stdout of a command of the machine's own, without blanks at its ends; throws with what it printed when it fails. */
export async function shell(command: string[], options: { cwd?: string } = {}): Promise<string> {
	const { status, stdout, stderr } = await attempt(command, {
		...{ env: WITH_CCACHE, timeout: 10 * 60_000, ...options },
	});
	if (status !== 0)
		throw new Error(`${command.join(" ")}: ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
	return stdout.trim();
}
