import { chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { ownedByCaller, trustFolders } from "../../../../src/host/files/trust.ts";
import { fakeRoot } from "../../target/fake-root.ts";

const root = process.getuid?.() === 0;

afterEach(() => {
	trustFolders([]);
	vi.unstubAllEnvs();
});

it("what one made oneself is one's own, and what is not there is nobody's", () => {
	const folder = fakeRoot();
	writeFileSync(join(folder, "file"), "");
	expect(ownedByCaller(join(folder, "file"))).toEqual({ ok: true });
	expect(ownedByCaller(join(folder, "nothing"))).toEqual({ ok: true });
});

it.skipIf(!root)(
	"a stranger's file is not, nor one's own link's target counts (needs root to make one)",
	() => {
		const folder = fakeRoot();
		writeFileSync(join(folder, "file"), "");
		symlinkSync("file", join(folder, "link"));
		lchownSync(join(folder, "link"), 12345, 12345);
		expect(ownedByCaller(join(folder, "file"))).toEqual({ ok: true });
		expect(ownedByCaller(join(folder, "link"))).toEqual({ ok: false, owner: 12345 });
	},
);

it.skipIf(!root)("root under sudo is the user who typed it too; a number is all that counts", () => {
	const folder = fakeRoot();
	chownSync(folder, 12345, 12345);
	expect(ownedByCaller(folder)).toEqual({ ok: false, owner: 12345 });
	vi.stubEnv("SUDO_UID", "12345");
	expect(ownedByCaller(folder)).toEqual({ ok: true });
	for (const value of ["12346", "0x3039", "12345 ", ""]) {
		vi.stubEnv("SUDO_UID", value);
		expect(ownedByCaller(folder)).toEqual({ ok: false, owner: 12345 });
	}
});

it.skipIf(!root)("a folder that was named safe is believed with all below it, and no other", () => {
	const folder = fakeRoot();
	for (const name of ["tree", "tree2"]) {
		mkdirSync(join(folder, name, "inner"), { recursive: true });
		chownSync(join(folder, name), 12345, 12345);
		chownSync(join(folder, name, "inner"), 12345, 12345);
	}
	symlinkSync(folder, join(folder, "away"));
	trustFolders([join(folder, "away/tree")]);
	expect(ownedByCaller(join(folder, "tree")).ok).toBe(true);
	expect(ownedByCaller(join(folder, "tree/inner")).ok).toBe(true);
	expect(ownedByCaller(join(folder, "tree2")).ok).toBe(false);
	trustFolders(["*"]);
	expect(ownedByCaller(join(folder, "tree2")).ok).toBe(true);
});
