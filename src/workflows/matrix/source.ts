import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { alone } from "../../host/files/waiting.ts";
import type { Progress } from "../../host/progress.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import { readTree } from "../../tree/read.ts";
import { archiveAt, type Chosen, chooseSource } from "../source/choose.ts";
import { sourceContext } from "../source/context.ts";
import { getChosen } from "../source/get.ts";
import { listSources, wantedFor } from "../source/list.ts";
import { lockPlace, treePlace } from "./place.ts";

export interface SourceTree {
	tree: string;
	/** The candidate that it was fetched from, as `kprep source get` takes it; or the folder itself. */
	from: string;
	version: string;
	/** The target's .config where it came along with the source. */
	config: string | null;
}

interface SourceRequest {
	/** The section's `source`, or what the lock file has; undefined: the best that can be fetched. */
	source: string | undefined;
	spec: TargetSpec;
	target: Target;
	/** Only what is kept. */
	offline: boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * The source tree for a target: the folder that is named, or one in the cache, where it is unpacked once for all targets
 * of that source. Throws KprepError "missing" when nothing fits, and what fetching throws.
 */
export async function sourceFor(request: SourceRequest): Promise<SourceTree> {
	const { source, progress, signal, target } = request;
	if (source !== undefined && statSync(source, { throwIfNoEntry: false })?.isDirectory()) {
		const tree = realpathSync(source);
		const read = readTree(tree);
		requirePlainTree(read);
		return { tree, from: tree, version: read.base, config: null };
	}
	const arch = target.arch?.value ?? null;
	const known = source === undefined ? null : keptTree(source, arch);
	if (known !== null) return known;
	if (request.offline && (source === undefined || archiveAt(source) === null))
		throw new KprepError("missing", "offline", `no source of ${target.release?.value} is kept`, {
			...(source === undefined ? {} : { expected: source }),
			suggestions: ["the same command without --offline", "source = FOLDER in the targets file names a tree"],
		});
	const context = { ...sourceContext(progress, signal, undefined), folders: [] };
	const chosen = await choose(request, context);
	const { where, candidate } = chosen;
	const place = treePlace({ where, version: candidate?.version ?? null, arch });
	return alone(lockPlace(place), { progress, signal }, async () => {
		const there = existsSync(place) ? readNote(place) : null;
		if (there !== null) return there;
		mkdirSync(dirname(place), { recursive: true });
		// Cut off before it was noted what it is.
		rmSync(place, { recursive: true, force: true });
		const wanted = await wantedFor(request.spec, context, {}, null);
		const got = await getChosen(chosen, wanted, { folder: place, minimal: true }, context);
		signal?.throwIfAborted();
		const note: Note = {
			tree: place,
			from: where,
			arch,
			version: got.version,
			config: got.config?.path ?? null,
		};
		await writeAtomically(`${place}.json`, `${JSON.stringify(note)}\n`);
		return note;
	});
}

async function choose(
	{ source, spec, target }: SourceRequest,
	context: ReturnType<typeof sourceContext>,
): Promise<Chosen> {
	const named = source === undefined ? null : archiveAt(source);
	if (named !== null) return named;
	const { found } = await listSources(spec, context);
	const chosen = chooseSource(found, source);
	if (chosen !== null) return chosen;
	const [best] = found;
	throw new KprepError(
		"missing",
		"no-source",
		`no source that can be fetched fits ${target.release?.value}`,
		{
			...(best === undefined ? {} : { found: `${best.candidate.where}: ${best.candidate.why}` }),
			suggestions: ["source = FOLDER in the targets file names a tree", "kprep source list"],
		},
	);
}

const NOTE = v.object({
	tree: v.string(),
	from: v.string(),
	arch: v.nullable(v.string()),
	version: v.string(),
	config: v.nullable(v.string()),
});
type Note = v.InferOutput<typeof NOTE>;

/** A tree of the cache that came from exactly this source; a word such as "upstream" is none. */
function keptTree(source: string, arch: string | null): Note | null {
	const folder = dirname(treePlace({ where: source, version: null, arch }));
	if (!existsSync(folder)) return null;
	const notes = readdirSync(folder)
		.filter((name) => name.endsWith(".json"))
		.map((name) => readNote(join(folder, name.slice(0, -".json".length))));
	return notes.find((note) => note !== null && note.from === source && note.arch === arch) ?? null;
}

/** Beside every tree of the cache: what it is. */
function readNote(place: string): Note | null {
	const file = `${place}.json`;
	if (!existsSync(file)) return null;
	const read = v.safeParse(v.pipe(v.string(), v.parseJson(), NOTE), readFileSync(file, "utf8"));
	return read.success && existsSync(place) ? read.output : null;
}
