import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Entry, putContents, readContents } from "../../../src/store/entry.ts";
import { Shelf } from "../../../src/store/shelf.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const all = () => true;

describe("the store", () => {
	let top = "";
	let cache: string | undefined;
	beforeEach(() => {
		top = mkdtempSync(join(tmpdir(), "kprep-store-"));
		cache = process.env.XDG_CACHE_HOME;
		process.env.XDG_CACHE_HOME = join(top, "cache");
		mkdirSync(join(top, "one/scripts"), { recursive: true });
		writeFileSync(
			join(top, "one/scripts/.tool.cmd"),
			`cmd_tool := gcc ${top}/src/tool.c # ${top}/one ${top}/one2\n`,
		);
		writeFileSync(join(top, "one/scripts/tool"), Buffer.from(`\x7fELF\0${top}/one`));
		chmodSync(join(top, "one/scripts/tool"), 0o755);
		utimesSync(join(top, "one/scripts/tool"), 1000, 1000.5);
		symlinkSync(`${top}/src`, join(top, "one/source"));
	});
	afterEach(() => {
		if (cache === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = cache;
		rmSync(top, { recursive: true, force: true });
	});

	const shelf = (...others: string[]) => new Shelf("objtrees", others);
	const paths = ["scripts/.tool.cmd", "scripts/tool", "source", "scripts"];
	const keep = (key = KEY) =>
		shelf().keep("near", key, join(top, "one"), [`${top}/src`, `${top}/one`], paths);
	const read = (entry: Entry) =>
		readContents(entry, all, join(top, "two"), [`${top}/other`, join(top, "two")]);
	const place = (key = KEY) => join(top, "cache/kprep/store/objtrees", `near-${key}`);

	test("put back elsewhere: bytes, modes, times; paths in texts and links moved, those that only begin alike not", () => {
		keep();
		const entry = shelf().find("near", KEY) as Entry;
		const to = join(top, "two");
		const contents = readContents(entry, all, to, [`${top}/other`, to]);
		expect(contents).not.toBeNull();
		if (contents !== null) putContents(contents, entry, to, [`${top}/other`, to]);
		expect(readFileSync(join(to, "scripts/.tool.cmd"), "utf8")).toBe(
			`cmd_tool := gcc ${top}/other/tool.c # ${top}/two ${top}/one2\n`,
		);
		expect(readFileSync(join(to, "scripts/tool"))).toEqual(readFileSync(join(top, "one/scripts/tool")));
		expect(statSync(join(to, "scripts/tool"))).toMatchObject({ mtimeMs: 1_000_500 });
		expect(statSync(join(to, "scripts/tool")).mode & 0o777).toBe(0o755);
		expect(readlinkSync(join(to, "source"))).toBe(`${top}/other`);
	});

	test("another key finds nothing; the near one is found by its beginning", () => {
		keep();
		expect(shelf().find("near", "f".repeat(32))).toBeNull();
		expect(shelf().near("near")?.manifest.key).toBe(KEY);
		expect(shelf().near("far")).toBeNull();
	});

	const damages: [string, (folder: string) => void][] = [
		["a manifest cut off", (folder) => writeFileSync(join(folder, "manifest.json"), "{")],
		["a manifest changed", (folder) => appendFileSync(join(folder, "manifest.json"), " ")],
		["no sum", (folder) => rmSync(join(folder, "manifest.sha256"))],
		["no content", (folder) => rmSync(join(folder, "files"), { recursive: true })],
		["writable for all", (folder) => chmodSync(folder, 0o777)],
	];
	test.each(damages)("%s: not used, and gone", (_, damage) => {
		keep();
		damage(place());
		expect(shelf().find("near", KEY)).toBeNull();
		expect(existsSync(place())).toBe(false);
	});

	test.each<[string, (file: string) => void]>([
		["changed", (file) => writeFileSync(file, "\x7fELG")],
		["longer", (file) => appendFileSync(file, "x")],
		["gone", (file) => rmSync(file)],
		[
			"a link",
			(file) => {
				rmSync(file);
				symlinkSync("/etc/hostname", file);
			},
		],
	])("a file of it is %s: nothing is put", (_, damage) => {
		keep();
		damage(join(place(), "files/scripts/tool"));
		expect(read(shelf().find("near", KEY) as Entry)).toBeNull();
	});

	test.skipIf(process.getuid?.() !== 0)(
		"somebody else's is not used; beside a place the user named it is, if it is the place's owner's",
		async () => {
			const { chownSync } = await import("node:fs");
			keep();
			const team = join(top, "team/objtrees");
			mkdirSync(join(top, "team"));
			const { renameSync } = await import("node:fs");
			renameSync(join(place(), ".."), team);
			const own = (uid: number) => {
				for (const name of ["", "files", "manifest.json"])
					chownSync(join(team, `near-${KEY}`, name), uid, uid);
			};
			own(12345);
			expect(shelf(join(top, "team")).find("near", KEY)).toBeNull();
			chownSync(team, 12345, 12345);
			expect(shelf(join(top, "team")).find("near", KEY)?.manifest.key).toBe(KEY);
		},
	);

	test("a rival that was first wins; nothing half-written stays", () => {
		keep();
		const before = statSync(join(place(), "manifest.json")).mtimeMs;
		keep();
		expect(statSync(join(place(), "manifest.json")).mtimeMs).toBe(before);
		expect(readdirSync(join(place(), ".."))).toEqual([`near-${KEY}`]);
	});

	test("a manifest with paths or links that lead out is no manifest", async () => {
		const { createHash } = await import("node:crypto");
		keep();
		const file = join(place(), "manifest.json");
		const rewrite = (change: (manifest: Entry["manifest"]) => void) => {
			const manifest = JSON.parse(readFileSync(file, "utf8"));
			change(manifest);
			writeFileSync(file, JSON.stringify(manifest));
			writeFileSync(
				join(place(), "manifest.sha256"),
				createHash("sha256").update(readFileSync(file)).digest("hex"),
			);
		};
		const links: [to: string, good: boolean][] = [
			["/etc", false],
			[`${top}/src/../../etc`, false],
			[`${top}/srcs`, false],
			["../up", false],
			["scripts/../scripts/tool", false],
			["scripts/tool", true],
			[`${top}/src/sub`, true],
		];
		for (const [to, good] of links) {
			rewrite(({ files }) => {
				for (const one of files) if (one.kind === "link") one.to = to;
			});
			expect(read(shelf().find("near", KEY) as Entry) !== null, to).toBe(good);
		}
		rewrite(({ files }) => {
			(files[0] as { path: string }).path = "../out";
		});
		expect(shelf().find("near", KEY)).toBeNull();
	});
});
