import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readLoading, relocateProgram } from "../../formats/elf/relocate.ts";

/**
 * Makes the programs below `root` run where they are: each gets the loader and the libraries that came with it. Where no
 * loader came they keep the machine's. Loader and C library themselves stay as they are. Gives how many were changed.
 * Throws FormatError for a broken program.
 */
export async function relocate(root: string, step: () => void = () => {}): Promise<number> {
	const rpath = libraryFolders(root).join(":");
	const loaders = new Map<string, string | null>();
	const seen = new Set<number>();
	let changed = 0;
	for (const path of programFiles(root)) {
		step();
		const { ino, nlink, mode } = statSync(path);
		if (nlink > 1 && seen.has(ino)) continue;
		seen.add(ino);
		const bytes = readFileSync(path);
		const loading = readLoading(bytes);
		if (loading === null) continue;
		const library = /\.so(?:\.|$)/.test(basename(path));
		if (library ? !loading.runpath : loading.interpreter === null) continue;
		const interpreter = library ? null : loaderFor(root, loading.interpreter as string, loaders);
		const moved = relocateProgram(bytes, { interpreter, rpath });
		if (moved === null) continue;
		writeFileSync(path, moved, { mode });
		changed++;
	}
	return changed;
}

/** Places of programs and of libraries that name folders; what ld-linux and libc are made of is none of them. */
function programFiles(root: string): string[] {
	const folders = ["bin", "sbin", "lib", "lib64", "libexec"].flatMap((name) => [name, join("usr", name)]);
	return folders
		.flatMap((folder) => filesBelow(join(root, folder)))
		.filter((path) => !/\/(?:ld-linux|libc\.so|ld64\.so)[^/]*$/.test(path));
}

function filesBelow(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.filter(
			(path) =>
				/\.so(?:\.|$)/.test(path) ||
				!/\.\w{1,4}$|\/share\/|\/rustlib\/src\//.test(path) ||
				isExecutable(path),
		);
}

function isExecutable(path: string): boolean {
	return (statSync(path).mode & 0o111) !== 0;
}

/** Folders with libraries that other files may need: the multiarch ones, and LLVM's own. */
function libraryFolders(root: string): string[] {
	const tops = ["usr/lib", "lib"].map((it) => join(root, it)).filter((it) => existsSync(it));
	const inner = tops.flatMap((top) =>
		readdirSync(top, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.flatMap(({ name }) => [join(top, name), join(top, name, "lib")]),
	);
	return [...inner, ...tops].filter((folder) => existsSync(folder) && hasLibraries(folder));
}

function hasLibraries(folder: string): boolean {
	return readdirSync(folder).some((name) => /\.so\.\d/.test(name));
}

/** The loader of that name below the root; null when none came along. */
function loaderFor(root: string, named: string, known: Map<string, string | null>): string | null {
	if (!known.has(named)) {
		const name = basename(named);
		const folders = ["lib64", "usr/lib64", "lib", "usr/lib"].map((it) => join(root, it));
		const multiarch = folders
			.slice(2)
			.filter((it) => existsSync(it))
			.flatMap((top) => readdirSync(top).map((it) => join(top, it)));
		known.set(named, [...multiarch, ...folders].map((it) => join(it, name)).find((it) => isFile(it)) ?? null);
	}
	return known.get(named) ?? null;
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
