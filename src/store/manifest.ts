import { dirname } from "node:path";
import * as v from "valibot";

/** What no entry may bring: git's and kprep's own, wherever they are and however they are written. */
const RESERVED = new Set([".git", ".kprep", ".kprep.ini"]);

/** A path below the folder that was stored: plain, relative, leading nowhere else; what the journal takes, and less. */
const path = v.pipe(
	v.string(),
	v.maxLength(4096),
	// Lone surrogates stand for bytes that are not UTF-8: kbuild makes no such names.
	v.check((text) => !/[\p{Cc}\p{Cs}]/u.test(text)),
	v.check((text) =>
		text.split("/").every((part) => !["", ".", ".."].includes(part) && !RESERVED.has(part.toLowerCase())),
	),
);
const number = v.pipe(v.number(), v.finite(), v.minValue(0));

/** What manifest.json of an entry may look like: it is hostile until it has been through this. */
export const manifestSchema = v.strictObject({
	schema: v.literal(1),
	key: v.string(),
	/** Where it was made: these paths are replaced in texts where it is put elsewhere. */
	folders: v.array(v.pipe(v.string(), v.startsWith("/"), v.minLength(2))),
	files: v.pipe(
		v.array(
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
		v.check((files) => areApart(files), "a path twice, or below another that is no folder"),
	),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** No path comes twice, and none lies below a file or link of the same entry. */
function areApart(files: readonly { path: string }[]): boolean {
	const paths = new Set(files.map((file) => file.path));
	const folders = new Set<string>();
	for (const file of paths)
		for (let above = dirname(file); above !== "." && !folders.has(above); above = dirname(above))
			folders.add(above);
	return paths.size === files.length && !files.some((file) => folders.has(file.path));
}
