import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { TarReader } from "../../formats/archive/tar.ts";
import { TarError } from "../../formats/archive/tar-fields.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { regularStream } from "../files/regular.ts";
import { run } from "../process/run.ts";
import type { Progress } from "../progress.ts";
import { decompressedSize, decompression } from "./archive.ts";
import { type Limits, Room } from "./room.ts";
import { TreeWriter, type Wanted } from "./tree-writer.ts";

export interface UnpackOptions {
	progress: Progress;
	signal?: AbortSignal | undefined;
	/** What to take; everything when left out. */
	wanted?: Wanted | undefined;
	/** What it may unpack to, where that is not what a kernel tree is. */
	limits?: Partial<Limits>;
}

/** Unpacks a tarball that has one folder at its top, as `folder`. See `unpackInto` for what it promises. */
export async function unpackArchive(
	archive: string,
	folder: string,
	options: UnpackOptions,
): Promise<{ files: number }> {
	const command = decompression(archive);
	const size = command === null ? null : await decompressedSize(archive);
	const files = await unpackInto(folder, options, size, async (push) => {
		if (command !== null) return runInto(command, push, options);
		for await (const chunk of regularStream(archive)) push(chunk);
	});
	return { files };
}

/** As `unpackArchive`, from the stdout of a program that writes a plain tar, such as `git archive`. */
export async function unpackOutput(
	command: string[],
	folder: string,
	options: UnpackOptions & { env?: Record<string, string | undefined> },
): Promise<{ files: number }> {
	const feed = (push: Push) => runInto(command, push, options, options.env);
	return { files: await unpackInto(folder, options, null, feed) };
}

/** Makes a folder under its final name in one step: `fill` works in a sibling that is renamed, or removed on failure.
 * Throws KprepError "exists" when something other than an empty folder is there already. */
export async function makeFolder<T>(folder: string, fill: (temporary: string) => Promise<T>): Promise<T> {
	if (existsSync(folder) && readdirSync(folder).length > 0)
		throw new KprepError("usage", "exists", `${folder} exists already`, {
			expected: "a new or empty folder",
			suggestions: ["name another folder with --dest DIR", `rm -r ${quoted(folder)}`],
		});
	const parent = dirname(folder);
	await mkdir(parent, { recursive: true });
	await removeLeftovers(parent, basename(folder));
	const temporary = join(parent, `.${basename(folder)}.kprep-${process.pid}`);
	await mkdir(temporary, { mode: 0o755 });
	try {
		const result = await fill(temporary);
		await rename(temporary, folder);
		return result;
	} catch (error) {
		await rm(temporary, { recursive: true, force: true });
		throw error;
	}
}

/** Runs `work` with a folder beside `folder` for downloads, so that a move stays on one file system; removed at the end. */
export async function withStaging<T>(folder: string, work: (staging: string) => Promise<T>): Promise<T> {
	const [parent, name] = [dirname(folder), `${basename(folder)}.fetch`];
	await mkdir(parent, { recursive: true });
	await removeLeftovers(parent, name);
	const staging = join(parent, `.${name}.kprep-${process.pid}`);
	await mkdir(staging);
	try {
		return await work(staging);
	} finally {
		await rm(staging, { recursive: true, force: true });
	}
}

type Push = (bytes: Uint8Array) => void;

/** Refuses what TreeWriter refuses, throws KprepError "damaged-archive" for a broken one, and is atomic (makeFolder). */
function unpackInto(
	folder: string,
	{ wanted, progress, signal, limits }: UnpackOptions,
	size: number | null,
	feed: (push: Push) => Promise<unknown>,
): Promise<number> {
	return makeFolder(folder, async (temporary) => {
		const room = new Room(temporary, limits);
		if (size !== null && wanted === undefined) room.expect(size);
		const writer = new TreeWriter(temporary, wanted ?? null, room);
		const reader = new TarReader(writer);
		let bytes = 0;
		try {
			await feed((chunk) => {
				signal?.throwIfAborted();
				room.stream(chunk.length);
				reader.push(chunk);
				bytes += chunk.length;
				const part = size === null ? `${bytes >> 20} MiB` : `${Math.floor((bytes / size) * 100)} %`;
				progress.note(`${part}, ${writer.files} files`);
			});
			signal?.throwIfAborted();
			reader.finish();
			writer.finish();
			return writer.files;
		} catch (error) {
			writer.abandon();
			throw error instanceof TarError ? damaged(error, folder) : error;
		}
	});
}

async function runInto(
	command: string[],
	push: Push,
	{ progress, signal }: UnpackOptions,
	env: Record<string, string | undefined> = {},
): Promise<void> {
	await run(command, { onBytes: push, signal, progress, env });
}

function damaged(error: TarError, folder: string): KprepError {
	return new KprepError("missing", "damaged-archive", `the archive is damaged: ${error.message}`, {
		where: folder,
		suggestions: ["fetch it again"],
		cause: error,
	});
}

/** Removes what runs that were killed left. */
async function removeLeftovers(parent: string, name: string): Promise<void> {
	const prefix = `.${name}.kprep-`;
	for (const entry of readdirSync(parent)) {
		if (!entry.startsWith(prefix)) continue;
		const pid = Number(entry.slice(prefix.length));
		if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid))
			await rm(join(parent, entry), { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
