import { closeSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import { KprepError } from "../../errors.ts";
import { openRegular, readRegular } from "../../host/files/regular.ts";
import type { Subject } from "../providers/provider.ts";

/** Larger than any text that a kernel package has (Module.symvers of a debug kernel is 6 MB). */
const LARGEST_TEXT = 64 * 1024 * 1024;
/** Larger than any vmlinux with debug information. */
const LARGEST = 2 * 1024 * 1024 * 1024 - 1;

/** What is told of a file that is there and gives nothing, by error code of the system. */
const WHY: Record<string, string> = {
	EACCES: "permission denied",
	EPERM: "not permitted",
	EIO: "the disk answered with an error",
	ELOOP: "a loop of links",
	ENAMETOOLONG: "the name is too long",
};

/** The real path of a regular file that may be read; null when it is absent, no file, or unreadable (which is told). */
export function readableFile(subject: Subject, path: string): string | null {
	return guarded(subject, path, null, () => {
		const real = subject.root.real(path);
		const status = subject.root.stat(path);
		if (real === null || status === null || status.isDirectory()) return null;
		// access(2) answers for the real user, and not for every file system.
		closeSync(openRegular(real).descriptor);
		return real;
	});
}

/** Text (UTF-8) of a small regular file inside the root; null as for `readableFile`, and when it is too large. */
export function textOf(subject: Subject, path: string): string | null {
	const real = readableFile(subject, path);
	if (real === null) return null;
	return guarded(subject, path, null, () => {
		if ((subject.root.stat(path)?.size ?? 0) > LARGEST_TEXT) {
			subject.unreadable(`${real}: too large to be what it should be`);
			return null;
		}
		return readRegular(real, { limit: LARGEST_TEXT }).toString("utf8");
	});
}

/** Names in a folder inside the root, sorted; empty when it is absent or unreadable (which is told). */
export function namesIn(subject: Subject, path: string): string[] {
	return guarded(subject, path, [], () => subject.root.list(path));
}

/** The real path of a folder inside the root; null when it is absent. */
export function folderOf(subject: Subject, path: string): string | null {
	return guarded(subject, path, null, () =>
		subject.root.stat(path)?.isDirectory() === true ? subject.root.real(path) : null,
	);
}

/** The bytes of a file on this machine, as they are. */
export async function bytesOf(real: string): Promise<Uint8Array> {
	return readRegular(real, { limit: LARGEST });
}

function guarded<T>(subject: Subject, path: string, absent: T, look: () => T): T {
	try {
		return look();
	} catch (error) {
		const strange = error instanceof KprepError && error.code === "not-a-file";
		const why = strange ? `not a file but ${error.found}` : WHY[(error as NodeJS.ErrnoException).code ?? ""];
		if (why === undefined) throw error;
		subject.unreadable(
			`${barrier((error as NodeJS.ErrnoException).path ?? subject.root.outer(path))}: ${why}`,
		);
		return absent;
	}
}

/** The folder that keeps one from looking further down at `path`; `path` itself when all folders let pass. */
function barrier(path: string): string {
	for (let at = path; at !== dirname(at); at = dirname(at)) {
		try {
			lstatSync(at);
			return at;
		} catch {
			// The folder above may be the one that does not let pass.
		}
	}
	return path;
}
