import { randomBytes } from "node:crypto";
import {
	chmodSync,
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readSync,
	statSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { onDisk } from "./names.ts";
import { openPlain } from "./regular.ts";

export interface WriteOptions {
	/** Where the temporary file is; default: the same folder. */
	staging?: string;
	/** Whose the file shall be; default: this process's user. */
	owner?: { uid: number; gid: number } | undefined;
}

/**
 * Writes `content` so that after a crash the file is either the old or the new one, whole: a temporary file in the
 * same folder (or in `staging`, on the same file system), fsync, rename, fsync of the folder. `mode` as for chmod.
 */
export async function writeAtomically(
	path: string,
	content: string | Uint8Array,
	mode = 0o644,
	{ staging = dirname(path), owner }: WriteOptions = {},
): Promise<void> {
	const temporary = temporaryIn(staging);
	try {
		const file = await open(onDisk(temporary), "wx", mode);
		try {
			await file.writeFile(content);
			if (owner !== undefined) await file.chown(owner.uid, owner.gid);
			await file.chmod(mode);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(onDisk(temporary), onDisk(path));
	} catch (error) {
		await rm(onDisk(temporary), { force: true });
		if ((error as NodeJS.ErrnoException).code !== "EXDEV" || staging === dirname(path)) throw error;
		await writeAtomically(path, content, mode, owner === undefined ? {} : { owner });
	}
	syncFolder(dirname(path));
}

/** Makes a folder, and those above it that are missing, for all to read whatever the umask is. */
export function makeReadable(folder: string): void {
	const first = mkdirSync(folder, { recursive: true });
	if (first === undefined) return;
	for (let at = resolve(folder); at.length >= resolve(first).length; at = dirname(at)) chmodSync(at, 0o755);
}

/**
 * Makes a folder and those above it that are missing. Node's own way never comes back where a folder is there and nothing
 * can be made in it (/proc; libuv tries for ever). Throws the system's error.
 */
export function makeFolders(folder: string): void {
	try {
		mkdirSync(folder);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "EEXIST" && statSync(folder).isDirectory()) return;
		const above = dirname(resolve(folder));
		if (code !== "ENOENT" || existsSync(above)) throw error;
		makeFolders(above);
		mkdirSync(folder);
	}
}

/**
 * A name for a file that is not finished. The number of a process is not enough: a killed one in another container may
 * have had the same; nor is the file's name a part of it, which may be as long as names can be.
 */
export function temporaryIn(folder: string): string {
	return join(folder, `.kprep-${process.pid}-${randomBytes(6).toString("hex")}`);
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
	const descriptor = openSync(onDisk(folder), "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

/** The first `length` bytes of a file, or all of it when it is shorter. */
export function readHead(path: string, length: number): Uint8Array {
	return readPart(path, 0, Math.min(length, statSync(onDisk(path)).size));
}

/** `length` bytes from `offset` of a regular file; shorter at its end. */
export function readPart(path: string, offset: number, length: number): Uint8Array {
	const { descriptor } = openPlain(path);
	const bytes = new Uint8Array(length);
	try {
		let got = 0;
		while (got < length) {
			const count = readSync(descriptor, bytes, got, length - got, offset + got);
			if (count === 0) break;
			got += count;
		}
		return bytes.subarray(0, got);
	} finally {
		closeSync(descriptor);
	}
}
