import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * Everything below a folder: path → kind, mode, and the hash of a file's content or where a link leads. With `times`
 * the mtime of files and links too. Two trees are the same byte for byte when these are equal.
 */
export function fingerprint(folder: string, times = false): Record<string, string> {
	const found: Record<string, string> = {};
	const walk = (inner: string) => {
		for (const name of readdirSync(join(folder, inner)).sort()) {
			const path = inner === "" ? name : `${inner}/${name}`;
			const full = join(folder, path);
			const status = lstatSync(full);
			const mode = (status.mode & 0o7777).toString(8);
			const time = times && !status.isDirectory() ? ` ${status.mtimeMs}` : "";
			if (status.isSymbolicLink()) found[path] = `link ${readlinkSync(full)}${time}`;
			else if (status.isDirectory()) {
				found[path] = `folder ${mode}`;
				walk(path);
			} else found[path] = `${mode} ${createHash("sha256").update(readFileSync(full)).digest("hex")}${time}`;
		}
	};
	walk("");
	return found;
}
