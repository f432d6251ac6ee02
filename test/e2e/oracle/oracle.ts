import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/host/process/run.ts";
import { silent } from "../../../src/host/progress.ts";
import { bootAndLoad } from "../../../src/workflows/boot/index.ts";
import { checkModules } from "../../../src/workflows/check/index.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import { compare, type Row } from "./compare.ts";
import { misexplained } from "./explained.ts";
import { type Extent, gather } from "./material.ts";
import { type Variant, variantsOf } from "./variants.ts";

export interface Outcome {
	release: string;
	rows: Row[];
	/** Of the boots. */
	seconds: number;
}

/** Makes every variant for a kernel, asks `check` and the kernel itself, and compares. Files are kept in `folder`. */
export async function consult(kernel: LabKernel, folder: string, extent: Extent): Promise<Outcome> {
	const variants = variantsOf(await gather(kernel, folder, extent));
	const paths = await writeAll(variants, join(folder, "variants"));
	const { modules: predicted } = await checkModules(paths, { sysroot: kernel.sysroot }, silent);
	const report = await bootAndLoad({
		...{ image: kernel.image, arch: kernel.architecture, progress: silent },
		modules: variants.map(({ id, bytes }) => ({ name: id, bytes })),
	});
	const rows = variants.map(({ id }, index) => {
		const [foretold, actual] = [predicted[index], report.modules[index]];
		if (foretold === undefined || actual === undefined) throw new Error(`no answer for ${id}`);
		const row = compare(id, foretold, actual);
		const misread = misexplained(id, actual);
		return misread === null ? row : { ...row, differences: [...row.differences, misread] };
	});
	return { release: report.release, rows, seconds: report.seconds };
}

async function writeAll(variants: Variant[], folder: string): Promise<string[]> {
	mkdirSync(folder, { recursive: true });
	const paths: string[] = [];
	for (const { id, bytes, compress } of variants) {
		const path = join(folder, `${id}.ko`);
		writeFileSync(path, bytes);
		if (compress === "xz") await run(["xz", "-kf", "--check=crc32", path]);
		if (compress === "zst") await run(["zstd", "-qf", path]);
		paths.push(compress === undefined ? path : `${path}.${compress}`);
	}
	return paths;
}
