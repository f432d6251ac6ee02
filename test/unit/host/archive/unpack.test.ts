import { execFileSync } from "node:child_process";
import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { unpackArchive, unpackOutput, withStaging } from "../../../../src/host/archive/unpack.ts";
import { silent } from "../../../../src/host/progress.ts";
import { type Entry, tar } from "../../../helpers/tar.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-unpack-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tree: Entry[] = [
	{ name: "linux-6.1/", type: "5" },
	{ name: "linux-6.1/Makefile", content: "VERSION = 6\n" },
	{ name: "linux-6.1/scripts/mkversion", content: "#!/bin/sh\n", mode: 0o775 },
	{ name: "linux-6.1/scripts/dtc/arm", type: "2", link: "../../arch/arm/boot/dts" },
	{ name: "linux-6.1/drivers/net/Kconfig", content: "menu\n" },
	{ name: "linux-6.1/drivers/net/dummy.c", content: "int x;\n" },
];

function archive(entries: Entry[], options?: { trailer: boolean }): string {
	const path = join(folder, "linux.tar");
	writeFileSync(path, tar(entries, options));
	return path;
}

async function refusal(work: Promise<unknown>): Promise<KprepError> {
	const error = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(KprepError);
	return error as KprepError;
}

const dest = () => join(folder, "out", "linux");

/** Nothing under the final name, and no temporary folder beside it. */
function expectNothingLeft(): void {
	expect(existsSync(dest())).toBe(false);
	expect(existsSync(join(folder, "out")) ? readdirSync(join(folder, "out")) : []).toEqual([]);
}

describe("unpackArchive", () => {
	test("writes files, modes, times and links, less the folder at the top", async () => {
		await unpackArchive(archive(tree), dest(), { progress: silent });
		expect(readFileSync(join(dest(), "Makefile"), "utf8")).toBe("VERSION = 6\n");
		expect(statSync(join(dest(), "scripts/mkversion")).mode & 0o111).not.toBe(0);
		expect(statSync(join(dest(), "Makefile")).mode & 0o111).toBe(0);
		expect(statSync(join(dest(), "Makefile")).mtimeMs).toBe(1_700_000_000_000);
		expect(readlinkSync(join(dest(), "scripts/dtc/arm"))).toBe("../../arch/arm/boot/dts");
		expect(readdirSync(join(folder, "out"))).toEqual(["linux"]);
	});

	test("takes what is wanted only, and makes no folder for the rest", async () => {
		const wanted = (path: string) => path.endsWith("Kconfig") || !path.includes("/");
		const { files } = await unpackArchive(archive(tree), dest(), { progress: silent, wanted });
		expect(files).toBe(2);
		expect(readdirSync(dest())).toEqual(["Makefile", "drivers"]);
		expect(readdirSync(join(dest(), "drivers/net"))).toEqual(["Kconfig"]);
	});

	test.each(["gzip", "xz", "bzip2", "zstd"])("reads what %s compressed", async (program) => {
		const plain = archive(tree);
		const packed = join(folder, "linux.any");
		try {
			writeFileSync(packed, execFileSync(program, ["-c", plain], { maxBuffer: 1 << 26 }));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			console.log(`skipped: ${program} is not installed here`);
			return;
		}
		await unpackArchive(packed, dest(), { progress: silent });
		expect(readFileSync(join(dest(), "Makefile"), "utf8")).toBe("VERSION = 6\n");
	});

	const top = "linux-6.1";
	test.each<[string, Entry]>([
		["a name that leaves the folder", { name: `${top}/../../evil`, content: "x" }],
		["an absolute name", { name: "/tmp/kprep-evil", content: "x" }],
		["a second top folder", { name: "other/file", content: "x" }],
		["a device", { name: `${top}/null`, type: "3" }],
		["a fifo", { name: `${top}/pipe`, type: "6" }],
		["an absolute link", { name: `${top}/l`, type: "2", link: "/etc" }],
		["a link that leaves", { name: `${top}/a/l`, type: "2", link: "../../evil" }],
		["a hard link that leaves", { name: `${top}/h`, type: "1", link: `${top}/../../../etc/passwd` }],
		["a hard link to nothing", { name: `${top}/h`, type: "1", link: `${top}/absent` }],
		["the same name twice", { name: `${top}/Makefile`, content: "y" }],
		["a file as a folder", { name: `${top}/Makefile/x`, content: "y" }],
		["control characters", { name: `${top}/\u001b[2J`, content: "y" }],
		["a file that is the top", { name: top, content: "y" }],
		["a journal", { name: `${top}/.kprep/journal.json`, content: "{}" }],
		["a journal's folder", { name: `${top}/.kprep/`, type: "5" }],
		["a link for a journal", { name: `${top}/.kprep`, type: "2", link: "scripts" }],
		["settings", { name: `${top}/.kprep.ini`, content: "jobs=1" }],
		["a repository", { name: `${top}/.git/config`, content: "[core]" }],
		["a file that leads to one", { name: `${top}/./.GIT`, content: "gitdir: /" }],
		["a journal in what may be -O's folder", { name: `${top}/build/.kprep/journal.json`, content: "{}" }],
	])("refuses %s and leaves nothing", async (_, entry) => {
		const error = await refusal(unpackArchive(archive([...tree, entry]), dest(), { progress: silent }));
		expect(error.code).toBe("unsafe-archive");
		expectNothingLeft();
	});

	test.each([
		["bytes", { bytes: 10_000 }, "too-large"],
		["entries", { entries: 5 }, "too-large"],
		["what comes out of the decompressor", { stream: 4000 }, "too-large"],
		["room on the disk", { spare: Number.MAX_SAFE_INTEGER }, "no-space"],
	])("refuses more than its %s, and leaves nothing", async (_, limits, code) => {
		const large: Entry = { name: `${top}/large`, content: "x".repeat(40 * 1024 * 1024) };
		const packed = archive([...tree, large]);
		const error = await refusal(unpackArchive(packed, dest(), { progress: silent, limits }));
		expect(error.code).toBe(code);
		expectNothingLeft();
	});

	test("sees by the index of an .xz that there is too little room, before it writes", async () => {
		const packed = `${archive(tree)}.xz`;
		writeFileSync(packed, execFileSync("xz", ["-c", packed.slice(0, -3)]));
		const limits = { spare: Number.MAX_SAFE_INTEGER };
		const error = await refusal(unpackArchive(packed, dest(), { progress: silent, limits }));
		expect(error).toMatchObject({ code: "no-space", exitStatus: 3 });
		expectNothingLeft();
	});

	test("refuses a chain of links that leads outside, though each one looks harmless", async () => {
		const chain: Entry[] = [
			{ name: `${top}/a/b/up`, type: "2", link: "../.." },
			{ name: `${top}/out`, type: "2", link: "a/b/up/.." },
		];
		const error = await refusal(unpackArchive(archive([...tree, ...chain]), dest(), { progress: silent }));
		expect(error.code).toBe("unsafe-archive");
		expectNothingLeft();
	});

	test("writes no file through a link of the archive", async () => {
		const through: Entry[] = [
			{ name: `${top}/l`, type: "2", link: "scripts" },
			{ name: `${top}/l/planted`, content: "x" },
		];
		await refusal(unpackArchive(archive([...tree, ...through]), dest(), { progress: silent }));
		expectNothingLeft();
	});

	test("a cut archive and a cut compressed stream leave nothing", async () => {
		const cut = await refusal(unpackArchive(archive(tree, { trailer: false }), dest(), { progress: silent }));
		expect(cut.code).toBe("damaged-archive");
		const packed = gzipSync(tar(tree));
		const path = join(folder, "linux.tar.gz");
		writeFileSync(path, packed.subarray(0, packed.length - 20));
		expect((await refusal(unpackArchive(path, dest(), { progress: silent }))).code).toBe("command-failed");
		expectNothingLeft();
	});

	test("refuses a folder with something in it, and a file that is no archive", async () => {
		mkdirSync(dest(), { recursive: true });
		writeFileSync(join(dest(), "mine"), "");
		expect((await refusal(unpackArchive(archive(tree), dest(), { progress: silent }))).code).toBe("exists");
		expect(readdirSync(dest())).toEqual(["mine"]);
		const page = join(folder, "page.html");
		writeFileSync(page, "<html>not found</html>");
		const error = await refusal(unpackArchive(page, join(folder, "x"), { progress: silent }));
		expect(error.code).toBe("not-an-archive");
	});

	test("removes the leftovers of a run that was killed, and those only", async () => {
		const gone = execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
		mkdirSync(join(folder, "out", `.linux.kprep-${gone}`, "x"), { recursive: true });
		mkdirSync(join(folder, "out", `.linux.kprep-${process.ppid}`), { recursive: true });
		await unpackArchive(archive(tree), dest(), { progress: silent });
		expect(readdirSync(join(folder, "out")).sort()).toEqual([`.linux.kprep-${process.ppid}`, "linux"]);
	});

	test("a folder for downloads goes away, and so does the one of a run that was killed", async () => {
		const gone = execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
		mkdirSync(join(folder, "out", `.linux.fetch.kprep-${gone}`), { recursive: true });
		const inside = await withStaging(dest(), async (staging) => {
			writeFileSync(join(staging, "package"), "");
			return readdirSync(join(folder, "out"));
		});
		expect(inside).toEqual([`.linux.fetch.kprep-${process.pid}`]);
		expectNothingLeft();
	});

	test("stops when asked to, and leaves nothing", async () => {
		const abort = new AbortController();
		abort.abort(new KprepError("interrupted", "interrupted", "interrupted"));
		const work = unpackArchive(archive(tree), dest(), { progress: silent, signal: abort.signal });
		expect((await refusal(work)).kind).toBe("interrupted");
		expectNothingLeft();
	});
});

test("unpackOutput takes the tar that a program writes", async () => {
	await unpackOutput(["cat", archive(tree)], dest(), { progress: silent });
	expect(lstatSync(join(dest(), "scripts/dtc/arm")).isSymbolicLink()).toBe(true);
});
