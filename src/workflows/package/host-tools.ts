import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readHead } from "../../host/files/files.ts";
import { attempt } from "../../host/process/run.ts";
import { contentOf, type Item } from "./contents.ts";
import { architectureOf } from "./names.ts";

/** The programs of a package: for which processor, and what they need to run. */
export interface HostTools {
	/** Words of dpkg and rpm; null when there is no program, or of a processor that has no name there. */
	architecture: { deb: string; rpm: string } | null;
	/** Debian packages of their shared libraries. */
	depends: string[];
	/** The same for rpm: libelf.so.1()(64bit). */
	libraries: string[];
}

/** Packages of the libraries that kbuild's host tools link with, on Debian and Ubuntu; "t64" names from 2024 on. */
const LIBRARIES: Record<string, string> = {
	"libelf.so.1": "libelf1t64 | libelf1",
	"libcrypto.so.3": "libssl3t64 | libssl3",
	"libcrypto.so.1.1": "libssl1.1",
	"libz.so.1": "zlib1g",
	"libzstd.so.1": "libzstd1",
	"libdw.so.1": "libdw1t64 | libdw1",
};

/** Which of the items are programs: regular, executable, and ELF. */
export function programsOf(items: Item[]): Extract<Item, { kind: "file" }>[] {
	return items.filter(
		(item): item is Extract<Item, { kind: "file" }> =>
			item.kind === "file" && item.executable && item.size > 64 && isElf(readHead(item.from, 4)),
	);
}

/** What the programs say about themselves: ELF header, names of libraries and versions of the C library in them. */
export function readHostTools(items: Item[]): HostTools {
	const programs = programsOf(items);
	const [first] = programs;
	if (first === undefined) return { architecture: null, depends: [], libraries: [] };
	const head = readHead(first.from, 20);
	const big = head[5] === 2;
	const machine = machineOf(head);
	const texts = programs.map((item) => Buffer.from(contentOf(item)).toString("latin1"));
	const libraries = Object.entries(LIBRARIES).filter(([name]) =>
		texts.some((text) => text.includes(`\0${name}\0`)),
	);
	const bits = head[4] === 2 ? 64 : 32;
	const minors = texts.flatMap((text) =>
		[...text.matchAll(/\0GLIBC_2\.(\d{1,3})\0/g)].map(([, minor]) => Number(minor)),
	);
	const libc = minors.length === 0 ? "libc6" : `libc6 (>= 2.${minors.reduce((a, b) => Math.max(a, b))})`;
	return {
		architecture: architectureOf(machine, bits, big),
		depends: [libc, ...libraries.map(([, packages]) => packages).sort()],
		libraries: ["libc.so.6", ...libraries.map(([name]) => name)].map(
			(name) => `${name}()${bits === 64 ? "(64bit)" : ""}`,
		),
	};
}

/** The items with their programs stripped, as packages hold them; the stripped copies lie in `folder`. */
export async function stripped(items: Item[], folder: string, strip = "strip"): Promise<Item[]> {
	const programs = programsOf(items);
	if (programs.length === 0) return items;
	mkdirSync(folder, { recursive: true });
	const copies = new Map(programs.map((item, at) => [item, join(folder, `${at}`)]));
	for (const [item, copy] of copies) copyFileSync(item.from, copy);
	const command = [strip, "--strip-unneeded", "--remove-section=.comment", ...copies.values()];
	const { status } = await attempt(command, { timeout: 60_000 }).catch(() => ({ status: 1 }));
	if (status !== 0) return items;
	return items.map((item) => {
		const copy = item.kind === "file" ? copies.get(item) : undefined;
		return copy === undefined || item.kind !== "file" ? item : { ...item, from: copy };
	});
}

/** e_machine of an ELF file, by its first 20 bytes. */
export function machineOf(head: Uint8Array): number {
	return new DataView(head.buffer, head.byteOffset).getUint16(18, head[5] !== 2);
}

function isElf(head: Uint8Array): boolean {
	return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}
