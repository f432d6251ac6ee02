import {
	lstatSync,
	mkdirSync,
	readdirSync,
	readlinkSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { makeFolders } from "../../host/files/files.ts";
import { alone } from "../../host/files/waiting.ts";
import type { Progress } from "../../host/progress.ts";
import { type Kept, keepFolder, keptParts } from "./kept.ts";
import type { Manifest } from "./manifest.ts";

/** Folder of what is being made, and of what has a name: a name is a link into it. */
const MADE = ".made";

/**
 * Keeps a part as `name`: `make` fills a new folder and gives its manifest. The name appears in one step when all of it
 * is there, as a link to that folder, because programs know the folder by its path. One at a time on a machine: whoever
 * comes second waits, and takes what the first made. What an earlier run that was killed left is removed.
 */
export async function keep(
	name: string,
	make: (folder: string) => Promise<Manifest>,
	{
		progress,
		signal,
		folder = keepFolder(),
	}: { progress: Progress; signal?: AbortSignal | undefined; folder?: string },
): Promise<Kept> {
	makeFolders(join(folder, MADE));
	requirePlainPath(folder);
	return alone(folder, { progress, signal }, async () => {
		const there = (await keptParts(folder)).find((it) => it.name === name);
		if (there !== undefined) return there;
		removeLeftovers(folder);
		const place = join(folder, MADE, `${name}.${process.pid}-${Date.now()}`);
		mkdirSync(place);
		try {
			const manifest = await make(place);
			signal?.throwIfAborted();
			writeFileSync(join(place, "manifest.json"), `${JSON.stringify(manifest, null, "\t")}\n`);
			publish(folder, name, place);
			return { ...manifest, name, folder: join(folder, name) };
		} catch (error) {
			rmSync(place, { recursive: true, force: true });
			throw error;
		}
	});
}

/** Removes a kept part: its name first, so that nothing half-removed is ever used. */
export function forget(name: string, folder = keepFolder()): void {
	const link = join(folder, name);
	const place = join(folder, readlinkSync(link));
	rmSync(link);
	if (basename(join(place, "..")) === MADE) rmSync(place, { recursive: true, force: true });
}

function publish(folder: string, name: string, place: string): void {
	const link = join(folder, `.${name}.${process.pid}`);
	rmSync(link, { force: true });
	symlinkSync(join(MADE, basename(place)), link);
	renameSync(link, join(folder, name));
}

/** Only called with the lock held: nobody else is making anything. */
function removeLeftovers(folder: string): void {
	const links = readdirSync(folder).filter((it) => lstatSync(join(folder, it)).isSymbolicLink());
	const used = new Set(
		links.filter((it) => !it.startsWith(".")).map((it) => basename(readlinkSync(join(folder, it)))),
	);
	for (const link of links.filter((it) => it.startsWith("."))) rmSync(join(folder, link));
	for (const entry of readdirSync(join(folder, MADE)))
		if (!used.has(entry)) rmSync(join(folder, MADE, entry), { recursive: true, force: true });
}

/** kbuild takes compilers apart at white space, PATH at colons. */
function requirePlainPath(folder: string): void {
	if (/^[\w@%+=,./~-]+$/.test(folder)) return;
	throw new KprepError("usage", "bad-path", "no toolchain can be kept below a path with spaces or colons", {
		where: folder,
		suggestions: ["name another cache folder with XDG_CACHE_HOME=DIR"],
	});
}
