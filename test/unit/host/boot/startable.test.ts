import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { startable } from "../../../../src/host/boot/startable.ts";
import { composeBootImage, composeFit, composeUki, composeZboot } from "../../../helpers/boot-files.ts";
import { composeArm64Image, composeBzImage, composeVmlinux } from "../../../helpers/kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-startable-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec = { exports: [] };
const image = composeArm64Image(spec);
const bzImage = composeBzImage(new Uint8Array(gzipSync(composeVmlinux(spec))), "6.1");
const gzip = new Uint8Array(gzipSync(image));

async function started(arch: string, bytes: Uint8Array): Promise<Uint8Array | "as it is"> {
	const path = join(folder, "image");
	writeFileSync(path, bytes);
	const chosen = await startable(path, arch, folder);
	return chosen === path ? "as it is" : new Uint8Array(readFileSync(chosen));
}

test.each<[name: string, arch: string, bytes: Uint8Array, inside: Uint8Array | "as it is"]>([
	["a bzImage", "x86", bzImage, "as it is"],
	["an Image", "arm64", image, "as it is"],
	["what is no known image", "arm64", new Uint8Array(100), "as it is"],
	["an Image.gz", "arm64", gzip, image],
	["an EFI zboot", "arm64", composeZboot(gzip, 0xaa64), image],
	["a boot.img with an Image.gz", "arm64", composeBootImage(gzip, 4), image],
	["a FIT", "arm64", composeFit([{ name: "k", bytes: gzip, compression: "gzip" }]), image],
	["a unified kernel image", "x86", composeUki(bzImage, 0x8664, "quiet", "6.1"), bzImage],
])("%s", async (_, arch, bytes, inside) => {
	expect(await started(arch, bytes)).toEqual(inside);
});

test("user-mode Linux that may not be run is copied to where it may", async () => {
	const path = join(folder, "linux");
	writeFileSync(path, "program", { mode: 0o644 });
	const chosen = await startable(path, "um", folder);
	expect(chosen).not.toBe(path);
	accessSync(chosen, constants.X_OK);
	expect(await startable(chosen, "um", folder)).toBe(chosen);
});
