import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";
import { sha256 } from "../../host/files/digest.ts";
import { writeAtomically } from "../../host/files/files.ts";
import type { ProjectTarget } from "../../kernel/project/targets.ts";
import type { Target } from "../../target/target.ts";

/** What one target resolved to. */
const ENTRY = v.object({
	/** The section as it was written: another wording is resolved anew. */
	asked: v.record(v.string(), v.string()),
	/** The word that brings this very kernel again; null where the section names it for good. */
	target: v.nullable(v.string()),
	release: v.nullable(v.string()),
	/** sha256 of the target's files, by fact. */
	digests: v.record(v.string(), v.string()),
	/** Where the tree came from, as `kprep source get` takes it, and its V.P.S; null for a folder of the user's. */
	source: v.nullable(v.object({ from: v.string(), version: v.string() })),
	/** First line of the compiler's version. */
	toolchain: v.nullable(v.string()),
});
export type LockEntry = v.InferOutput<typeof ENTRY>;
const FILE = v.object({ schema: v.literal(1), targets: v.record(v.string(), ENTRY) });

export type LockMode = "follow" | "locked" | "update";

/** kprep-targets.lock: what the targets of a project resolved to. */
export class LockFile {
	readonly path: string;
	readonly mode: LockMode;
	readonly #before: Record<string, LockEntry>;
	readonly #after = new Map<string, LockEntry>();

	/** Reads the one beside a targets file. Throws "usage" for one that cannot be read, and with "locked" where there is none. */
	constructor(targetsFile: string, mode: LockMode) {
		this.path = lockPathOf(targetsFile);
		this.mode = mode;
		if (!existsSync(this.path)) {
			if (mode === "locked")
				throw new KprepError("usage", "not-locked", `--locked needs ${this.path}`, {
					suggestions: ["the same command without --locked writes it"],
				});
			this.#before = {};
			return;
		}
		const read = v.safeParse(v.pipe(v.string(), v.parseJson(), FILE), readFileSync(this.path, "utf8"));
		if (!read.success && mode !== "update")
			throw new KprepError("usage", "bad-lock-file", `${this.path} is no lock file of kprep`, {
				found: read.issues[0]?.message ?? "",
				where: this.path,
				suggestions: ["the same command with --update writes it anew"],
			});
		this.#before = read.success ? read.output.targets : {};
	}

	/** The entries of a lock file that another machine wrote; none where it is no lock file. */
	static entriesAt(path: string): Record<string, LockEntry> {
		const read = v.safeParse(v.pipe(v.string(), v.parseJson(), FILE), readFileSync(path, "utf8"));
		return read.success ? read.output.targets : {};
	}

	/** What holds for a target; null: it is resolved anew. Throws "not-locked" with "locked" when there is nothing. */
	entry(name: string, written: ProjectTarget): LockEntry | null {
		const found = Object.hasOwn(this.#before, name) ? (this.#before[name] as LockEntry) : null;
		const same = found !== null && JSON.stringify(found.asked) === JSON.stringify(asked(written));
		if (this.mode === "locked" && !same)
			throw new KprepError(
				"usage",
				"not-locked",
				`the lock file has no [${name}] as the targets file asks for it`,
				{
					...{
						where: this.path,
						suggestions: ["the same command without --locked resolves it and writes it"],
					},
				},
			);
		return same && this.mode !== "update" ? found : null;
	}

	/**
	 * Holds a resolved target against its entry, which "locked" insists on, and gives the entry that holds from now on: what
	 * this run did not look at stays. Throws "lock-differs".
	 */
	resolved(name: string, entry: LockEntry): LockEntry {
		const before = Object.hasOwn(this.#before, name) ? this.#before[name] : undefined;
		if (this.mode === "locked" && before !== undefined) requireSame(before, entry, this.path);
		const same = before !== undefined && JSON.stringify(before.asked) === JSON.stringify(entry.asked);
		// In the order in which a file is read, so that equal entries are equal texts.
		const whole = v.parse(ENTRY, {
			...entry,
			source: entry.source ?? (same ? before.source : null),
			toolchain: entry.toolchain ?? (same ? before.toolchain : null),
		});
		this.#after.set(name, whole);
		return whole;
	}

	/**
	 * Writes what was resolved; sections that failed keep their entry, those that are gone lose it. Nothing with "locked", nor
	 * when nothing changed.
	 */
	async save(names: readonly string[]): Promise<void> {
		if (this.mode === "locked") return;
		const entries = names.flatMap((name) => {
			const entry =
				this.#after.get(name) ?? (Object.hasOwn(this.#before, name) ? this.#before[name] : undefined);
			return entry === undefined ? [] : [[name, entry] as const];
		});
		const text = `${JSON.stringify({ schema: 1, targets: Object.fromEntries(entries) }, null, 2)}\n`;
		const present = existsSync(this.path) ? readFileSync(this.path, "utf8") : null;
		if (text !== present && entries.length > 0) await writeAtomically(this.path, text);
	}
}

/** kprep-targets.lock for kprep-targets.ini. */
export function lockPathOf(targetsFile: string): string {
	return `${targetsFile.replace(/\.ini$/, "")}.lock`;
}

/** The entry of a target; source and toolchain only where a tree was made for it. */
export async function entryOf(
	written: ProjectTarget,
	target: Target,
	rest: Pick<LockEntry, "target" | "source" | "toolchain">,
): Promise<LockEntry> {
	const digests: Record<string, string> = {};
	for (const fact of ["config", "image", "symvers"] as const) {
		const file = target[fact];
		// A table that would have to be rebuilt from the image is told by the image.
		if (file !== null && !(fact === "symvers" && file.source.kind === "image"))
			digests[fact] = sha256(await file.read());
	}
	return { asked: asked(written), release: target.release?.value ?? null, digests, ...rest };
}

function asked({ name: _, ...written }: ProjectTarget): Record<string, string> {
	return Object.fromEntries(
		Object.entries(written)
			.filter((pair): pair is [string, string] => typeof pair[1] === "string")
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

function requireSame(before: LockEntry, now: LockEntry, where: string): void {
	const plain = ({
		target,
		release,
		digests,
		source,
		toolchain,
	}: LockEntry): Record<string, string | null> => ({
		...{ target, release, ...digests },
		// A run that builds nothing tells nothing of these two.
		...(now.source === null ? {} : { source: source?.from ?? null, version: source?.version ?? null }),
		...(now.toolchain === null ? {} : { toolchain }),
	});
	const [a, b] = [plain(before), plain(now)];
	const differs = [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
		(key) => (a[key] ?? null) !== (b[key] ?? null),
	);
	if (differs === undefined) return;
	throw new KprepError("missing", "lock-differs", `the ${differs} is not what the lock file has`, {
		...{ expected: a[differs] ?? "nothing", found: b[differs] ?? "nothing", where },
		suggestions: ["the same command with --update, when the change is wanted"],
	});
}
