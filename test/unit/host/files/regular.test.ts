import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { entriesOf } from "../../../../src/host/files/names.ts";
import { readRegular } from "../../../../src/host/files/regular.ts";
import { bareText } from "../../../helpers/bare-text.ts";
import { fakeRoot } from "../../target/fake-root.ts";

it("reads a file whole, links inside the tree followed, and one of /proc that says it is empty", () => {
	const tree = fakeRoot();
	const text = "x".repeat(200_001);
	writeFileSync(join(tree, "file"), text);
	symlinkSync("file", join(tree, "link"));
	expect(readRegular(join(tree, "link"), { within: tree }).toString()).toBe(text);
	expect(readRegular("/proc/self/stat").length).toBeGreaterThan(10);
});

it("names that are not UTF-8 are read too, behind a link and in a folder whose own name is", () => {
	const tree = join(fakeRoot({ "josé/plain": "" }), "josé");
	const odd = Buffer.from([0x61, 0xff, 0xc3, 0xa9]);
	writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), odd]), "mine");
	symlinkSync(odd, join(tree, "link"));
	const names = entriesOf(tree).map(({ name }) => name);
	for (const name of names.filter((it) => it !== "plain"))
		expect(readRegular(join(tree, name), { within: tree }).toString()).toBe("mine");
});

it.each(["localversion-$(touch${IFS}pwn)", "localversion-`pwn`", "a'pwn'\n  try:      pwn #", 'a";pwn"'])(
	"what is advised for %j acts on that file alone",
	(name) => {
		const tree = fakeRoot();
		const path = join(tree, name);
		symlinkSync("/etc/passwd", path);
		const outside = thrownBy(() => readRegular(path, { within: tree }));
		expect(outside.code).toBe("link-outside");
		rmSync(path);
		spawnSync("mkfifo", [path]);
		const pipe = thrownBy(() => readRegular(path));
		expect(pipe.code).toBe("not-a-file");
		for (const line of [outside, pipe].flatMap((it) => it.suggestions))
			expect(bareText(line)).not.toMatch(/pwn/);
		expect(pipe.toText().split("\n").length).toBe(5);
	},
);

it.each(["fifo", "socket", "folder", "device", "link to a device"])(
	"a %s is an error at once",
	async (kind) => {
		const tree = fakeRoot();
		const path = join(tree, "thing");
		if (kind === "fifo") spawnSync("mkfifo", [path]);
		if (kind === "folder") mkdirSync(path);
		if (kind === "link to a device") symlinkSync("/dev/zero", path);
		if (kind === "socket") {
			const server = createServer();
			await new Promise<void>((done) => void server.listen(path, done));
			onTestFinished(() => void server.close());
		}
		const before = Date.now();
		expect(() => readRegular(kind === "device" ? "/dev/zero" : path)).toThrow(
			expect.objectContaining({ code: "not-a-file", exitStatus: 3 }),
		);
		expect(Date.now() - before).toBeLessThan(2000);
	},
);

it("a link out of the tree, a file too large, and nothing at all are errors of their own", () => {
	const tree = fakeRoot();
	symlinkSync("/etc/passwd", join(tree, "out"));
	symlinkSync("nowhere", join(tree, "dangling"));
	writeFileSync(join(tree, "large"), "12345");
	const code = (name: string) => expect.objectContaining({ code: name });
	expect(() => readRegular(join(tree, "out"), { within: tree })).toThrow(
		expect.objectContaining({ code: "link-outside", exitStatus: 5 }),
	);
	expect(() => readRegular(join(tree, "large"), { limit: 4 })).toThrow(code("too-large"));
	expect(() => readRegular("/proc/self/maps", { limit: 10 })).toThrow(code("too-large"));
	expect(() => readRegular(join(tree, "dangling"))).toThrow(code("not-found"));
	expect(() => readRegular(join(tree, "large/inner"))).toThrow(code("not-found"));
});

function thrownBy(work: () => unknown): KprepError {
	try {
		work();
	} catch (error) {
		if (error instanceof KprepError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}
