import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { definedVersions } from "../../formats/elf/dynamic.ts";
import { type Elf, readElf } from "../../formats/elf/elf.ts";
import { FormatError } from "../../formats/error.ts";
import { openSource } from "../files/file-source.ts";
import { readRegular } from "../files/regular.ts";

/** A shared library of this machine. */
export interface Library {
	path: string;
	/** What it defines; empty: it has no versions. */
	versions: Set<string>;
}

const ALWAYS = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib", "/lib32", "/usr/lib32"];

/**
 * The folders in which the dynamic loader of `interpreter` looks on this machine: LD_LIBRARY_PATH, the program's own
 * paths, ld.so.conf with what it includes (ld.so(8)), musl's list, the loader's own folder and the usual ones.
 */
export function libraryFolders(interpreter: string, own: string[], environment = process.env): string[] {
	const loader = realOf(interpreter);
	return [
		...new Set([
			...(environment.LD_LIBRARY_PATH ?? "").split(/[:;]/),
			...own,
			...confFolders("/etc/ld.so.conf"),
			...muslFolders(),
			...(loader === null ? [] : [dirname(loader)]),
			...ALWAYS,
		]),
	].filter((folder) => folder.startsWith("/"));
}

/** The library of that name for programs like `like` (same class and machine); null when no folder has one. */
export function findLibrary(name: string, like: Elf, folders: string[]): Library | null {
	for (const path of name.includes("/") ? [name] : folders.map((folder) => join(folder, name))) {
		if (!existsSync(path)) continue;
		const found = read(path, like);
		if (found !== null) return found;
	}
	return null;
}

/** null for one of another machine, a linker script, a damaged one: ld.so goes on to the next folder too. */
function read(path: string, like: Elf): Library | null {
	const source = openSource(path);
	try {
		const elf = readElf(source);
		const same = elf.bits === like.bits && elf.machine === like.machine && elf.little === like.little;
		return same ? { path, versions: definedVersions(elf) } : null;
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	} finally {
		source.close();
	}
}

function confFolders(file: string, depth = 0): string[] {
	return linesOf(file).flatMap((line) => {
		const pattern = /^include\s+(\S+)$/.exec(line)?.[1];
		if (pattern === undefined) return [line];
		return depth > 3 ? [] : matching(pattern).flatMap((inner) => confFolders(inner, depth + 1));
	});
}

/** The files that a pattern such as /etc/ld.so.conf.d/*.conf stands for: a star in the name alone. */
function matching(pattern: string): string[] {
	const folder = dirname(pattern);
	const [head = "", tail] = pattern.slice(folder.length + 1).split("*");
	if (tail === undefined) return [pattern];
	return namesIn(folder)
		.filter((name) => name.startsWith(head) && name.endsWith(tail))
		.map((name) => join(folder, name));
}

function muslFolders(): string[] {
	return namesIn("/etc")
		.filter((name) => /^ld-musl-.*\.path$/.test(name))
		.flatMap((name) => linesOf(join("/etc", name)).flatMap((line) => line.split(":")));
}

function linesOf(file: string): string[] {
	if (!existsSync(file)) return [];
	return readRegular(file)
		.toString("utf8")
		.split("\n")
		.map((line) => line.replace(/#.*/, "").trim())
		.filter(Boolean);
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}

function realOf(path: string): string | null {
	try {
		return realpathSync(path);
	} catch {
		return null;
	}
}
