import { createHash } from "node:crypto";
import {
	chmodSync,
	closeSync,
	copyFileSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { KprepError } from "../../errors.ts";
import { padding, TAR_END, tarHeader } from "../../formats/archive/write-tar.ts";
import { makeReadable } from "../../host/files/files.ts";
import { run } from "../../host/process/run.ts";
import { contentOf, type Item } from "./contents.ts";
import { type DebFacts, debControlTar, debDocs, debHead } from "./deb.ts";
import type { PackageNames } from "./names.ts";
import { rpmSpec } from "./rpm.ts";

/** Writes the items below a new or empty folder. Throws KprepError "busy" when something is in it. */
export function writeFolder(items: Item[], folder: string, mtime: number): void {
	if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0))
		throw new KprepError("busy", "not-empty", `${folder} is there already`, {
			...{ expected: "a new or an empty folder", where: folder, suggestions: ["another name behind -o"] },
		});
	const made = new Set<string>();
	for (const item of items) {
		const path = join(folder, item.path);
		const above = dirname(path);
		if (!made.has(above)) makeReadable(above);
		made.add(above);
		if (item.kind === "symlink") {
			symlinkSync(item.link, path);
			continue;
		}
		if (item.kind === "text") writeFileSync(path, item.text, { flag: "wx" });
		else copyFileSync(item.from, path);
		chmodSync(path, item.executable ? 0o755 : 0o644);
		utimesSync(path, mtime, mtime);
	}
}

/** A plain tar of the items below `prefix`, parents first, in pieces of a megabyte or more; `each` sees every content. */
function* tarOf(
	items: Item[],
	prefix: string,
	mtime: number,
	each: (path: string, content: Uint8Array) => void = () => {},
): Generator<Uint8Array> {
	let pieces: Uint8Array[] = [];
	let waiting = 0;
	const put = (...bytes: Uint8Array[]) => {
		pieces.push(...bytes);
		for (const { length } of bytes) waiting += length;
	};
	const made = new Set<string>();
	const folders = (path: string) => {
		if (path === "." || path === "" || made.has(path)) return;
		folders(dirname(path));
		made.add(path);
		put(tarHeader({ path, type: "folder", mode: 0o755, size: 0 }, mtime));
	};
	for (const item of items) {
		const path = join(prefix, item.path);
		folders(dirname(path));
		if (item.kind === "symlink") {
			put(tarHeader({ path, type: "symlink", mode: 0o777, size: 0, link: item.link }, mtime));
			continue;
		}
		const content = contentOf(item);
		each(path, content);
		const mode = item.executable ? 0o755 : 0o644;
		put(tarHeader({ path, type: "file", mode, size: content.length }, mtime), content);
		put(padding(content.length));
		if (waiting < 1 << 20) continue;
		yield Buffer.concat(pieces);
		pieces = [];
		waiting = 0;
	}
	yield Buffer.concat([...pieces, TAR_END]);
}

/** xz's bytes depend on its block size, not on how many threads there are, as long as there are several. */
const XZ = ["xz", "-T2", "--block-size=8MiB", "-0", "-c"];
const COMPRESSORS: [suffix: RegExp, command: string[]][] = [
	[/\.(?:tar\.xz|txz)$/, XZ],
	[/\.(?:tar\.gz|tgz)$/, ["gzip", "-n", "-c"]],
	[/\.(?:tar\.zst|tzst)$/, ["zstd", "-q", "-9", "-c"]],
];

/** Writes the new `file` with what a tar becomes behind `command` (null: the tar itself), made and compressed at once. */
async function compress(tar: Iterable<Uint8Array>, command: string[] | null, file: string): Promise<void> {
	const out = openSync(file, "wx");
	const put = (bytes: Uint8Array) => {
		for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at);
	};
	try {
		if (command === null) for (const piece of tar) put(piece);
		else await run(command, { input: tar, onBytes: put });
	} finally {
		closeSync(out);
	}
}

/** A tar archive, compressed as its name says; one folder at its top. */
export async function writeArchive(items: Item[], top: string, file: string, mtime: number): Promise<void> {
	const half = `${file}.kprep-${process.pid}`;
	const [, command] = COMPRESSORS.find(([suffix]) => suffix.test(file)) ?? [null, null];
	try {
		await compress(tarOf(items, top, mtime), command, half);
		renameSync(half, file);
	} finally {
		rmSync(half, { force: true });
	}
}

/** A .deb (deb(5)), written without dpkg. */
export async function writeDeb(items: Item[], facts: DebFacts, file: string): Promise<void> {
	const { names, mtime } = facts;
	const plain = `${file}.kprep-${process.pid}`;
	const docs = debDocs(facts);
	const doc = `usr/share/doc/${names.package}`;
	const date = new Date(mtime * 1000).toUTCString().replace("GMT", "+0000");
	const scratch = `${file}.kprep-changelog-${process.pid}`;
	const changelog = gzipSync(`${docs.changelog}${date}\n`, { level: 9 });
	// The operating system in a gzip header (RFC 1952): unknown, wherever it is made.
	changelog[9] = 255;
	writeFileSync(scratch, changelog);
	const all: Item[] = [
		{ path: `${doc}/changelog.gz`, kind: "file", from: scratch, size: changelog.length, executable: false },
		{ path: `${doc}/copyright`, kind: "text", text: docs.copyright, executable: false },
		...items.map((item) => ({ ...item, path: `${names.folder}/${item.path}` })),
	];
	const sums: string[] = [];
	try {
		const tar = tarOf(all, ".", mtime, (path, content) => {
			sums.push(`${createHash("md5").update(content).digest("hex")}  ${path}\n`);
		});
		await compress(tar, XZ, `${plain}.xz`);
		const size = statSync(`${plain}.xz`).size;
		const control = gzipSync(debControlTar(facts, sums.join("")), { level: 9 });
		control[9] = 255;
		const out = openSync(plain, "wx");
		try {
			for (const part of [debHead(control, "data.tar.xz", size, mtime), readFileSync(`${plain}.xz`)])
				for (let at = 0; at < part.length; ) at += writeSync(out, part, at);
			if (size % 2 === 1) writeSync(out, "\n");
		} finally {
			closeSync(out);
		}
		renameSync(plain, file);
	} finally {
		for (const rest of [plain, `${plain}.xz`, scratch]) rmSync(rest, { force: true });
	}
}

/** An .rpm by rpmbuild, in a scratch folder beside it. Throws KprepError "missing" where rpmbuild is not installed. */
export async function writeRpm(
	items: Item[],
	facts: {
		names: PackageNames;
		architecture: string;
		compiler: string[];
		libraries: string[];
		mtime: number;
	},
	file: string,
): Promise<void> {
	const { names, mtime } = facts;
	const scratch = `${file}.kprep-${process.pid}`;
	try {
		const root = join(scratch, "root");
		writeFolder(items, join(root, names.folder), mtime);
		const spec = join(scratch, "headers.spec");
		writeFileSync(spec, rpmSpec(names, `/${names.folder}`, facts));
		const defines = {
			_topdir: scratch,
			_rpmdir: join(scratch, "out"),
			_tmppath: scratch,
			_target_os: "linux",
		};
		await run(
			[
				...["rpmbuild", "-bb", "--quiet", "--buildroot", root, "--noclean"],
				...["--target", `${facts.architecture}-linux`],
				...Object.entries(defines).flatMap(([name, value]) => ["--define", `${name} ${value}`]),
				spec,
			],
			{ env: { SOURCE_DATE_EPOCH: String(mtime), LC_ALL: "C" }, timeout: 300_000 },
		);
		const [made] = readdirSync(join(scratch, "out"), { recursive: true, encoding: "utf8" }).filter((it) =>
			it.endsWith(".rpm"),
		);
		if (made === undefined) throw new Error("rpmbuild left no package");
		renameSync(join(scratch, "out", made), file);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}
