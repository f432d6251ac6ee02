import { statSync } from "node:fs";
import { release, version } from "node:os";

/**
 * What tells whether a file is still the one it was, without reading it: size and time of change, as make has it. "absent"
 * for none; files of /proc and /sys have no time, so the running kernel stands for them.
 */
export function fileMark(path: string): string {
	if (/^\/(?:proc|sys)\//.test(path)) return `${release()} ${version()}`;
	const status = statSync(path, { throwIfNoEntry: false });
	return status === undefined ? "absent" : `${status.size} ${status.mtimeMs}`;
}
