import { join } from "node:path";
import { modinfoValue } from "../../../src/formats/module/modinfo.ts";
import { readModinfo } from "../../../src/formats/module/module.ts";
import { readDecompressed } from "../../../src/host/archive/decompress.ts";
import { moduleFiles } from "../../../src/host/files/module-files.ts";
import { AvailableModules } from "../../../src/workflows/boot/installed.ts";
import { loadOrder } from "../../../src/workflows/boot/load-order.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import type { Variant } from "./variants.ts";

/** Drivers that change the machine when they load, so that what comes after them meets another one. */
const UNRULY =
	/watchdog|wdt|panic|kgdb|netconsole|pstore|ramoops|crash|test_|_test|selftest|torture|lkdtm|nmi/;

/** Modules of that kernel, spread over all of its folders; the same ones each time. */
export async function realModules(kernel: LabKernel, most: number, label: string): Promise<Variant[]> {
	const paths = moduleFiles(kernel.modulesFolder).filter((path) => !UNRULY.test(path));
	const step = Math.max(1, Math.floor(paths.length / most));
	const chosen = paths.filter((_, index) => index % step === 0).slice(0, most);
	const variants: Variant[] = [];
	for (const path of chosen)
		variants.push({
			id: `${label}-${path.slice(path.lastIndexOf("/") + 1)}`,
			bytes: await readDecompressed(path),
		});
	return variants;
}

/** As realModules, each with what must be loaded before it: for the kernel that they are of. */
export async function ownModules(kernel: LabKernel, most: number): Promise<Variant[]> {
	const available = new AvailableModules([], join(kernel.modulesFolder, "kernel"));
	const variants = await realModules(kernel, most, "own");
	return Promise.all(
		variants.map(async (variant): Promise<Variant> => {
			const name = modinfoValue(readModinfo(variant.bytes), "name") ?? "";
			const file = available.file(name);
			const order = file === undefined ? [] : await loadOrder([file], available);
			const before = order.filter(({ path }) => path !== file).map(({ module }) => module);
			return { ...variant, before };
		}),
	);
}
