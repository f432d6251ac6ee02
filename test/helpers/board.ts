import { cpSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { LabKernel } from "./lab.ts";

/** Makes `folder` a system of which nothing is at hand but what it boots: image, its .config, its modules. */
export function makeBoard({ sysroot, release, image, modulesFolder }: LabKernel, folder: string): void {
	mkdirSync(join(folder, "boot"), { recursive: true });
	const config = join(sysroot, "boot", `config-${release}`);
	for (const file of [image, config]) cpSync(file, join(folder, "boot", basename(file)));
	const here = join(folder, "lib/modules", release);
	cpSync(modulesFolder, here, { recursive: true, verbatimSymlinks: true });
	for (const link of ["build", "source"]) rmSync(join(here, link), { force: true });
}
