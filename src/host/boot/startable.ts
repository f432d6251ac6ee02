import { accessSync, chmodSync, constants, copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ByteSource } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import type { ContainerKind, ImageContainer } from "../../formats/image/containers/index.ts";
import { openSource } from "../files/file-source.ts";
import { unwrap } from "../files/unwrap.ts";

/** What the emulator of an architecture takes as -kernel; all else is a wrapper around it. */
const TAKEN: Readonly<Record<string, readonly ContainerKind[]>> = {
	x86: ["bzImage"],
	arm: ["zImage"],
	arm64: ["arm64-Image"],
	riscv: ["riscv-Image"],
	powerpc: ["vmlinux"],
	s390: ["s390-bzImage"],
};

/**
 * The file to start for an image: itself, or what is in it (boot.img, FIT, uImage, zboot, UKI, Image.xz) where the
 * emulator does not know the container, written into `folder`. User-mode Linux is made executable there. Throws
 * KprepError as reading an image does.
 */
export async function startable(path: string, arch: string, folder: string): Promise<string> {
	const inside = join(folder, "kernel");
	if (arch === "um") return executable(path, inside);
	const wanted = TAKEN[arch] ?? [];
	if (!existsSync(path)) return path;
	const file = openSource(path);
	try {
		const whole = (source: ByteSource, container: ImageContainer | null) =>
			container !== null && wanted.includes(container.kind) ? source : null;
		const unwrapped = await unwrap(file, path, whole);
		// What kprep does not know the emulator may.
		if (unwrapped === null || unwrapped.found === file) return path;
		writeFileSync(inside, unwrapped.found.read(0, unwrapped.found.size));
		return inside;
	} catch (error) {
		if (error instanceof FormatError) return path;
		throw error;
	} finally {
		file.close();
	}
}

function executable(path: string, inside: string): string {
	try {
		accessSync(path, constants.X_OK);
		return path;
	} catch {
		copyFileSync(path, inside);
		chmodSync(inside, 0o700);
		return inside;
	}
}
