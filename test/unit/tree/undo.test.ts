import {
	chmodSync,
	existsSync,
	linkSync,
	lstatSync,
	lutimesSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readJournal, writeJournal } from "../../../src/tree/journal/index.ts";
import type { SyncRecord, WriteAction } from "../../../src/tree/plan/action.ts";
import { readTree } from "../../../src/tree/read.ts";
import { openSession } from "../../../src/tree/session/index.ts";
import { notePlan, planUndo, undo } from "../../../src/tree/undo.ts";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { addFiles, type Files, fakeRoot } from "../target/fake-root.ts";
import { fakeTree } from "./fake-tree.ts";

const RECORD: SyncRecord = {
	release: "x",
	configGiven: "",
	configLeft: "",
	variables: {},
	until: "modules_prepare",
	made: true,
};

function action(folder: string, path: string, content: string): WriteAction {
	const full = join(folder, path);
	const before = existsSync(full) ? readFileSync(full, "utf8") : null;
	return { id: path, kind: "write", path: full, content, before, summary: "", reason: "", changed: true };
}

/** A whole sync: writes `files`, lets `make` change the tree. */
async function session(folder: string, files: Record<string, string>, make: () => void, output = folder) {
	const actions = Object.entries(files).map(([path, content]) => action(output, path, content));
	const opened = await openSession(
		readTree(folder, output),
		actions.map(({ path }) => path),
	);
	await opened.write(actions);
	await opened.making(async () => make());
	const { unsaved } = await opened.finish(RECORD);
	opened.close();
	return unsaved;
}

describe("undo", () => {
	it("gives back contents, modes, links and times, after any number of syncs", async () => {
		const folder = fakeTree("6.1.192", {
			".config": "old",
			"a/link": { link: "../Makefile" },
			"include/asm": { link: "asm-i386" },
			"include/generated/utsrelease.h": "old release",
			"scripts/mod/modpost": "\x7fELF old",
			"include/linux/version.h": "old version",
		});
		chmodSync(join(folder, ".config"), 0o600);
		chmodSync(join(folder, "scripts/mod/modpost"), 0o755);
		utimesSync(join(folder, ".config"), 1_000_000_000, 1_100_000_000);
		const before = fingerprint(folder);
		const untouched = fingerprint(folder, true)["scripts/setlocalversion"];
		for (const round of ["one", "two", "three"]) {
			const unsaved = await session(
				folder,
				{
					".config": round,
					"new/deep/file": round,
					Makefile: readFileSync(join(folder, "Makefile"), "utf8") + round,
				},
				() => {
					addFiles(folder, {
						"include/generated/utsrelease.h": round,
						"include/linux/version.h": round,
						"scripts/mod/modpost": `\x7fELF ${round}`,
						[`scripts/mod/.${round}.o.cmd`]: `savedcmd_scripts/mod/${round}.o := gcc`,
						[`scripts/mod/${round}.o`]: round,
					});
					unlinkSync(join(folder, "include/asm"));
					symlinkSync(`asm-${round}`, join(folder, "include/asm"));
				},
			);
			expect(unsaved).toEqual([]);
		}
		const undone = await undo(folder);
		expect(undone?.restored.sort()).toEqual([
			".config",
			"Makefile",
			"include/asm",
			"include/generated/utsrelease.h",
			"include/linux/version.h",
			"scripts/mod/modpost",
		]);
		expect(undone?.kept).toEqual([]);
		expect(fingerprint(folder)).toEqual(before);
		expect(fingerprint(folder, true)["scripts/setlocalversion"]).toBe(untouched);
		expect(fingerprint(folder, true)[".config"]).toMatch(/^600 .* 1100000000000$/);
	});

	it("leaves the times of files alone that were saved but not changed", async () => {
		const folder = fakeTree("6.1.192", {
			"include/generated/autoconf.h": "same",
			"include/asm": { link: "asm-x86" },
		});
		const before = fingerprint(folder, true);
		await session(folder, { ".config": "new" }, () => {});
		await undo(folder);
		expect(fingerprint(folder, true)).toEqual(before);
	});

	it("keeps what people made between and after syncs, and edits of theirs elsewhere", async () => {
		const folder = fakeTree();
		await session(folder, { ".config": "1" }, () =>
			addFiles(folder, { "scripts/.made.cmd": "cmd_scripts/made := cc", "scripts/made": "1" }),
		);
		addFiles(folder, { "mine/hello.c": "between", "mine/Makefile": "between", ".config.mine": "a copy" });
		await session(folder, { ".config": "2" }, () => addFiles(folder, { "include/generated/made.h": "2" }));
		addFiles(folder, { "mine/later.c": "after", "mine/later.o": "compiled" });
		const undone = await undo(folder);
		const mine = ["Makefile", "hello.c", "later.c", "later.o"];
		expect(undone?.kept.sort()).toEqual([".config.mine", ...mine.map((name) => `mine/${name}`)]);
		expect(readdirSync(join(folder, "mine")).sort()).toEqual(mine);
		expect(existsSync(join(folder, "scripts/made"))).toBe(false);
		expect(existsSync(join(folder, "include/generated"))).toBe(false);
	});

	it("keeps them too when a later sync was killed while make ran", async () => {
		const folder = fakeTree();
		await session(folder, { ".config": "1" }, () => {});
		addFiles(folder, { "mine/hello.c": "between" });
		const opened = await openSession(readTree(folder), []);
		const killed = opened.making(async () => {
			addFiles(folder, { "include/config/half/made.h": "x", "half/made": "x", ".tmp_4305/tmp.o": "ELF" });
			addFiles(folder, { ".tmp_mine/tmp.o": "mine" });
			const empty = [
				".tmp_4711",
				"kernel/.tmp_12",
				"tools/bpf/resolve_btfids/libsubcmd",
				"empty",
				".tmp_mine",
			];
			for (const path of empty) mkdirSync(join(folder, path), { recursive: true });
			throw new Error("as kill -9 leaves it: nothing is written any more");
		});
		await expect(killed).rejects.toThrow("kill -9");
		opened.close();
		await undo(folder);
		expect(readFileSync(join(folder, "mine/hello.c"), "utf8")).toBe("between");
		expect(readFileSync(join(folder, "half/made"), "utf8")).toBe("x");
		expect(existsSync(join(folder, "include/config"))).toBe(false);
		expect(existsSync(join(folder, ".tmp_4305"))).toBe(false);
		const left = [".tmp_4711", "kernel/.tmp_12", "tools/bpf/resolve_btfids/libsubcmd", "empty", ".tmp_mine"];
		expect(left.filter((path) => existsSync(join(folder, path)))).toEqual(["empty", ".tmp_mine"]);
	});

	/** A sync that is killed while make runs: what `make` makes of the tree is all that there is. */
	async function cutOff<T>(folder: string, make: (close: () => void) => Promise<T>): Promise<T | undefined> {
		const opened = await openSession(readTree(folder), []);
		await opened.write([action(folder, ".config", "given")]);
		let outcome: T | undefined;
		await opened
			.making(async ({ onNamed }) => {
				onNamed("scripts/slow");
				outcome = await make(opened.close);
			})
			// Nothing is left to be noted in.
			.catch(() => {});
		return outcome;
	}

	function later(folder: string, seconds: number, files: Files): void {
		addFiles(folder, files);
		const time = Date.now() / 1000 + seconds;
		for (const path of Object.keys(files)) utimesSync(join(folder, path), time, time);
	}

	it("a run that was cut off ends with its last sign: what comes later is the user's, whatever its name", async () => {
		const folder = fakeTree("6.1.192", { "scripts/mod/x.c": "" });
		const undone = await cutOff(folder, async (close) => {
			later(folder, 40, { "scripts/.slow.cmd": "cmd_scripts/slow := gcc", "scripts/slow": "ELF" });
			later(folder, 41, { ".tmp_4711": "", ".config": "by conf" });
			later(folder, 44, { ".tmp_4712": "", "include/generated/late.h": "" });
			later(folder, 60, {
				".tmp_4713": "",
				"scripts/.mine.cmd": "cmd_scripts/mine := gcc",
				"scripts/mine": "",
			});
			close();
			return await undo(folder);
		});
		expect(undone?.kept.sort()).toEqual([".tmp_4713", "scripts/.mine.cmd", "scripts/mine"]);
		expect(undone?.removed).toEqual(
			expect.arrayContaining(["scripts/slow", ".tmp_4711", ".tmp_4712", ".config"]),
		);
	});

	it("and so long as kprep watches make, all is within it, though make says nothing", async () => {
		const folder = fakeTree("6.1.192", { "scripts/mod/x.c": "" });
		const undone = await cutOff(folder, async (close) => {
			await sleep(2500);
			addFiles(folder, { ".tmp_4711/tmp.o": "" });
			close();
			return await undo(folder);
		});
		expect(undone?.kept).toEqual([]);
	});

	it("an edit of .config after it is kept, though the user's own make has been at work since", async () => {
		const folder = fakeTree("6.1.192", { "scripts/mod/x.c": "" });
		const undone = await cutOff(folder, async (close) => {
			later(folder, 5, { ".config": "edited", "scripts/mine": "", Module: "" });
			later(folder, 5, { "scripts/.mine.cmd": "cmd_scripts/mine := gcc" });
			later(folder, 20, { "include/config/auto.conf": "", "include/generated/autoconf.h": "" });
			close();
			return await undo(folder);
		});
		expect(undone?.kept.sort()).toEqual([
			".config.kprep-kept",
			"Module",
			"scripts/.mine.cmd",
			"scripts/mine",
		]);
		expect(readFileSync(join(folder, ".config.kprep-kept"), "utf8")).toBe("edited");
	});

	it("an undo that is cut off and run again still knows make's files, of which the signs are gone", async () => {
		const folder = fakeTree("6.1.192", { "scripts/mod/x.c": "" });
		const before = fingerprint(folder);
		const undone = await cutOff(folder, async (close) => {
			later(folder, 30, {
				"scripts/.slow.cmd": "cmd_scripts/slow := gcc",
				"scripts/slow": "",
				".tmp_4711": "",
			});
			close();
			const plan = planUndo(folder);
			expect(plan?.removed).toContain(".tmp_4711");
			await notePlan(folder, plan as NonNullable<typeof plan>);
			rmSync(join(folder, "scripts/.slow.cmd"));
			rmSync(join(folder, "scripts/slow"));
			return await undo(folder);
		});
		expect(undone?.kept).toEqual([]);
		expect(fingerprint(folder)).toEqual(before);
	});

	it("never removes what the list of before has, though an earlier kprep noted it as absent", async () => {
		const folder = fakeTree("6.1.192", { "include/generated/old.h": "mine" });
		await session(folder, { ".config": "1" }, () => {});
		const journal = readJournal(folder);
		if (journal === null) throw new Error("no journal");
		journal.originals["include/generated/old.h"] = { kind: "absent" };
		await writeJournal(folder, journal);
		expect((await undo(folder))?.kept).toEqual(["include/generated/old.h"]);
		expect(readFileSync(join(folder, "include/generated/old.h"), "utf8")).toBe("mine");
	});

	it("keeps the originals of names that are not UTF-8", async () => {
		const folder = fakeTree("6.1.192", { "scripts/x.c": "", "include/generated/x.h": "" });
		const odd = ["scripts/m\xfcller.o", "include/generated/\xff.h", "kernel-\xe9.o"].map((path) =>
			Buffer.from(join(folder, path), "latin1"),
		);
		for (const path of odd) writeFileSync(path, "mine");
		const inodes = odd.map((path) => lstatSync(path).ino);
		await session(folder, { ".config": "1" }, () => writeFileSync(odd[1] as Buffer, "make's"));
		const undone = await undo(folder);
		expect([undone?.kept, undone?.lost]).toEqual([[], []]);
		expect(odd.map((path) => readFileSync(path, "utf8"))).toEqual(["mine", "mine", "mine"]);
		expect(odd.map((path) => lstatSync(path).ino)).toEqual(inodes);
	});

	it("goes on where a sync was killed while it kept the originals: make writes into none of them", async () => {
		const folder = fakeTree("6.1.192", {
			"include/generated/utsrelease.h": "old",
			"include/config/auto.conf": "old",
		});
		const before = fingerprint(folder);
		await session(folder, { ".config": "1" }, () => {});
		// As a kill between journal and saved/ leaves it, and one between saved/ and the copy.
		const saved = (path: string) => {
			const original = readJournal(folder)?.originals[path];
			if (original === undefined || original.kind === "absent") throw new Error(path);
			return join(folder, ".kprep/saved", original.saved);
		};
		renameSync(saved("include/generated/utsrelease.h"), join(folder, "include/generated/utsrelease.h"));
		rmSync(join(folder, "include/config/auto.conf"));
		linkSync(saved("include/config/auto.conf"), join(folder, "include/config/auto.conf"));
		await session(folder, { ".config": "2" }, () => {
			for (const path of ["generated/utsrelease.h", "config/auto.conf"])
				writeFileSync(join(folder, "include", path), "new, written in place");
		});
		await undo(folder);
		expect(fingerprint(folder)).toEqual(before);
	});

	it("says what make changed without a copy having been kept", async () => {
		const folder = fakeTree("6.1.192", { "scripts/x.c": "source" });
		const unsaved = await session(folder, { ".config": "1" }, () =>
			writeFileSync(join(folder, "scripts/x.c"), "changed by make"),
		);
		expect(unsaved).toEqual(["scripts/x.c"]);
		expect((await undo(folder))?.lost).toEqual(["scripts/x.c"]);
	});

	it("can be repeated, and does nothing the second time", async () => {
		const folder = fakeTree();
		await session(folder, { ".config": "1" }, () => {});
		expect(await undo(folder)).not.toBeNull();
		expect(await undo(folder)).toBeNull();
	});

	it("clears what a sync left that was killed before its journal was begun", async () => {
		const folder = fakeTree();
		const before = fingerprint(folder);
		addFiles(folder, { ".kprep/saved/.keep": "", ".kprep/before.json": "[]" });
		expect(await undo(folder)).toBeNull();
		expect(fingerprint(folder)).toEqual(before);
	});

	it("removes the folders that -O made, and only those that are empty", async () => {
		const folder = fakeTree();
		const top = fakeRoot();
		for (const mine of [false, true]) {
			await session(folder, { ".config": "1" }, () => {}, join(top, "a/b/c"));
			if (mine) writeFileSync(join(top, "a/notes.txt"), "mine");
			await undo(join(top, "a/b/c"));
			expect(Object.keys(fingerprint(top))).toEqual(mine ? ["a", "a/notes.txt"] : []);
		}
	});
});

describe("the journal", () => {
	it.each([
		["cut off", '{"schema":1,'],
		["of another version", '{"schema":99,"originals":{},"made":[],"foreign":[]}'],
		[
			"leading out",
			JSON.stringify({ schema: 1, originals: { "../x": { kind: "absent" } }, made: [], foreign: [] }),
		],
		["absolute", JSON.stringify({ schema: 1, originals: {}, made: ["/etc/passwd"], foreign: [] })],
		["not an account", "null"],
	])("damaged (%s): nothing is guessed", async (_what, text) => {
		const folder = fakeTree("6.1.192", { ".kprep/journal.json": text, ".kprep/before.json": "[]" });
		const before = fingerprint(folder);
		await expect(undo(folder)).rejects.toMatchObject({ code: "journal-damaged", exitStatus: 5 });
		expect(fingerprint(folder)).toEqual(before);
	});

	it("is not followed through a folder that has become a link", async () => {
		const [folder, out] = [fakeTree(), fakeRoot({ file: "mine" })];
		await session(folder, { "sub/file": "1" }, () => {});
		rmSync(join(folder, "sub"), { recursive: true });
		symlinkSync(out, join(folder, "sub"));
		await expect(undo(folder)).rejects.toMatchObject({ code: "link-outside", exitStatus: 5 });
		expect(readFileSync(join(out, "file"), "utf8")).toBe("mine");
	});

	it("a saved original outside of its folder is never read", async () => {
		const folder = fakeTree();
		await session(folder, { ".config": "1" }, () => {});
		const journal = readJournal(folder);
		if (journal === null) throw new Error("no journal");
		journal.originals.Makefile = {
			kind: "file",
			saved: "../../../etc/passwd",
			at: { ino: "1", size: "1", mtime: "1", atime: "1" },
		};
		await writeJournal(folder, journal);
		await expect(undo(folder)).rejects.toMatchObject({ code: "journal-damaged" });
	});
});

describe("a session that is rolled back", () => {
	it("leaves a tree that had no sync untouched", async () => {
		const folder = fakeTree("6.1.192", { ".config": "old" });
		const before = fingerprint(folder);
		const opened = await openSession(readTree(folder), [join(folder, ".config")]);
		await opened.write([action(folder, ".config", "new"), action(folder, "GNUmakefile", "x")]);
		await opened.making(async () =>
			addFiles(folder, {
				"include/generated/x.h": "",
				"scripts/fixdep": "",
				"scripts/.fixdep.cmd": "cmd_scripts/fixdep := gcc",
			}),
		);
		await opened.rollBack();
		opened.close();
		expect(fingerprint(folder)).toEqual(before);
	});

	it("puts back what an earlier sync had written, and can still be undone", async () => {
		const folder = fakeTree("6.1.192", { ".config": "old" });
		const before = fingerprint(folder);
		await session(folder, { ".config": "first", GNUmakefile: "first" }, () => {});
		const opened = await openSession(readTree(folder), []);
		await opened.write([action(folder, ".config", "second"), action(folder, "Module.symvers", "second")]);
		await opened.rollBack();
		opened.close();
		expect(readFileSync(join(folder, ".config"), "utf8")).toBe("first");
		expect(existsSync(join(folder, "Module.symvers"))).toBe(false);
		await undo(folder);
		expect(fingerprint(folder)).toEqual(before);
	});
});

describe("a session whose end cannot be written down", () => {
	it("leaves the first sync's files, which undo then does not take for the user's", async () => {
		const folder = fakeTree();
		const before = fingerprint(folder);
		await session(folder, { "Makefile.local": "first" }, () => {});
		const opened = await openSession(readTree(folder), []);
		await opened.write([action(folder, "Makefile.local", "second, and longer")]);
		const full = {
			toJSON: () => {
				throw new Error("no space left");
			},
		};
		await expect(opened.finish(full as never)).rejects.toThrow("no space left");
		await opened.rollBack();
		opened.close();
		expect(readFileSync(join(folder, "Makefile.local"), "utf8")).toBe("first");
		await undo(folder);
		expect(fingerprint(folder)).toEqual(before);
	});
});

describe("links", () => {
	const outside = () => fakeRoot({ elsewhere: "mine" });

	it.each<[string, (out: string) => Files]>([
		[".config", (out) => ({ ".config": { link: `${out}/elsewhere` } })],
		["a folder of make's", (out) => ({ "include/generated": { link: out } })],
		["kprep's own folder", (out) => ({ ".kprep": { link: out } })],
		["one that leads nowhere", () => ({ ".config": { link: "/nowhere/at/all" } })],
		["relative", () => ({ ".config": { link: "../elsewhere" } })],
	])("that lead out are refused: %s", async (_what, files) => {
		const out = outside();
		const folder = fakeTree("6.1.192", files(out));
		const before = [fingerprint(folder), fingerprint(out)];
		const opened = async () => openSession(readTree(folder), [join(folder, ".config")]);
		await expect(opened()).rejects.toMatchObject({
			code: "link-outside",
			exitStatus: 5,
		});
		expect([fingerprint(folder), fingerprint(out)]).toEqual(before);
	});

	it("and files whose inode number was given anew, as in a copy of the tree, are put back all the same", async () => {
		const folder = fakeTree("6.1.192", { ".config": "old", "scripts/prefix": { link: "basic" } });
		const before = fingerprint(folder);
		await session(folder, { ".config": "new" }, () => {
			rmSync(join(folder, "scripts/prefix"));
			symlinkSync("mod", join(folder, "scripts/prefix"));
		});
		const journal = readJournal(folder);
		for (const path of [".config", "scripts/prefix"]) {
			const original = journal?.originals[path];
			if (original === undefined || original.kind === "absent") throw new Error("not saved");
			original.at.ino = String(lstatSync(join(folder, path)).ino);
		}
		if (journal !== null) await writeJournal(folder, journal);
		await undo(folder);
		expect(fingerprint(folder)).toEqual(before);
	});

	it("among the sources that make could have written to are nobody's edits after a kill", async () => {
		const folder = fakeTree("6.1.192", { ".config": "old", "scripts/prefix": { link: "basic" } });
		const before = fingerprint(folder);
		const opened = await openSession(readTree(folder), []);
		await opened.write([action(folder, ".config", "new")]);
		// As a kill would: make has begun, and nothing after it is written down. The link's copy is as old as a slow disk makes it.
		await opened
			.making(async () => {
				lutimesSync(join(folder, "scripts/prefix"), 1_000_000_000, 1_000_000_000);
				const journal = readJournal(folder);
				opened.close();
				const { kept } = (await undo(folder)) ?? {};
				expect([journal?.phase, kept]).toEqual(["making", []]);
				throw new Error("killed");
			})
			.catch(() => {});
		expect(fingerprint(folder)).toEqual(before);
	});

	it("that stay inside are replaced, and given back", async () => {
		const folder = fakeTree("6.1.192", { "configs/mine": "old", ".config": { link: "configs/mine" } });
		const before = fingerprint(folder);
		await session(folder, { ".config": "new" }, () => {});
		expect(readFileSync(join(folder, "configs/mine"), "utf8")).toBe("old");
		await undo(folder);
		expect(fingerprint(folder)).toEqual(before);
		rmSync(folder, { recursive: true });
	});
});
