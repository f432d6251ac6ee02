import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { modinfoValue } from "../../formats/module/modinfo.ts";
import { readModinfo } from "../../formats/module/module.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import { moduleFiles } from "../../host/files/module-files.ts";
import type { Progress } from "../../host/progress.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import { identifier } from "../../kernel/module-name.ts";
import type { Target } from "../../target/target.ts";
import { bootAndLoad, type ModuleVerdict } from "./index.ts";
import type { BootModule } from "./initramfs.ts";
import { bootable } from "./prove.ts";

export interface BootModulesRequest {
	/** Paths of .ko files, compressed or not. */
	paths: readonly string[];
	target: Pick<Target, "image" | "arch" | "modules">;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Boots the target's own image in QEMU and loads the modules, each after what it depends on: others of `paths`, else
 * installed ones of the target. Answers in the order of `paths`. Throws KprepError "missing" without an image, QEMU or
 * a compiler, "command" when the image does not come up, and what reading a module throws.
 */
export async function bootModules({
	paths,
	target,
	progress,
	signal,
}: BootModulesRequest): Promise<BootResult[]> {
	const { image, arch } = target;
	if (image === null)
		throw new KprepError("missing", "no-image", "there is no image of the target here to boot", {
			expected: "the kernel's own image (vmlinuz)",
			suggestions: ["install the target's linux-image package, or name its image with -t"],
		});
	const order = await loadOrder(paths, target.modules?.value);
	const folder = await mkdtemp(join(tmpdir(), "kprep-boot-modules-"));
	try {
		const report = await bootAndLoad({
			image: await bootable(image.value, image.read, folder),
			arch: arch?.value ?? process.arch,
			modules: order.map(({ module }) => module),
			...{ progress, signal },
		});
		return paths.map((path) => {
			const at = order.findIndex((one) => one.path === path);
			const { loaded, errno, log } = report.modules[at] as ModuleVerdict;
			const { accelerator, seconds } = report;
			return { loaded, errno: errno?.name ?? null, accelerator, seconds, log };
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

interface Ordered {
	path: string;
	module: BootModule;
}

/** The modules and all that they depend on, dependencies first; those stay loaded. What is in no file is built in. */
async function loadOrder(paths: readonly string[], installed: string | undefined): Promise<Ordered[]> {
	const files = new Map(
		[...(installed === undefined ? [] : moduleFiles(installed)), ...paths].map((path) => [
			nameOf(path),
			path,
		]),
	);
	const order = new Map<string, Ordered>();
	const begun = new Set<string>();
	const add = async (path: string, keep: boolean) => {
		const known = order.get(path);
		if (known !== undefined) known.module.keep ||= keep;
		if (begun.has(path)) return;
		begun.add(path);
		const bytes = await readDecompressed(path);
		for (const needed of dependsOn(bytes)) {
			const file = files.get(needed);
			if (file !== undefined) await add(file, true);
		}
		order.set(path, { path, module: { name: nameOf(path), bytes, keep } });
	};
	for (const path of paths) await add(path, false);
	return [...order.values()];
}

function dependsOn(bytes: Uint8Array): string[] {
	const depends = modinfoValue(readModinfo(bytes), "depends") ?? "";
	return depends.split(",").filter(Boolean).map(identifier);
}

function nameOf(path: string): string {
	return identifier(basename(path).replace(/\.ko(\.\w+)?$/, ""));
}
