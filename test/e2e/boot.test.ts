/** Real kernels booted with templates/init.c: the machine's own architecture, and arm64 where its tools are installed. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readDecompressed } from "../../src/host/archive/decompress.ts";
import { findProgram } from "../../src/host/process/program.ts";
import { silent } from "../../src/host/progress.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";

const MINUTES = 60_000;
const FOREIGN_TOOLS = ["qemu-system-aarch64", "aarch64-linux-gnu-gcc"];
const CASES: { name: string; wanted: Wanted; tools: string[] }[] = [
	{ name: "the machine's own", wanted: { flavour: "cloud" }, tools: [] },
	{ name: "arm64", wanted: { flavour: "cloud", architecture: "arm64" }, tools: FOREIGN_TOOLS },
];

describe.each(CASES)("$name", ({ name, wanted, tools }) => {
	let kernel: LabKernel | Skip;

	beforeAll(async () => {
		const missing = tools.filter((it) => findProgram(it) === null);
		kernel =
			missing.length > 0 ? { skip: `not installed here: ${missing.join(", ")}` } : await lab.kernel(wanted);
		if ("skip" in kernel) process.stderr.write(`boot of ${name}: skipped: ${kernel.skip}\n`);
	}, 10 * MINUTES);

	test("its own module loads, half of it does not, a kept one stays", {
		timeout: 3 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const bytes = await independentModule(kernel);
		const report = await bootAndLoad({
			...{ image: kernel.image, arch: kernel.architecture, progress: silent, show: ["/proc/version"] },
			modules: [
				{ name: "whole", bytes },
				{ name: "half", bytes: bytes.slice(0, bytes.length >> 1) },
				{ name: "kept", bytes, keep: true },
				{ name: "twice", bytes },
			],
		});
		const { release, modules, boots } = report;
		expect({ release, boots }).toEqual({ release: kernel.release, boots: 1 });
		expect(modules.map((it) => [it.name, it.loaded, it.unloaded, it.errno?.name ?? null])).toEqual([
			["whole", true, true, null],
			["half", false, false, "ENOEXEC"],
			["kept", true, false, null],
			["twice", false, false, "EEXIST"],
		]);
		expect(report.shown.get("/proc/version")).toContain(kernel.release);
		expect(report.log.some((line) => line.includes("Linux version"))).toBe(true);
	});
});

/** A module of the distribution that needs no other and can be unloaded. */
async function independentModule({ modulesFolder }: LabKernel): Promise<Uint8Array> {
	const folder = join(modulesFolder, "kernel/lib");
	for (const file of readdirSync(folder, { encoding: "utf8" }).sort()) {
		if (!/^ts_\w+\.ko/.test(file)) continue;
		return readDecompressed(join(folder, file));
	}
	throw new Error(`no text search module in ${folder}`);
}
