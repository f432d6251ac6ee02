import { closeSync, constants, createReadStream, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { KprepError } from "../../errors.ts";
import { onDisk } from "./names.ts";

/**
 * The bytes of a file, pipe or terminal. Never waits in a thread of Node, which could not be stopped: a pipe that nobody
 * writes to, /proc/kmsg. Throws KprepError "not-a-file" for a socket; other errors are the system's.
 */
export function logStream(path: string): Readable {
	const fd = opened(path);
	const status = fstatSync(fd);
	if (isatty(fd)) return new ReadStream(fd);
	if (status.isFIFO()) return new Socket({ fd, readable: true, writable: false });
	if (status.isFile() || status.isCharacterDevice() || status.isBlockDevice())
		return createReadStream(path, { fd, highWaterMark: 1 << 18 });
	closeSync(fd);
	throw notReadable(path);
}

/** What a stream gives; the kernel's own logs never end, and have nothing more for now. */
export async function* untilDrained(stream: Readable): AsyncGenerator<Uint8Array> {
	try {
		yield* stream;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
	}
}

function opened(path: string): number {
	try {
		return openSync(onDisk(path), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
		throw notReadable(path, error);
	}
}

function notReadable(path: string, cause?: unknown): KprepError {
	return new KprepError("missing", "not-a-file", `${path} is nothing that can be read`, {
		...{ expected: "a file, a pipe, or - for standard input", where: path, cause },
	});
}
