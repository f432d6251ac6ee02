import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { download, downloadText } from "../../../../src/host/network/download.ts";
import { silent } from "../../../../src/host/progress.ts";
import { failure } from "../../../helpers/failure.ts";

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-download-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Answers every request with the whole file, or the part that it asks for. */
const good: Answer = (request, response) => send(request, response);

/** A server whose nth request `answer` gets; gives its address and the Range headers that came. */
async function serve(answer: Answer): Promise<{ url: string; ranges: (string | undefined)[] }> {
	const ranges: (string | undefined)[] = [];
	const server = createServer((request, response) => {
		ranges.push(request.headers.range);
		answer(request, response, ranges.length);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/linux.tar.xz`, ranges };
}

/** Sends what was asked for; with `cut`, ends the connection after so many bytes of it. */
function send(
	request: IncomingMessage,
	response: ServerResponse,
	{
		cut,
		etag = '"1"',
		content = CONTENT,
	}: {
		cut?: number;
		etag?: string;
		content?: Buffer;
	} = {},
): void {
	const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
	const fresh = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
	const partial = from > 0 && fresh && from < content.length;
	if (from >= content.length && from > 0) {
		response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
		return;
	}
	const body = partial ? content.subarray(from) : content;
	const range = `bytes ${from}-${content.length - 1}/${content.length}`;
	response.writeHead(partial ? 206 : 200, {
		"content-length": body.length,
		etag,
		...(partial ? { "content-range": range } : {}),
	});
	if (cut === undefined) response.end(body);
	else response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
}

const options = { progress: silent, wait: 1, retries: 3 };
const path = () => join(folder, "linux.tar.xz");

describe("download", () => {
	test("fetches a file, and leaves no part behind", async () => {
		const { url } = await serve(good);
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
		expect(readdirSync(folder)).toEqual(["linux.tar.xz"]);
	});

	test("goes on where a connection was cut, again and again", async () => {
		const { url, ranges } = await serve((request, response, count) =>
			send(request, response, count < 7 ? { cut: 40_000 } : {}),
		);
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
		expect(ranges).toHaveLength(7);
		expect(ranges[0]).toBeUndefined();
		expect(ranges[2]).toMatch(/^bytes=\d{5,}-$/);
	});

	test("a later run takes up what an earlier one left", async () => {
		writeFileSync(`${path()}.part`, CONTENT.subarray(0, 123_456));
		const { url, ranges } = await serve(good);
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
		expect(ranges).toEqual(["bytes=123456-"]);
	});

	test("a part that is already whole is not fetched again", async () => {
		writeFileSync(`${path()}.part`, CONTENT);
		const { url } = await serve(good);
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
	});

	test("two editions of a file are never joined", async () => {
		const other = Buffer.alloc(CONTENT.length, 7);
		const { url } = await serve((request, response, count) =>
			count === 1
				? send(request, response, { cut: 50_000, content: other, etag: '"old"' })
				: send(request, response, { etag: '"new"' }),
		);
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
	});

	test("a server without Range starts anew", async () => {
		writeFileSync(`${path()}.part`, Buffer.alloc(1000, 1));
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "content-length": CONTENT.length }).end(CONTENT);
		});
		await download(url, path(), { ...options, sha256: SHA256 });
		expect(readFileSync(path()).equals(CONTENT)).toBe(true);
	});

	test("wrong bytes are thrown away, part and all", async () => {
		const { url } = await serve((request, response) =>
			send(request, response, { content: Buffer.concat([CONTENT.subarray(1), Buffer.of(1)]) }),
		);
		const error = await failure(download(url, path(), { ...options, sha256: SHA256 }));
		expect(error.code).toBe("wrong-checksum");
		expect(error.expected).toContain(SHA256);
		expect(readdirSync(folder)).toEqual([]);
	});

	test("a server that fails at first is asked again, one that does not know the file is not", async () => {
		const shaky = await serve((request, response, count) =>
			count < 3 ? response.writeHead(503).end("busy") : send(request, response),
		);
		await download(shaky.url, path(), options);
		expect(shaky.ranges).toHaveLength(3);
		const absent = await serve((_, response) => response.writeHead(404).end());
		expect((await failure(download(absent.url, `${path()}2`, options))).code).toBe("download-failed");
		expect(absent.ranges).toHaveLength(1);
	});

	test("gives up after some tries without a byte, and keeps the part", async () => {
		const { url, ranges } = await serve((request, response, count) =>
			count === 1 ? send(request, response, { cut: 70_000 }) : response.destroy(),
		);
		const error = await failure(download(url, path(), options));
		expect(error.code).toBe("download-failed");
		expect(ranges).toHaveLength(4);
		expect(existsSync(path())).toBe(false);
		expect(statSync(`${path()}.part`).size).toBeGreaterThan(0);
	});

	test("a connection on which nothing comes counts as cut", async () => {
		const { url } = await serve((request, response, count) => {
			if (count > 1) send(request, response);
			else response.writeHead(200, { "content-length": CONTENT.length }).write("x");
		});
		await download(url, path(), { ...options, stalled: 100, sha256: undefined });
		expect(statSync(path()).size).toBe(CONTENT.length);
	});

	test("stops when asked to", async () => {
		const abort = new AbortController();
		const { url } = await serve((_, response) => {
			response.writeHead(200, { "content-length": CONTENT.length }).write("x");
			abort.abort(new KprepError("interrupted", "interrupted", "interrupted"));
		});
		const error = await failure(download(url, path(), { ...options, signal: abort.signal }));
		expect(error.kind).toBe("interrupted");
	});
});

describe("downloadText", () => {
	test("gives the text, null when there is none, and refuses an endless one", async () => {
		const { url } = await serve((_, response) => response.end("hello"));
		expect(await downloadText(url, options)).toBe("hello");
		const absent = await serve((_, response) => response.writeHead(404).end());
		expect(await downloadText(absent.url, options)).toBeNull();
		const large = await serve((_, response) => response.end("x".repeat(1000)));
		expect((await failure(downloadText(large.url, options, 100))).code).toBe("download-failed");
	});
});
