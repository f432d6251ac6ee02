import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import * as v from "valibot";
import { sha256 } from "../host/files/digest.ts";
import { ownedByCaller } from "../host/files/trust.ts";

/** A path below the folder that was stored: plain, relative, leading nowhere else. */
const path = v.pipe(
	v.string(),
	v.check(
		(text) =>
			text !== "" && !text.startsWith("/") && !/[^\P{Cc}]/u.test(text) && !text.split("/").includes(".."),
	),
);
const number = v.pipe(v.number(), v.finite(), v.minValue(0));
const MANIFEST = v.strictObject({
	schema: v.literal(1),
	key: v.string(),
	/** Where it was made: these paths are replaced in texts where it is put elsewhere. */
	folders: v.array(v.pipe(v.string(), v.startsWith("/"), v.minLength(2))),
	files: v.array(
		v.variant("kind", [
			v.strictObject({
				kind: v.literal("file"),
				path,
				mode: v.pipe(number, v.integer(), v.maxValue(0o777)),
				mtimeMs: number,
				size: v.pipe(number, v.integer(), v.maxValue(256 * 1024 * 1024)),
				sha256: v.string(),
			}),
			v.strictObject({ kind: v.literal("link"), path, to: v.string() }),
		]),
	),
});
export type Manifest = v.InferOutput<typeof MANIFEST>;

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
	const read = v.safeParse(v.pipe(v.string(), v.parseJson(), MANIFEST), text);
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
		const place = join(folder, "files", inner);
		mkdirSync(dirname(place), { recursive: true });
		writeFileSync(place, content);
		const { mode, mtimeMs, size } = status;
		files.push({ kind: "file", path: inner, mode: mode & 0o777, mtimeMs, size, sha256: sha256(content) });
	}
	const text = JSON.stringify({ schema: 1, ...about, files } satisfies Manifest);
	writeFileSync(join(folder, "manifest.json"), text);
	writeFileSync(join(folder, "manifest.sha256"), `${sha256(text)}\n`);
}

/** The verified content of files by path, and which of the entry's files are meant. */
export interface Contents {
	files: Manifest["files"];
	content: ReadonlyMap<string, Buffer>;
}

/** Reads the files that `wanted` names, each against its digest. null when anything is not as it was stored. */
export function readContents(
	{ folder, manifest }: Entry,
	wanted: (path: string) => boolean,
): Contents | null {
	const files = manifest.files.filter((file) => wanted(file.path));
	const content = new Map<string, Buffer>();
	for (const file of files) {
		if (file.kind === "link") {
			if (!isInside(file.path, file.to, manifest.folders)) return null;
			continue;
		}
		const bytes = contentOf(join(folder, "files", file.path), file.size);
		if (bytes === null || sha256(bytes) !== file.sha256) return null;
		content.set(file.path, bytes);
	}
	return { files, content };
}

/**
 * Puts such contents into `to`, with mode and time. `moved` stands for the folders of where the entry was made, in texts and
 * links.
 */
export function putContents(
	{ files, content }: Contents,
	{ manifest }: Entry,
	to: string,
	moved: readonly string[],
): void {
	const pairs = manifest.folders
		.map((old, at) => [old, moved[at] ?? old] as const)
		.filter(([old, now]) => old !== now)
		.sort(([a], [b]) => b.length - a.length);
	for (const file of files) {
		const place = join(to, file.path);
		mkdirSync(dirname(place), { recursive: true });
		rmSync(place, { force: true });
		if (file.kind === "link") {
			symlinkSync(replaced(file.to, pairs), place);
			continue;
		}
		writeFileSync(place, movedContent(content.get(file.path) as Buffer, pairs), { flag: "wx" });
		chmodSync(place, file.mode);
		utimesSync(place, file.mtimeMs / 1000, file.mtimeMs / 1000);
	}
}

function contentOf(file: string, size: number): Buffer | null {
	const status = statSync(file, { throwIfNoEntry: false });
	return lstatSync(file, { throwIfNoEntry: false })?.isFile() && status?.size === size
		? readFileSync(file)
		: null;
}

/** Only texts: what was compiled keeps the paths in its debugging information. */
function movedContent(content: Buffer, pairs: readonly (readonly [string, string])[]): Buffer | string {
	if (!pairs.some(([old]) => content.includes(old)) || content.includes(0)) return content;
	return replaced(content.toString("utf8"), pairs);
}

/** In one pass, so that a new folder that looks like an old one stays. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
	if (pairs.length === 0) return text;
	const olds = pairs.map(([old]) => old.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
	const moved = new Map(pairs);
	return text.replace(new RegExp(`(?:${olds})(?![\\w.+-])`, "g"), (old) => moved.get(old) ?? old);
}

/** A link of the build itself ("../fixdep" of tools/), or to one of the folders; resolved from where the link is. */
function isInside(path: string, to: string, folders: readonly string[]): boolean {
	const place = normalize(to.startsWith("/") ? to : join("/top", dirname(path), to));
	return [...(to.startsWith("/") ? folders : ["/top"])].some(
		(folder) => place === folder || place.startsWith(`${folder}/`),
	);
}
