import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readLog } from "../../../../src/host/files/log-input.ts";
import { silent } from "../../../../src/host/progress.ts";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { aboutEntry } from "../../../../src/workflows/explain/entry.ts";
import { explain } from "../../../../src/workflows/explain/index.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const NOT_FOUND = "modprobe: FATAL: Module snd-dummy not found in directory /lib/modules/6.8.0-1017-azure\n";
const EXISTS = "insmod: ERROR: could not insert module a.ko: File exists\n";

function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

const told = (...sources: string[]) => explain({ sources, probe: false }, silent, signal);

describe("what is given as a log", () => {
	it("a rotated one is unpacked", async () => {
		const { diagnoses } = await told(file("kern.log.2.gz", gzipSync(NOT_FOUND.repeat(20_000))));
		expect(diagnoses.map(({ id }) => id)).toEqual(["module-not-found"]);
		expect(diagnoses[0]?.commands).toContain("sudo apt install linux-modules-extra-6.8.0-1017-azure");
	});

	it.each([
		["a damaged gzip", gzipSync(NOT_FOUND.repeat(5000)).subarray(0, 60), /no whole gzip/, "zcat"],
		["an empty one", "", /is empty/, "dmesg"],
		["a module", "\x7fELF\x02\x01\x01", /an ELF file/, "--module"],
		["xz", Buffer.from("\xfd7zXZ\0\0", "latin1"), /packed with xz/, "xzcat"],
		["a picture", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), /a picture/, "dmesg"],
		["noise", Uint8Array.from({ length: 3000 }, (_, at) => (at * 37) % 256), /no text/, "strings"],
	])("%s says what it is, and what to type", async (name, content, message, command) => {
		const error = await told(file(`${name}.log`, content)).then(
			() => null,
			(thrown) => thrown as { message: string; suggestions: string[] },
		);
		expect(error?.message).toMatch(message);
		expect(error?.suggestions.join("\n")).toContain(command);
	});

	it("one that is damaged in its midst ends, however it comes", async () => {
		const noise = Array.from({ length: 4000 }, (_, at) => `line ${at} ${(at * 7919) % 10007}\n`).join("");
		const packed = gzipSync(noise.repeat(30));
		packed.fill(0xff, Math.floor(packed.length / 2));
		await expect(told(file("midst.gz", packed))).rejects.toMatchObject({ code: "no-log" });
	});

	it("a serial console with a few control characters is a log", async () => {
		const { diagnoses } = await told(file("console.log", `\0\0\x07\x08${EXISTS}`));
		expect(diagnoses.map(({ id }) => id)).toEqual(["module-already-loaded"]);
	});

	it("of several, each diagnosis names its own; of one, none is named", async () => {
		mkdirSync(join(folder, "dkms/one"), { recursive: true });
		mkdirSync(join(folder, "dkms/two"), { recursive: true });
		const one = file("dkms/one/make.log", NOT_FOUND.trim());
		const two = file("dkms/two/make.log", EXISTS);
		const { diagnoses } = await told(join(folder, "dkms"));
		expect(Object.fromEntries(diagnoses.map(({ id, files }) => [id, files]))).toEqual({
			"module-not-found": [one],
			"module-already-loaded": [two],
		});
		expect((await told(two)).diagnoses[0]?.files).toEqual([]);
	});
});

describe("what never ends", () => {
	it("a pipe that nobody writes to is left when one wants to", async () => {
		const pipe = join(folder, "pipe");
		execFileSync("mkfifo", [pipe]);
		const abort = new AbortController();
		const reading = explain({ sources: [pipe], probe: false }, silent, abort.signal);
		setTimeout(() => abort.abort(new Error("stopped")), 100);
		await expect(reading).rejects.toThrow("stopped");
		const later = told(pipe);
		setTimeout(() => writeFileSync(pipe, EXISTS), 100);
		expect((await later).diagnoses.map(({ id }) => id)).toEqual(["module-already-loaded"]);
	});

	it("a socket is nothing to read", async () => {
		const server = createServer().listen(join(folder, "socket"));
		await once(server, "listening");
		await expect(told(join(folder, "socket"))).rejects.toMatchObject({ code: "not-a-file" });
		server.close();
	});

	it("a log that unpacks to more than anybody reads is cut, and that is said", async () => {
		const log = file("bomb.gz", gzipSync(`${EXISTS}${"x".repeat(200_000)}\n${NOT_FOUND}`));
		let text = "";
		const feed = (piece: Uint8Array) => {
			text += Buffer.from(piece).toString();
		};
		expect(await readLog(log, feed, signal, 1000)).toBe(true);
		expect(text).toBe(EXISTS + "x".repeat(1000 - EXISTS.length));
		text = "";
		expect(await readLog(log, feed, signal, 300_000)).toBe(false);
		expect(text.endsWith(NOT_FOUND)).toBe(true);
	});
});

describe("lines that nobody knows", () => {
	const read = (text: string, step = text.length) => {
		const reader = new LogReader();
		const bytes = new TextEncoder().encode(text);
		for (let at = 0; at < bytes.length; at += step) reader.feed(bytes.subarray(at, at + step));
		return reader.finish();
	};

	it.each([1, 7, 1000])("the line above is told, in pieces of %i bytes", (step) => {
		const { errors, above } = read("  CC x.o\nnot as root, please\nthing exit status 1\n", step);
		expect({ errors, above }).toEqual({ errors: ["thing exit status 1"], above: "not as root, please" });
	});

	it("progress above is no reason", () => {
		expect(read("  CC [M]  x.o\nmake: *** [all] Error 2\n").above).toBeNull();
		expect(read("make[1]: Entering directory '/x'\nmake: *** [all] Error 2\n").above).toBeNull();
	});

	it("beside a diagnosis only those with words of their own are told", () => {
		const { diagnoses, errors } = read(`${EXISTS}FATAL: gen-thing: no input\nmake: *** [all] Error 2\n`);
		expect(diagnoses).toHaveLength(1);
		expect(errors).toEqual(["FATAL: gen-thing: no input"]);
	});

	it("a line out of a web page is shown as the page showed it", () => {
		const { diagnoses } = read("insmod: ERROR: could not insert module &quot;a.ko&quot;: File exists\n");
		expect(diagnoses[0]?.lines).toEqual(['insmod: ERROR: could not insert module "a.ko": File exists']);
	});
});

describe("several symbols", () => {
	it("all are looked for, and those that no kernel exports are named", async () => {
		const lines = ["my_helper", "kallsyms_lookup_name"].map(
			(name) => `ERROR: modpost: "${name}" [/d/d.ko] undefined!\n`,
		);
		const { diagnoses } = await told(file("modpost.log", lines.join("")));
		expect(diagnoses[0]?.remedy).toContain("kallsyms_lookup_name is not exported since 5.7");
		expect(diagnoses[0]?.commands[0]).toContain("-wE 'my_helper|kallsyms_lookup_name'");
	});
});

describe("an id as people type it", () => {
	it("in another case, with other marks", async () => {
		expect((await aboutEntry("Vermagic_Release", 80))?.json.entry.id).toBe("vermagic-release");
	});

	it("a part of some names them", async () => {
		await expect(aboutEntry("vermagic", 80)).rejects.toMatchObject({
			suggestions: expect.arrayContaining(["kprep explain vermagic-release", "kprep explain vermagic-flags"]),
		});
	});
});
