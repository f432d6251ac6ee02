import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { sha256 } from "../../../src/host/files/digest.ts";
import { putContents, readContents } from "../../../src/store/entry.ts";
import type { Manifest } from "../../../src/store/manifest.ts";
import { Shelf } from "../../../src/store/shelf.ts";
import { journalSchema } from "../../../src/tree/journal/schema.ts";

const KEY = "0123456789abcdef0123456789abcdef";
type Stored = Manifest["files"][number];

/** An entry by somebody who knows its form, and a folder that is none of its business. */
describe("an entry that means harm", () => {
	let top = "";
	let outside = "";
	let to = "";
	beforeEach(() => {
		top = realpathSync(mkdtempSync(join(tmpdir(), "kprep-store-")));
		onTestFinished(() => {
			vi.unstubAllEnvs();
			rmSync(top, { recursive: true, force: true });
		});
		vi.stubEnv("XDG_CACHE_HOME", join(top, "cache"));
		[outside, to] = [join(top, "outside"), join(top, "to")];
		for (const folder of [outside, to]) mkdirSync(folder);
		writeFileSync(join(outside, "precious"), "mine");
	});

	const file = (path: string, more: Partial<Stored> = {}) =>
		({
			kind: "file",
			path,
			mode: 0o644,
			mtimeMs: 1000,
			size: 5,
			sha256: sha256("evil\n"),
			...more,
		}) as Stored;
	const link = (path: string, to: string): Stored => ({ kind: "link", path, to });

	/** Puts such an entry into `to`, whose source tree is beside it; false when it is refused. */
	const put = (files: Stored[], folders = ["/their/src", "/their/obj"]): boolean => {
		const folder = join(top, "cache/kprep/store/objtrees", `near-${KEY}`);
		for (const one of files) {
			const place = join(folder, "files", one.path.replaceAll("..", "up"));
			try {
				mkdirSync(dirname(place), { recursive: true });
				if (one.kind === "file") writeFileSync(place, "evil\n");
			} catch {
				// No such file can be.
			}
		}
		mkdirSync(join(folder, "files"), { recursive: true });
		const text = JSON.stringify({ schema: 1, key: KEY, folders, files } satisfies Manifest);
		writeFileSync(join(folder, "manifest.json"), text);
		writeFileSync(join(folder, "manifest.sha256"), sha256(text));
		const entry = new Shelf("objtrees").find("near", KEY);
		const moved = [join(top, "src"), to];
		const contents = entry === null ? null : readContents(entry, () => true, to, moved);
		if (entry === null || contents === null) return false;
		putContents(contents, entry, to, moved);
		return true;
	};

	test("nothing is written through its own link, whatever comes first", () => {
		for (const files of [
			[link("zz", outside), file("zz/precious"), file("zz/new")],
			[file("zz/precious"), link("zz", outside)],
			[link("zz", "scripts"), file("scripts/tool"), file("zz/new")],
			[link("zz", "scripts"), file("zz")],
			[file("zz"), file("zz/new")],
		])
			expect(put(files, ["/their/src", "/their/obj", outside]), JSON.stringify(files)).toBe(false);
		expect(readFileSync(join(outside, "precious"), "utf8")).toBe("mine");
		expect(existsSync(join(outside, "new"))).toBe(false);
	});

	test.each<[string, string, string[]?]>([
		["to a folder of its own naming", "OUTSIDE", ["/their/src", "/their/obj", "OUTSIDE"]],
		["to more folders than there are", "/their/src/a", ["/their/src", "/their/obj", "/their/third"]],
		["up and down again", "include/../../outside"],
		["by a part that moves", "/their/src/a/../../their/src"],
		["through a link of the tree", "mine/precious"],
		["through one that leads nowhere yet", "later/new"],
		["up behind a link of the tree", "../precious"],
	])("a link out, %s, is not made", (_, aim, folders) => {
		symlinkSync(outside, join(to, "mine"));
		symlinkSync(join(top, "later"), join(to, "later"));
		const path = aim.startsWith("../") ? "mine/zz" : "zz";
		const named = folders?.map((folder) => (folder === "OUTSIDE" ? outside : folder));
		expect(put([file("scripts/tool"), link(path, aim === "OUTSIDE" ? outside : aim)], named)).toBe(false);
		expect(existsSync(join(to, "scripts"))).toBe(false);
	});

	test("links of a build are made, to what comes with it too", () => {
		const links: Stored[] = [link("source", "/their/src"), link("tools/objtool/fixdep", "../fixdep")];
		expect(put([...links, file("tools/fixdep")])).toBe(true);
		expect(realpathSync(join(to, "tools/objtool/fixdep"))).toBe(join(to, "tools/fixdep"));
	});

	const paths = [
		...[".git/hooks/post-checkout", ".git", ".GIT/config", "sub/.git/config", ".kprep.ini", ".Kprep.INI"],
		...[".kprep/saved/0", ".kprep", "a//b", "a/./b", "a/", "./a", "a/../b", "/a", "a\nb", "\udcff.h"],
	];
	test.each(paths)("%j is no path of an entry", (path) => {
		expect(put([file(path)])).toBe(false);
	});

	test("nor is one that is longer than any path", () => {
		expect(put([file(`${"a/".repeat(2100)}a`)])).toBe(false);
	});

	test("what an entry may hold, a journal may too", () => {
		for (const path of ["a", ".a/b", ".gitignore", "x/.kprep-y", "ö", "scripts/.tool.cmd"]) {
			expect(put([file(path)]), path).toBe(true);
			expect(v.safeParse(journalSchema.entries.made, [path]).success, path).toBe(true);
		}
	});

	test("what it makes writable for all, this user's umask takes away", () => {
		expect(put([file("tool", { mode: 0o777 } as Partial<Stored>)])).toBe(true);
		expect(statSync(join(to, "tool")).mode & 0o777).toBe(0o777 & ~process.umask());
	});
});
