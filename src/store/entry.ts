import {
	closeSync,
	existsSync,
	futimesSync,
	lstatSync,
	mkdirSync,
	openSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { sha256 } from "../host/files/digest.ts";
import { placeAt } from "../host/files/place.ts";
import { ownedByCaller } from "../host/files/trust.ts";
import { isBehindLink, isInside, staysInside } from "./links.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/** An entry of the store, its manifest read and its owner looked at; the content is verified file by file when it is used. */
export interface Entry {
	folder: string;
	manifest: Manifest;
}

/**
 * Reads an entry. null for none, for one of another key, for a damaged or half-written one, and for one that belongs to
 * neither the caller nor `owner` (who owns a place that the user named) or that others may write.
 */
export function readEntry(folder: string, key: string, owner: number | null = null): Entry | null {
	const file = join(folder, "manifest.json");
	const status = lstatSync(file, { throwIfNoEntry: false });
	if (!status?.isFile() || status.size > 64 * 1024 * 1024) return null;
	for (const one of [folder, join(folder, "files"), file]) {
		const { uid, mode } = lstatSync(one, { throwIfNoEntry: false }) ?? { uid: -1, mode: 0o777 };
		if ((mode & 0o002) !== 0 || (uid !== owner && !ownedByCaller(one).ok)) return null;
	}
	const text = readFileSync(file, "utf8");
	const sum = join(folder, "manifest.sha256");
	if (!existsSync(sum) || readFileSync(sum, "utf8").trim() !== sha256(text)) return null;
	const read = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), text);
	return read.success && read.output.key === key ? { folder, manifest: read.output } : null;
}

/** Writes an entry of these files of `from` into the new `folder`. Only regular files and links are taken. */
export function writeEntry(
	folder: string,
	from: string,
	about: Pick<Manifest, "key" | "folders">,
	paths: readonly string[],
): void {
	const files: Manifest["files"] = [];
	for (const inner of paths) {
		const source = join(from, inner);
		const status = lstatSync(source, { throwIfNoEntry: false });
		if (status?.isSymbolicLink()) files.push({ kind: "link", path: inner, to: readlinkSync(source) });
		if (!status?.isFile()) continue;
		const content = readFileSync(source);
		// Thousands of kbuild's marks in include/config are empty: their line in the manifest is all of them.
		if (content.length > 0) {
			const place = join(folder, "files", inner);
			mkdirSync(dirname(place), { recursive: true });
			writeFileSync(place, content);
		}
		const { mode, mtimeMs, size } = status;
		files.push({ kind: "file", path: inner, mode: mode & 0o777, mtimeMs, size, sha256: sha256(content) });
	}
	const text = JSON.stringify({ schema: 1, ...about, files } satisfies Manifest);
	writeFileSync(join(folder, "manifest.json"), text);
	writeFileSync(join(folder, "manifest.sha256"), `${sha256(text)}\n`);
}

const EMPTY = Buffer.alloc(0);

/** The verified content of files by path, and which of the entry's files are meant. */
export interface Contents {
	files: Manifest["files"];
	content: ReadonlyMap<string, Buffer | string>;
}

/**
 * Reads the files that `wanted` names, each against its digest, to be put into `to`; `moved` stands for the folders of
 * where the entry was made. null when anything is not as it was stored, or would come to lie or lead anywhere else.
 */
export function readContents(
	{ folder, manifest }: Entry,
	wanted: (path: string) => boolean,
	to: string,
	moved: readonly string[],
): Contents | null {
	if (manifest.folders.length !== moved.length) return null;
	const pairs = pairsOf(manifest, moved);
	const files = manifest.files.filter((file) => wanted(file.path));
	const content = new Map<string, Buffer | string>();
	const known = new Map<string, boolean>();
	for (const file of files) {
		if (isBehindLink(file.path, to, known)) return null;
		if (file.kind === "link") {
			const now = { path: file.path, to: replaced(file.to, pairs) };
			if (!isInside(file, manifest.folders) || !isInside(now, moved) || !staysInside(now, to, moved))
				return null;
			continue;
		}
		const bytes = file.size === 0 ? EMPTY : contentOf(join(folder, "files", file.path), file.size);
		if (bytes === null || sha256(bytes) !== file.sha256) return null;
		content.set(file.path, movedContent(bytes, pairs));
	}
	return { files, content };
}

/** Puts such contents into `to`, with mode (as the umask lets it) and time; links when all else is there. */
export function putContents(
	{ files, content }: Contents,
	{ manifest }: Entry,
	to: string,
	moved: readonly string[],
): void {
	const pairs = pairsOf(manifest, moved);
	const folders = new Set<string>();
	const place = (path: string, make: (at: string) => void) => {
		const at = join(to, path);
		const folder = dirname(at);
		if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
		folders.add(folder);
		// What is there already is never seen half-written.
		if (lstatSync(at, { throwIfNoEntry: false }) === undefined) make(at);
		else placeAt(at, folder, make);
	};
	for (const file of files) {
		if (file.kind === "link") continue;
		const bytes = content.get(file.path) as Buffer | string;
		const time = file.mtimeMs / 1000;
		place(file.path, (at) => {
			const descriptor = openSync(at, "wx", file.mode);
			try {
				if (bytes.length > 0) writeFileSync(descriptor, bytes);
				futimesSync(descriptor, time, time);
			} finally {
				closeSync(descriptor);
			}
		});
	}
	for (const file of files)
		if (file.kind === "link") place(file.path, (at) => symlinkSync(replaced(file.to, pairs), at));
}

type Pairs = readonly (readonly [old: string, now: string])[];

/** What is replaced by what, longer ones first. */
function pairsOf({ folders }: Manifest, moved: readonly string[]): Pairs {
	return folders
		.map((old, at) => [old, moved[at] ?? old] as const)
		.filter(([old, now]) => old !== now)
		.sort(([a], [b]) => b.length - a.length);
}

function contentOf(file: string, size: number): Buffer | null {
	const status = statSync(file, { throwIfNoEntry: false });
	return lstatSync(file, { throwIfNoEntry: false })?.isFile() && status?.size === size
		? readFileSync(file)
		: null;
}

/** Only texts: what was compiled keeps the paths in its debugging information. */
function movedContent(content: Buffer, pairs: Pairs): Buffer | string {
	if (!pairs.some(([old]) => content.includes(old)) || content.includes(0)) return content;
	return replaced(content.toString("utf8"), pairs);
}

/** In one pass, so that a new folder that looks like an old one stays. */
function replaced(text: string, pairs: Pairs): string {
	if (pairs.length === 0) return text;
	const olds = pairs.map(([old]) => old.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
	const moved = new Map(pairs);
	return text.replace(new RegExp(`(?:${olds})(?![\\w.+-])`, "g"), (old) => moved.get(old) ?? old);
}
