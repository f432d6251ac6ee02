import { spawnSync } from "node:child_process";
import {
	chmodSync,
	closeSync,
	constants,
	copyFileSync,
	lchownSync,
	linkSync,
	lstatSync,
	openSync,
	readlinkSync,
	readSync,
	renameSync,
	rmSync,
	symlinkSync,
	utimesSync,
} from "node:fs";
import { dirname } from "node:path";
import { temporaryIn } from "./files.ts";
import { onDisk, shellBytes } from "./names.ts";

/**
 * Puts what `make` makes under a temporary name at `path`, in one step. The temporary name is in `staging` when that is
 * on the same file system, else beside the path.
 */
export function placeAt(path: string, staging: string, make: (temporary: string) => void): void {
	for (const folder of [staging, dirname(path)]) {
		const temporary = temporaryIn(folder);
		try {
			make(temporary);
			renameSync(onDisk(temporary), onDisk(path));
			return;
		} catch (error) {
			rmSync(onDisk(temporary), { force: true });
			if ((error as NodeJS.ErrnoException).code !== "EXDEV" || folder === dirname(path)) throw error;
		}
	}
}

/**
 * Keeps the very inode of `path` at `kept` too: a hard link, where there are none the file itself is moved, and across
 * file systems it is a copy with all attributes. Links are kept as links.
 */
export function keepInode(path: string, kept: string): void {
	rmSync(onDisk(kept), { force: true });
	try {
		linkSync(onDisk(path), onDisk(kept));
		return;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (!["EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EACCES"].includes(code ?? ""))
			throw error;
	}
	try {
		renameSync(onDisk(path), onDisk(kept));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
		copyWhole(path, kept);
	}
}

/** A copy with mode, owner, times and what else `cp` can carry over; the clone of a file where the disk has such. */
export function copyWhole(from: string, to: string): void {
	for (const words of [["--preserve=all", "-P", "--reflink=auto"], ["-pP"]]) {
		rmSync(onDisk(to), { force: true });
		// Through a shell: words of a command line cannot be bytes.
		const line = Buffer.concat([
			Buffer.from(`exec cp ${words.join(" ")} -- `),
			...[shellBytes(from), Buffer.from(" "), shellBytes(to)],
		]);
		const { status } = spawnSync("sh", ["-s"], { input: line, stdio: ["pipe", "ignore", "ignore"] });
		if (status === 0) return;
	}
	standIn(from, to);
}

/**
 * A copy of a file or link for make to work on, the original put away: content, mode, owner, and times to the
 * microsecond, which is what Node can set. Reading does not change the original's access time where that can be helped.
 */
export function standIn(from: string, to: string): void {
	const [origin, place] = [onDisk(from), onDisk(to)];
	const status = lstatSync(origin);
	if (status.isSymbolicLink()) symlinkSync(readlinkSync(origin, { encoding: "buffer" }), place);
	else {
		copyFileSync(origin, place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
		chmodSync(place, status.mode & 0o7777);
		utimesSync(place, status.atimeMs / 1000, status.mtimeMs / 1000);
	}
	if (status.uid !== process.geteuid?.() || status.gid !== process.getegid?.()) chownQuietly(to, status);
}

/** Only root may give files away; for others the group is worth a try. */
function chownQuietly(path: string, { uid, gid }: { uid: number; gid: number }): void {
	try {
		lchownSync(onDisk(path), process.geteuid?.() === 0 ? uid : -1, gid);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
	}
}

/** Whether two regular files hold the same bytes. Their access times stay where the system allows it. */
export function sameContent(one: string, other: string): boolean {
	const [first, second] = [openQuietly(one), openQuietly(other)];
	try {
		const [left, right] = [Buffer.alloc(1 << 18), Buffer.alloc(1 << 18)];
		for (;;) {
			const [length, length2] = [fill(first, left), fill(second, right)];
			if (length !== length2 || left.compare(right, 0, length, 0, length) !== 0) return false;
			if (length < left.length) return true;
		}
	} finally {
		closeSync(first);
		closeSync(second);
	}
}

function fill(descriptor: number, bytes: Buffer): number {
	let got = 0;
	while (got < bytes.length) {
		const count = readSync(descriptor, bytes, got, bytes.length - got, null);
		if (count === 0) break;
		got += count;
	}
	return got;
}

/** O_NOATIME is for the owner and root only. */
function openQuietly(path: string): number {
	const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
	try {
		return openSync(onDisk(path), flags | constants.O_NOATIME);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
		return openSync(onDisk(path), flags);
	}
}
