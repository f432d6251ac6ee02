import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder but .git: path → mode and sha256 of its content, or the target of a link. Two equal maps are two equal trees. */
export function hashTree(folder: string): Map<string, string> {
	const found = new Map<string, string>();
	walk(folder, "", found);
	return found;
}

function walk(top: string, inner: string, found: Map<string, string>): void {
	for (const entry of readdirSync(join(top, inner), { withFileTypes: true })) {
		const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
		if (path === ".git") continue;
		const full = join(top, path);
		if (entry.isDirectory()) walk(top, path, found);
		else if (entry.isSymbolicLink()) found.set(path, `-> ${readlinkSync(full)}`);
		else found.set(path, `${lstatSync(full).mode.toString(8)} ${digest(full)}`);
	}
}

/** A file's change time is the kernel's own and cannot be set: while it stands, the content is what was read before. */
const digests = new Map<string, string>();

function digest(path: string): string {
	const { dev, ino, size, ctimeNs } = lstatSync(path, { bigint: true });
	const key = `${dev} ${ino} ${size} ${ctimeNs}`;
	const known = digests.get(key);
	if (known !== undefined) return known;
	const made = createHash("sha256").update(readFileSync(path)).digest("hex");
	digests.set(key, made);
	return made;
}
