import * as v from "valibot";

/** Nanoseconds since 1970 as digits: JSON has no integers of that size. */
const time = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/** Relative to objtree, and staying in it. */
const inner = v.pipe(
	v.string(),
	v.minLength(1),
	v.maxLength(4096),
	v.check((path) => !path.includes("\0") && !path.split("/").some((part) => ["", ".", ".."].includes(part))),
	v.check((path) => path !== ".git" && !/^\.(?:git|kprep)\//.test(path), "a path in .git or .kprep"),
);

const attributes = v.object({
	ino: v.pipe(v.string(), v.regex(/^\d{1,20}$/)),
	size: v.pipe(v.string(), v.regex(/^\d{1,20}$/)),
	mtime: time,
	atime: time,
});

const original = v.variant("kind", [
	v.object({ kind: v.literal("absent") }),
	v.object({
		kind: v.picklist(["file", "link"]),
		/** Name in .kprep/saved. */
		saved: v.pipe(v.string(), v.regex(/^\d{1,9}$/)),
		/** As it was; what is put back is the very inode, or a copy that carries its own mode and owner. */
		at: attributes,
	}),
]);

const settings = v.record(v.string(), v.string());

const record = v.object({
	release: v.string(),
	configGiven: v.string(),
	configLeft: v.string(),
	variables: settings,
	environment: v.optional(settings),
	path: v.optional(v.array(v.string())),
	until: v.picklist(["config", "split", "prepare", "modules_prepare"]),
	made: v.boolean(),
	/** Ids of the cures that were given. */
	cures: v.optional(v.array(v.string())),
	/** Which kprep, and when it was through: ISO 8601. */
	kprep: v.optional(v.string()),
	finished: v.optional(v.string()),
});

/** What .kprep/journal.json may look like: it is hostile until it has been through this. */
export const journalSchema = v.object({
	schema: v.literal(2),
	srctree: v.string(),
	/** The topmost folder that -O made; null when objtree was there before. */
	madeObjtree: v.nullable(v.string()),
	/** objtree's own mtime before .kprep was made. */
	topTime: time,
	originals: v.record(inner, original),
	/** "making" while make runs; found so, that make was cut off. */
	phase: v.picklist(["writing", "making", "done"]),
	/** When make ran, by the clock of the file system; `end` null when it was cut off, `cut` once that end has been told by its signs. */
	runs: v.array(v.object({ start: time, end: v.nullable(time), cut: v.optional(v.boolean()) })),
	/** What make created, shown to be its own. */
	made: v.array(inner),
	/** New, and not shown to be make's: never removed. */
	foreign: v.array(inner),
	/** Files that changed while make ran and of which no copy was kept; undo cannot put them back, and says so. */
	unsaved: v.array(inner),
	/** sha256 of what kprep last wrote or left at a path. */
	written: v.record(inner, v.string()),
	/** sha256 of what an equal make left at such a path, where that is put in its place. */
	put: v.optional(v.record(inner, v.string())),
	/** "mtime in ns, size" of what the last finished sync left at the originals' paths. */
	left: v.record(inner, v.string()),
	record: v.nullable(record),
});

/** What before.json may look like. */
export const beforeSchema = v.array(v.tuple([v.string(), v.string()]));
