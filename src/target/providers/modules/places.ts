import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FormatError } from "../../../formats/error.ts";
import { modinfoValue } from "../../../formats/module/modinfo.ts";
import { readModinfo } from "../../../formats/module/module.ts";
import type { Root } from "../../../host/files/root.ts";
import { parseVermagic } from "../../../kernel/vermagic/vermagic.ts";
import { folderOf, namesIn } from "../../facts/look.ts";
import type { Subject } from "../provider.ts";

/** Folders that have one folder a release: distributions, NixOS, OpenWrt (whose modules lie in it side by side). */
export const RELEASE_FOLDERS = [
	"/lib/modules",
	"/usr/lib/modules",
	"/run/booted-system/kernel-modules/lib/modules",
	"/run/current-system/kernel-modules/lib/modules",
	"/system_dlkm/lib/modules",
	"/vendor/lib/modules",
] as const;

/** Folders of the modules of the one kernel that there is: Android's partitions, Synology, old Android. */
const FLAT_FOLDERS = [
	"/vendor_dlkm/lib/modules",
	"/vendor/lib/modules",
	"/system_dlkm/lib/modules",
	"/odm_dlkm/lib/modules",
	"/vendor/modules",
	"/system/lib/modules",
	"/lib/modules",
] as const;

const MODULE = /\.ko(?:\.(?:gz|xz|zst))?$/;
const LOOKED_AT = 8;
const LARGEST = 16 * 1024 * 1024;

/** Where the modules of a release are: paths inside the root, of the folder with modules.dep and the like. */
export function moduleFolders(subject: Subject, release: string): string[] {
	const named = RELEASE_FOLDERS.map((folder) => `${folder}/${release}`);
	const flat = FLAT_FOLDERS.filter((folder) => releaseOfModules(subject.root, folder) === release);
	return [...named, ...flat].filter((folder) => folderOf(subject, folder) !== null);
}

/** Where the modules themselves begin, for the folder that has modules.dep: R/kernel, or R itself where they lie flat. */
export function modulesBelow(top: string): string {
	const kernel = join(top, "kernel");
	return existsSync(kernel) ? kernel : top;
}

/** The folder (on this machine) below which the in-tree modules of that release are installed; null when they are not. */
export function installedModules(subject: Subject, release: string | null): string | null {
	if (release === null) return null;
	for (const folder of moduleFolders(subject, release)) {
		const real =
			folderOf(subject, `${folder}/kernel`) ??
			(hasModules(subject, folder) ? folderOf(subject, folder) : null);
		if (real !== null) return real;
	}
	return null;
}

/** Whether modules lie in the folder itself. */
export function hasModules(subject: Subject, folder: string): boolean {
	return namesIn(subject, folder).some((name) => MODULE.test(name));
}

/** Releases of the kernels whose modules lie in a folder that does not name it. */
export function flatReleases(root: Root): string[] {
	return FLAT_FOLDERS.flatMap((folder) => releaseOfModules(root, folder) ?? []);
}

/**
 * The release that the first readable module in the folder itself was built for; null when there is none, or when it does
 * not say. Packed ones are passed over: where modules lie flat they are plain.
 */
function releaseOfModules(root: Root, folder: string): string | null {
	try {
		const names = root.list(folder).filter((name) => name.endsWith(".ko"));
		for (const name of names.slice(0, LOOKED_AT)) {
			const real = root.real(`${folder}/${name}`);
			if (real === null || !statSync(real).isFile() || statSync(real).size > LARGEST) continue;
			const release = releaseOf(readFileSync(real));
			if (release !== null) return release;
		}
	} catch {
		// A folder or a file that may not be read says nothing.
	}
	return null;
}

function releaseOf(bytes: Uint8Array): string | null {
	try {
		const vermagic = modinfoValue(readModinfo(bytes), "vermagic");
		return vermagic === null ? null : (parseVermagic(vermagic).release ?? null);
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}
