import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where options are asked for by what a module is made of. */
export interface SymbolUse {
	/** Headers that modules may include: generic ones and those of the architecture. */
	headers: Set<string>;
	/** Makefiles that give modules their flags, modpost, and the linker script of modules. */
	build: Set<string>;
}

const LARGEST = 4 * 1024 * 1024;

/** Which of `symbols` (without CONFIG_) something that makes or shapes a module of this tree asks for. Nothing is run. */
export function symbolUse(srctree: string, arch: string, symbols: ReadonlySet<string>): SymbolUse {
	return { headers: symbolsInHeaders(srctree, arch, symbols), build: symbolsInBuild(srctree, arch, symbols) };
}

function symbolsInHeaders(srctree: string, arch: string, symbols: ReadonlySet<string>): Set<string> {
	const found = new Set<string>();
	if (symbols.size === 0) return found;
	for (const folder of [
		"include/linux",
		"include/net",
		"include/asm-generic",
		"include",
		`arch/${arch}/include`,
	]) {
		if (found.size === symbols.size) break;
		search(join(srctree, folder), symbols, found);
	}
	return found;
}

function symbolsInBuild(srctree: string, arch: string, symbols: ReadonlySet<string>): Set<string> {
	const found = new Set<string>();
	if (symbols.size === 0) return found;
	const files = ["Makefile", `arch/${arch}/Makefile`, "scripts/Kbuild.include", "scripts/gcc-goto.sh"];
	for (const folder of ["scripts", "scripts/mod"])
		for (const { name } of entriesOf(join(srctree, folder)))
			if (/^Makefile\.|^module.*\.lds|^(?:modpost|file2alias|sumversion)\.[ch]$/.test(name))
				files.push(join(folder, name));
	for (const file of files) note(join(srctree, file), symbols, found);
	return found;
}

function search(folder: string, symbols: ReadonlySet<string>, found: Set<string>): void {
	for (const entry of entriesOf(folder)) {
		if (entry.isDirectory() && entry.name !== "generated" && entry.name !== "config") {
			search(join(folder, entry.name), symbols, found);
		} else if (entry.isFile() && entry.name.endsWith(".h")) {
			note(join(folder, entry.name), symbols, found);
		}
		if (found.size === symbols.size) return;
	}
}

function note(path: string, symbols: ReadonlySet<string>, found: Set<string>): void {
	const text = textOf(path);
	for (let at = text.indexOf("CONFIG_"); at !== -1; at = text.indexOf("CONFIG_", at + 7)) {
		NAME.lastIndex = at + 7;
		const symbol = NAME.exec(text)?.[0] ?? "";
		if (symbols.has(symbol)) found.add(symbol);
		// CONFIG_X_MODULE is defined for X=m.
		else if (symbol.endsWith("_MODULE") && symbols.has(symbol.slice(0, -7))) found.add(symbol.slice(0, -7));
	}
}

const NAME = /\w+/y;

/** A tree's own files are not trusted to be small. */
function textOf(path: string): string {
	let descriptor: number;
	try {
		descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
	} catch {
		return "";
	}
	try {
		const status = fstatSync(descriptor);
		if (!status.isFile() || status.size > LARGEST) return "";
		return readFileSync(descriptor, "latin1");
	} finally {
		closeSync(descriptor);
	}
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}
