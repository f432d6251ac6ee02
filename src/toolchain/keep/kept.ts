import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../host/machine/cache.ts";
import { nearer } from "../nearness.ts";
import type { Wanted } from "../wanted.ts";
import type { Manifest } from "./manifest.ts";

/** A part of a toolchain that was brought along and is kept. */
export interface Kept extends Manifest {
	/** Its own name among the kept ones. */
	name: string;
	/** The folder, by the name that stays. */
	folder: string;
}

/** Where they are kept. */
export function keepFolder(): string {
	return join(cacheFolder(), "toolchains");
}

/**
 * Every part that is kept, whole and tested: only such have a name. What does not belong to this user or root, or
 * cannot be read, does not count.
 */
export async function keptParts(folder = keepFolder()): Promise<Kept[]> {
	const names = namesIn(folder);
	if (names.length === 0) return [];
	const { parseManifest } = await import("./manifest.ts");
	return names.flatMap((name) => {
		const manifest = parseManifest(textOf(join(folder, name, "manifest.json")));
		const place = join(folder, name);
		return manifest === null || !isWhole(place, manifest) ? [] : [{ ...manifest, name, folder: place }];
	});
}

/** Whether the programs that make would be told about are there; CROSS_COMPILE is the beginning of names. */
function isWhole(folder: string, { tools }: Manifest): boolean {
	return Object.values(tools).every((path) => path.endsWith("-") || existsSync(join(folder, path)));
}

/** The kept part that serves `wanted` best; null when none does. */
export function keptFor(wanted: Wanted, kept: readonly Kept[]): Kept | null {
	const fitting = kept.filter(
		(it) =>
			it.part === wanted.part &&
			(["pahole", "rust"].includes(it.part) || it.arch === wanted.arch) &&
			(it.plugins || !wanted.plugins) &&
			fitsVersion(wanted, it.version),
	);
	return fitting.sort((a, b) => nearer(wanted.version, a.version, b.version))[0] ?? null;
}

/** The same major version of a compiler, at least the version of pahole, the very version of Rust. */
export function fitsVersion({ part, major, version }: Wanted, found: string): boolean {
	if (part === "rust") return version === null || found === version;
	if (part === "pahole") return major === null || nearer(null, found, major) <= 0;
	if (major === null) return true;
	return found === major || found.startsWith(`${major}.`);
}

function namesIn(folder: string): string[] {
	try {
		const own = [0, process.getuid?.() ?? 0];
		if (!own.includes(lstatSync(folder).uid)) return [];
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isSymbolicLink() && own.includes(lstatSync(join(folder, entry.name)).uid))
			.map(({ name }) => name)
			.sort();
	} catch {
		return [];
	}
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
