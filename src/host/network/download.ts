import { existsSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { KprepError } from "../../errors.ts";
import { sha256OfFile } from "../files/digest.ts";
import type { Progress } from "../progress.ts";

export interface DownloadOptions {
	progress: Progress;
	signal?: AbortSignal | undefined;
	/** 64 hex digits; what arrives otherwise is removed. */
	sha256?: string | undefined;
	/** How often a cut or refused connection is taken up again; a part that arrived starts the count anew. */
	retries?: number;
	/** Milliseconds before the first of them; doubled each time. */
	wait?: number;
	/** Milliseconds without a single byte until a connection counts as cut. */
	stalled?: number;
}

/**
 * Downloads `url` (http or https) as `path`. An unfinished download stays beside it as PATH.part and is resumed by
 * Range, within one call and by the next one; If-Range keeps two editions of a file from being joined. Throws
 * KprepError: download-failed (no answer, an HTTP error, a connection cut again and again) and wrong-checksum.
 */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
	const part = `${path}.part`;
	const retries = options.retries ?? 5;
	let etag: string | null = null;
	for (let left = retries, wait = options.wait ?? 500; ; ) {
		const before = sizeOf(part);
		const outcome = await attempt(url, part, etag, options);
		if (outcome.done) break;
		options.signal?.throwIfAborted();
		etag = outcome.etag;
		if (sizeOf(part) > before) {
			left = retries;
			wait = options.wait ?? 500;
		}
		if (left-- === 0) throw failed(url, outcome.why);
		options.progress.note(`${outcome.why}; going on in ${wait / 1000} s`);
		await pause(wait, undefined, { signal: options.signal }).catch(() => options.signal?.throwIfAborted());
		wait = Math.min(wait * 2, 10_000);
	}
	if (options.sha256 !== undefined) await checkSha256(part, url, options.sha256, options.progress);
	await rename(part, path);
}

/** A small text behind `url`, at most `limit` bytes; null when the server says that there is none (404, 410). */
export async function downloadText(
	url: string,
	options: DownloadOptions,
	limit = 4 * 1024 * 1024,
): Promise<string | null> {
	for (let left = options.retries ?? 2; ; left--) {
		try {
			const response = await fetch(url, { signal: withTimeout(options) });
			if (response.status === 404 || response.status === 410) return null;
			if (!response.ok) throw failed(url, `HTTP ${response.status}`);
			return await textOf(response, url, limit);
		} catch (error) {
			options.signal?.throwIfAborted();
			if (error instanceof KprepError) throw error;
			if (left <= 0) throw failed(url, reason(error), error);
		}
	}
}

type Outcome = { done: true } | { done: false; why: string; etag: string | null };

/** One connection. Only what a repetition may mend comes back as not done; the rest is thrown. */
async function attempt(
	url: string,
	part: string,
	etag: string | null,
	options: DownloadOptions,
): Promise<Outcome> {
	const from = sizeOf(part);
	const headers: Record<string, string> = { "accept-encoding": "identity" };
	if (from > 0) headers.range = `bytes=${from}-`;
	if (from > 0 && etag !== null) headers["if-range"] = etag;
	const stall = new AbortController();
	const signal = options.signal ? AbortSignal.any([options.signal, stall.signal]) : stall.signal;
	let timer = setTimeout(() => stall.abort(new Error("nothing came any more")), options.stalled ?? 30_000);
	let seen: string | null = etag;
	try {
		const response = await fetch(url, { headers, signal });
		seen = strongTag(response) ?? null;
		if (response.status === 416) return restart(part, response, from);
		if (response.status >= 500 || response.status === 429) {
			await response.body?.cancel();
			return { done: false, why: `HTTP ${response.status}`, etag };
		}
		if (!response.ok || response.body === null) throw failed(url, `HTTP ${response.status}`);
		const at = response.status === 206 ? startOf(response) : 0;
		if (at !== 0 && at !== from) throw failed(url, "the server sends another part than the one asked for");
		const length = Number(response.headers.get("content-length") ?? Number.NaN);
		const total = at + length;
		const file = await open(part, at === 0 ? "w" : "a");
		try {
			const got = await receive(response.body, file, at, total, options.progress, () => {
				clearTimeout(timer);
				timer = setTimeout(() => stall.abort(new Error("nothing came any more")), options.stalled ?? 30_000);
			});
			if (Number.isFinite(total) && got < total)
				return { done: false, why: "the connection was cut", etag: seen };
			return { done: true };
		} finally {
			await file.close();
		}
	} catch (error) {
		options.signal?.throwIfAborted();
		if (error instanceof KprepError || isLocal(error)) throw error;
		return { done: false, why: reason(error), etag: seen };
	} finally {
		clearTimeout(timer);
	}
}

async function receive(
	body: ReadableStream<Uint8Array>,
	file: FileHandle,
	from: number,
	total: number,
	progress: Progress,
	alive: () => void,
): Promise<number> {
	let got = from;
	for await (const chunk of body) {
		alive();
		await file.write(chunk);
		got += chunk.length;
		const part = Number.isFinite(total)
			? `${Math.floor((got / total) * 100)} % of ${total >> 20}`
			: got >> 20;
		progress.note(`${part} MiB`);
	}
	return got;
}

/** 416: the part is already whole, or longer than the file that the server has now. */
function restart(part: string, response: Response, from: number): Outcome {
	const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
	if (total === from) return { done: true };
	rmSync(part, { force: true });
	return { done: false, why: "the file changed on the server", etag: null };
}

async function checkSha256(part: string, url: string, expected: string, progress: Progress): Promise<void> {
	progress.step("checksum", "sha256");
	const found = await sha256OfFile(part);
	if (found === expected.toLowerCase()) return;
	rmSync(part, { force: true });
	throw new KprepError("missing", "wrong-checksum", `what ${url} sent is not the published file`, {
		expected: `sha256 ${expected.toLowerCase()}`,
		found: `sha256 ${found}`,
		where: url,
		suggestions: ["run the same command again", "fetch from another mirror with --mirror URL"],
	});
}

function startOf(response: Response): number {
	const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
	return start === undefined ? Number.NaN : Number(start);
}

/** An entity tag that promises the same bytes; weak ones do not (RFC 9110, 8.8.3). */
function strongTag(response: Response): string | undefined {
	const tag = response.headers.get("etag");
	return tag !== null && !tag.startsWith("W/") ? tag : (response.headers.get("last-modified") ?? undefined);
}

async function textOf(response: Response, url: string, limit: number): Promise<string> {
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > limit) throw failed(url, `more than ${limit} bytes`);
		parts.push(chunk);
	}
	return Buffer.concat(parts).toString("utf8");
}

function withTimeout({ signal, stalled }: DownloadOptions): AbortSignal {
	const timeout = AbortSignal.timeout(stalled ?? 30_000);
	return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function sizeOf(path: string): number {
	return existsSync(path) ? statSync(path).size : 0;
}

/** A full disk or a forbidden folder: going on does not help. */
function isLocal(error: unknown): boolean {
	const { code, syscall } = error as NodeJS.ErrnoException;
	return ["write", "open", "close"].includes(syscall ?? "") && code !== "ECONNRESET" && code !== "EPIPE";
}

function reason(error: unknown): string {
	const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
	return cause?.message || cause?.code || message;
}

function failed(url: string, why: string, cause?: unknown): KprepError {
	return new KprepError("missing", "download-failed", `${url} could not be fetched: ${why}`, {
		where: url,
		suggestions: [
			"run the same command again: what has arrived is kept",
			"try another mirror with --mirror URL",
		],
		cause,
	});
}
