import { spawnSync } from "node:child_process";
import { lstatSync, lutimesSync } from "node:fs";
import { onDisk, shellBytes } from "./names.ts";

/** What a path's times shall be: nanoseconds since 1970. */
export interface Times {
	path: string;
	mtime: bigint;
	/** Absent: as it is. */
	atime?: bigint;
}

/**
 * Sets times to the nanosecond, of links too, with one `touch` a value: Node's own calls round to microseconds, and stand
 * in where `touch` cannot do it. What is not there, or not this user's, stays as it is.
 */
export function setTimes(wanted: Times[]): void {
	const lines: Buffer[] = [];
	for (const { path, mtime, atime } of wanted) {
		const status = statOf(path);
		if (status === null) continue;
		const access = atime ?? status.atimeNs;
		if (status.mtimeNs === mtime && status.atimeNs === access) continue;
		try {
			lutimesSync(onDisk(path), Number(access) / 1e9, Number(mtime) / 1e9);
		} catch (error) {
			if (!["ENOENT", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
			continue;
		}
		lines.push(touchLine("-m", mtime, path), touchLine("-a", access, path));
	}
	if (lines.length > 0)
		spawnSync("sh", ["-s"], { input: Buffer.concat(lines), stdio: ["pipe", "ignore", "ignore"] });
}

function statOf(path: string) {
	try {
		return lstatSync(onDisk(path), { bigint: true });
	} catch {
		return null;
	}
}

function touchLine(which: "-m" | "-a", time: bigint, path: string): Buffer {
	const [seconds, rest] = [time / 1_000_000_000n, String(time % 1_000_000_000n).padStart(9, "0")];
	const words = `touch -c -h ${which} -d @${seconds}.${rest} -- `;
	return Buffer.concat([Buffer.from(words), shellBytes(path), Buffer.from("\n")]);
}
