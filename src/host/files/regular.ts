import {
	closeSync,
	constants,
	createReadStream,
	fstatSync,
	lstatSync,
	openSync,
	type ReadStream,
	readSync,
	realpathSync,
	type Stats,
	statSync,
} from "node:fs";
import { isAbsolute, relative } from "node:path";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { asText, entriesOf, onDisk } from "./names.ts";

export interface RegularOptions {
	/** The most that is read, in bytes; a larger file is an error. */
	limit?: number;
	/** A folder that links must not lead out of. */
	within?: string;
}

const LIMIT = 64 * 1024 * 1024;
const PART = 64 * 1024;
const FOLDER = "a folder";

/**
 * Content of a regular file. Never waits and never has an effect: pipes, sockets, devices and folders are not opened
 * (opening a device can set it off). Throws KprepError "not-found", "not-a-file", "too-large" (missing) and
 * "link-outside" (busy); other errors are the system's.
 */
export function readRegular(path: string, options: RegularOptions = {}): Buffer {
	const { descriptor, size } = openRegular(path, options);
	const limit = options.limit ?? LIMIT;
	try {
		if (size > limit) throw tooLarge(path, limit, `${size} bytes`);
		// Files of /proc say that they are empty: the end is where reading ends.
		const parts: Buffer[] = [];
		let total = 0;
		for (;;) {
			const part = Buffer.allocUnsafe(Math.max(PART, size + 1 - total));
			const count = readSync(descriptor, part, 0, part.length, null);
			if (count === 0) break;
			parts.push(part.subarray(0, count));
			total += count;
			if (total > limit) throw tooLarge(path, limit, "more");
		}
		return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, total);
	} finally {
		closeSync(descriptor);
	}
}

/**
 * Text (UTF-8) of a regular file; null when nothing is there, or a folder, or more than text could be. Throws as
 * readRegular for pipes, sockets, devices and links that lead out.
 */
export function textIfThere(path: string, options: RegularOptions = {}): string | null {
	try {
		return readRegular(path, options).toString("utf8");
	} catch (error) {
		if (!(error instanceof KprepError)) throw error;
		const { code, found } = error;
		if (["not-found", "too-large"].includes(code) || found === FOLDER) return null;
		throw error;
	}
}

/** Opens a regular file for reading, as readRegular does and with its errors; who calls closes it. */
export function openRegular(
	path: string,
	{ within }: RegularOptions = {},
): { descriptor: number; size: number } {
	const real = realOf(path);
	if (within !== undefined && !isInside(real, realPath(within))) throw leadsOut(path, real);
	const status = lstatSync(onDisk(real));
	if (!status.isFile()) throw notRegular(path, status);
	return opened(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/** A regular file as a stream, with the errors of readRegular at once. */
export function regularStream(path: string): ReadStream {
	const { descriptor } = openRegular(path);
	return createReadStream(path, { fd: descriptor, highWaterMark: 1 << 20 });
}

/**
 * As openRegular for files by the thousand (modules, images): what lies there is found out by opening it, which never
 * waits. A block device counts as a file: a boot partition that the user named. Throws "not-a-file"; other errors are
 * the system's.
 */
export function openPlain(path: string): { descriptor: number; size: number } {
	return opened(path, constants.O_RDONLY | constants.O_NONBLOCK, true);
}

/**
 * Throws KprepError "not-a-file" when anything below `folder`, behind links to folders too, is neither a folder nor a
 * regular file: for folders that another program is going to read, which a pipe would keep waiting.
 */
export function requireRegularBelow(folder: string, seen = new Set<string>()): void {
	const real = realPath(folder);
	if (seen.has(real)) return;
	seen.add(real);
	for (const { name, kind } of entriesOf(real)) {
		if (kind === "file") continue;
		const path = `${real}/${name}`;
		const status = kind === "folder" ? null : statSync(onDisk(path), { throwIfNoEntry: false });
		if (status === null || status?.isDirectory()) requireRegularBelow(path, seen);
		else if (status !== undefined && !status.isFile()) throw notRegular(path, status);
	}
}

/** The path without links, every name of it whatever its bytes; throws the system's error. */
export function realPath(path: string): string {
	return asText(realpathSync.native(onDisk(path), { encoding: "buffer" }));
}

/** Whether `path` is `folder` or lies below it; both without links. */
export function isInside(path: string, folder: string): boolean {
	const inner = relative(folder, path);
	return inner !== ".." && !inner.startsWith("../") && !isAbsolute(inner);
}

function opened(path: string, flags: number, blocks = false): { descriptor: number; size: number } {
	const descriptor = openSync(onDisk(path), flags);
	const status = fstatSync(descriptor);
	if (blocks && status.isBlockDevice()) return { descriptor, size: blockSize(status) };
	if (status.isFile()) return { descriptor, size: status.size };
	closeSync(descriptor);
	throw notRegular(path, status);
}

/** A block device has no size of its own: the kernel tells it in sectors of 512 bytes. */
function blockSize({ rdev }: Stats): number {
	const [major, minor] = [(rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00)];
	return Number(readRegular(`/sys/dev/block/${major}:${minor}/size`).toString("latin1")) * 512;
}

function realOf(path: string): string {
	try {
		return realPath(path);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
		throw new KprepError("missing", "not-found", `no such file: ${path}`, { where: path, cause: error });
	}
}

function notRegular(path: string, status: Stats): KprepError {
	return new KprepError("missing", "not-a-file", `${path} is not a regular file`, {
		expected: "a regular file",
		found: kindOf(status),
		where: path,
		suggestions: [`ls -l ${quoted(path)}`],
	});
}

function kindOf(status: Stats): string {
	if (status.isDirectory()) return FOLDER;
	if (status.isFIFO()) return "a named pipe";
	if (status.isSocket()) return "a socket";
	return status.isCharacterDevice() || status.isBlockDevice() ? "a device" : "something else";
}

function leadsOut(path: string, real: string): KprepError {
	return new KprepError("busy", "link-outside", `${path} is a link that leads out of the tree`, {
		expected: "a file of the tree itself",
		found: real,
		where: path,
		suggestions: [`cp --remove-destination "$(readlink -f ${quoted(path)})" ${quoted(path)}`],
	});
}

function tooLarge(path: string, limit: number, found: string): KprepError {
	return new KprepError("missing", "too-large", `${path} is too large to be what it should be`, {
		expected: `at most ${limit} bytes`,
		found,
		where: path,
	});
}
