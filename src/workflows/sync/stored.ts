import { existsSync, lstatSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { fileMark } from "../../host/files/mark.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import type { StageTime } from "../../report/sync/sync-report.ts";
import { type Entry, putContents, readContents } from "../../store/entry.ts";
import { Shelf } from "../../store/shelf.ts";
import { treeDigest } from "../../tree/digest.ts";
import { refuseLinksOutside } from "../../tree/inside.ts";
import type { MakeAction, WriteAction } from "../../tree/plan/action.ts";
import type { MakeWatch } from "../../tree/session/index.ts";
import type { Tree } from "../../tree/tree.ts";

export interface StoredRequest {
	tree: Tree;
	arch: string | null;
	/** All of the plan's files and makes. */
	writes: readonly WriteAction[];
	makes: readonly MakeAction[];
	/** What make gets. */
	words: readonly string[];
	environment: Record<string, string>;
	/** Read-only places besides the user's own store. */
	stores: readonly string[];
	/** The tree's files, where output is the tree itself and they were just listed. */
	files?: readonly string[] | undefined;
	progress: Progress;
}

/** Raised when what is kept, or what it depends on, changes its form. */
const FORMAT = 3;

/**
 * The place of one preparation in the store of prepared objtrees. The key is everything that it depends on: the source
 * tree, the files that the plan writes, what make gets, the programs of this machine. Only for an objtree in which nothing
 * was prepared yet: null otherwise.
 */
export function storedPreparation(request: StoredRequest): StoredPreparation | null {
	const { tree, writes, makes } = request;
	const there = ["include/config/auto.conf", "scripts/basic/fixdep", "include/linux/autoconf.h"];
	if (makes.at(-1)?.stage !== "modules_prepare") return null;
	if ([tree.path, tree.output].some((folder) => there.some((name) => existsSync(join(folder, name)))))
		return null;
	const own = new Set(writes.map(({ path }) => relative(tree.path, path)));
	const sources = treeDigest(tree.path, request.arch, (path) => own.has(path), request.files);
	const shared = [FORMAT, sources, tree.path === tree.output, request.arch, hostMarks(request)];
	const near = sha256(JSON.stringify(shared)).slice(0, 16);
	const files = writes.map(({ path, content }) => [relative(tree.output, path), sha256(content)]);
	const rest = [files, makes.map(({ goals }) => goals), request.words, request.environment];
	return new StoredPreparation(request, near, sha256(JSON.stringify([shared, rest])).slice(0, 32));
}

export class StoredPreparation {
	readonly #request: StoredRequest;
	readonly #near: string;
	readonly #key: string;
	readonly #shelf: Shelf;

	constructor(request: StoredRequest, near: string, key: string) {
		this.#request = request;
		this.#near = near;
		this.#key = key;
		this.#shelf = new Shelf("objtrees", request.stores);
	}

	/** Puts what an equal preparation made into objtree; null when there is none, and nothing was put. */
	async restore(onPut: MakeWatch["onPut"]): Promise<StageTime | null> {
		const started = performance.now();
		const entry = this.#shelf.find(this.#near, this.#key);
		if (entry === null || !(await this.#put(entry, onPut))) return null;
		const seconds = (performance.now() - started) / 1000;
		return { name: "restore", seconds, lines: { RESTORE: entry.manifest.files.length } };
	}

	/**
	 * Puts the host programs of a preparation for another configuration of the same tree there, with what kbuild noted about
	 * them: it makes anew what is to be made otherwise.
	 */
	async seed(onPut: MakeWatch["onPut"]): Promise<void> {
		const entry = this.#shelf.near(this.#near);
		if (entry !== null) await this.#put(entry, onPut, isHostTool);
	}

	/** Keeps what make made, and the plan's files beside it for their times. A store that cannot be written is no failure. */
	keep(made: readonly string[]): void {
		const { tree, progress } = this.#request;
		const paths = new Set([...made, ...this.#written()]);
		try {
			this.#shelf.keep(this.#near, this.#key, tree.output, foldersOf(tree), [...paths]);
		} catch (error) {
			progress.verbose(`not kept for the next time: ${(error as Error).message}`);
		}
	}

	/** Nothing that is there is replaced but what the plan has just written. */
	async #put(
		entry: Entry,
		onPut: MakeWatch["onPut"],
		wanted: (path: string) => boolean = () => true,
	): Promise<boolean> {
		const { tree, progress } = this.#request;
		const paths = entry.manifest.files.map(({ path }) => path).filter(wanted);
		const written = new Set(this.#written());
		const isThere = (path: string) =>
			lstatSync(join(tree.output, path), { throwIfNoEntry: false }) !== undefined;
		if (paths.some((path) => !written.has(path) && isThere(path))) return false;
		refuseLinksOutside(
			tree.output,
			paths.map((path) => join(tree.output, path)),
		);
		const contents = readContents(entry, wanted, tree.output, foldersOf(tree));
		if (contents === null) {
			progress.warn(`${entry.folder} is damaged, and not used`);
			this.#shelf.discard(entry.folder);
			return false;
		}
		const digests = [...written].flatMap((path) => {
			const bytes = contents.content.get(path);
			return bytes === undefined ? [] : [[path, sha256(bytes)] as const];
		});
		await onPut(paths, Object.fromEntries(digests));
		putContents(contents, entry, tree.output, foldersOf(tree));
		return true;
	}

	#written(): string[] {
		const { tree, writes } = this.#request;
		return writes.map(({ path }) => relative(tree.output, path));
	}
}

function foldersOf({ path, output }: Tree): string[] {
	return [...new Set([path, output])];
}

/** Programs that run on this machine, by their folders (scripts/Makefile, tools/, arch/x86/tools). */
function isHostTool(path: string): boolean {
	return (
		/^(?:scripts|tools|arch\/[^/]+\/tools)\//.test(path) &&
		!/^scripts\/(?:mod\/(?:elfconfig|devicetable)|module\.lds)/.test(path)
	);
}

/** Whatever of this machine compiles or links the tools: another one of any of them makes other tools. */
function hostMarks({ words, environment }: StoredRequest): unknown {
	const named = [...words, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)].flatMap(
		(word) => {
			const value = word.slice(word.indexOf("=") + 1);
			return value.startsWith("/") ? [value] : [findProgram(value.split(" ")[0] ?? "") ?? ""];
		},
	);
	const programs = [
		"gcc",
		"cc",
		"ld",
		"as",
		"make",
		"pahole",
		"clang",
		"rustc",
		"bindgen",
		"flex",
		"bison",
		"perl",
	].map((name) => findProgram(name) ?? name);
	const headers = [
		"/usr/include/libelf.h",
		"/usr/include/gelf.h",
		"/usr/include/openssl/opensslv.h",
		"/usr/include/zlib.h",
		// The C library, where distributions have it.
		"/usr/lib64/libc.so.6",
		"/usr/lib/libc.so.6",
		"/usr/lib/x86_64-linux-gnu/libc.so.6",
		"/usr/lib/aarch64-linux-gnu/libc.so.6",
	];
	return [
		process.arch,
		...[...programs, ...named.filter(Boolean), ...headers].map((path) => [path, fileMark(path)]),
	];
}
