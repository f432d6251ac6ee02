import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { emptyKconfig, type Kconfig, readKconfigText } from "../kernel/config/kconfig.ts";

/** Far beyond any kernel (7.2 has 1,700 files of 6 MB in all for one architecture): a hostile tree ends here. */
const MOST_FILES = 8000;
const MOST_BYTES = 64 * 1024 * 1024;
const LARGEST = 4 * 1024 * 1024;

/**
 * What the tree's own Kconfig files say, beginning with its Kconfig (arch/ARCH/Kconfig up to 2.6.37), sources followed
 * as far as they lie inside the tree. Nothing is run. null when the tree has none that can be read.
 */
export function readKconfig(srctree: string, arch: string): Kconfig | null {
	const kconfig = emptyKconfig();
	const root = realRoot(srctree);
	if (root === null) return null;
	const open: { path: string; around: string[] }[] = [
		{ path: `arch/${arch}/Kconfig`, around: [] },
		{ path: "Kconfig", around: [] },
	];
	const seen = new Set<string>();
	const folders = new Map<string, boolean>();
	let bytes = 0;
	for (let next = open.pop(); next !== undefined && seen.size < MOST_FILES; next = open.pop()) {
		const inner = next.path
			.replaceAll(/\$\(?(?:SRCARCH|ARCH)\)?/g, arch)
			.replaceAll(/\$\(?srctree\)?\//g, "");
		if (inner.includes("$") || seen.has(inner)) continue;
		seen.add(inner);
		const text = textInside(root, inner, folders);
		if (text === null) continue;
		bytes += text.length;
		if (bytes > MOST_BYTES) break;
		open.push(...readKconfigText(text, kconfig, next.around).reverse());
	}
	return kconfig.symbols.size === 0 ? null : kconfig;
}

/** A regular file of the tree; null for one that is not there, is too large, or lies outside behind a link. */
function textInside(root: string, inner: string, folders: Map<string, boolean>): string | null {
	const path = join(root, inner);
	const folder = dirname(path);
	try {
		let isInside = folders.get(folder);
		if (isInside === undefined) {
			isInside = within(root, realpathSync(folder));
			folders.set(folder, isInside);
		}
		const status = lstatSync(path);
		if (!isInside || status.size > LARGEST) return null;
		if (status.isFile()) return readFileSync(path, "utf8");
		if (!status.isSymbolicLink() || !within(root, realpathSync(path))) return null;
		const behind = statSync(path);
		return behind.isFile() && behind.size <= LARGEST ? readFileSync(path, "utf8") : null;
	} catch {
		return null;
	}
}

function within(root: string, path: string): boolean {
	return path === root || path.startsWith(`${root}/`);
}

function realRoot(srctree: string): string | null {
	try {
		return realpathSync(srctree);
	} catch {
		return null;
	}
}
