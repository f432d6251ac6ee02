import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheFolder } from "../../host/machine/cache.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";

const MARK = ".kprep-copy";

/** Whether the sources are to stay as they are: installed ones, and those that may not be written. */
export function mustStay(folder: string): boolean {
	if (/^\/usr\/src\//.test(folder)) return true;
	try {
		accessSync(folder, constants.W_OK);
		return false;
	} catch {
		return true;
	}
}

/** Where the copy of a driver for one kernel lies. */
export function copyFolder(folder: string, release: string): string {
	return join(cacheFolder(), "build", release, basename(folder).replace(/[^\w.+~-]/g, "_"));
}

/**
 * Copies the sources of a driver to `copy`, as dkms copies them before it builds, in the place of an earlier copy of
 * kprep's own; links stay links. What kbuild made of them stays behind: it is of another kernel.
 */
export async function copySources(folder: string, copy: string): Promise<void> {
	const mark = join(`${copy}${MARK}`);
	if (existsSync(copy) && existsSync(mark)) rmSync(copy, { recursive: true });
	mkdirSync(join(copy, ".."), { recursive: true });
	writeFileSync(mark, `${folder}\n`);
	await cp(folder, copy, {
		recursive: true,
		verbatimSymlinks: true,
		filter: (path) => {
			const name = basename(path);
			return name !== ".git" && !/^\..*\.cmd$/.test(name) && !existsSync(join(dirname(path), `.${name}.cmd`));
		},
	});
}

/** Applies the patches of a dkms.conf as dkms does: `patch -p1 < patches/NAME`. */
export async function applyPatches(copy: string, names: string[], progress: Progress): Promise<void> {
	for (const name of names) {
		await run(["patch", "-p1", "--batch"], {
			...{ cwd: copy, input: readFileSync(join(copy, "patches", name)), timeout: 60_000, progress },
		});
	}
}
