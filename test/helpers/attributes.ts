import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { entriesOf, onDisk } from "../../src/host/files/names.ts";

/**
 * Everything below a folder, the folder's own times left out: path → kind, mode, owner, number of hard links, mtime in
 * ns, content. Two trees are the same to the last attribute that can be compared without extra programs when these are equal.
 */
export function attributes(folder: string): Record<string, string> {
	const found: Record<string, string> = {};
	const walk = (inner: string) => {
		const names = entriesOf(join(folder, inner)).map(({ name }) => name);
		for (const name of names.sort()) {
			const path = inner === "" ? name : `${inner}/${name}`;
			const full = onDisk(join(folder, path));
			const { mode, uid, gid, nlink, mtimeNs } = lstatSync(full, { bigint: true });
			const common = `${mode.toString(8)} ${uid}:${gid} ${mtimeNs}`;
			if ((mode & 0o170000n) === 0o040000n) {
				found[path] = `folder ${common}`;
				walk(path);
			} else if ((mode & 0o170000n) === 0o120000n) found[path] = `link ${common} ${readlinkSync(full)}`;
			else if ((mode & 0o170000n) === 0o100000n)
				found[path] =
					`file ${common} ${nlink} ${createHash("sha256").update(readFileSync(full)).digest("hex")}`;
			else found[path] = `other ${common}`;
		}
	};
	walk("");
	return found;
}
