import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { silent } from "../../../src/host/progress.ts";
import { PROVIDERS } from "../../../src/target/providers/index.ts";
import { type ResolveOptions, resolveTarget } from "../../../src/target/resolve.ts";
import type { TargetSpec } from "../../../src/target/subject.ts";
import type { Target } from "../../../src/target/target.ts";

/** Path inside the root → content; `{ link }` makes a symbolic link. */
export type Files = Record<string, string | Uint8Array | { link: string }>;

/** A temporary folder with these files, removed when the test ends. */
export function fakeRoot(files: Files = {}): string {
	const folder = mkdtempSync(join(tmpdir(), "kprep-root-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	addFiles(folder, files);
	return folder;
}

export function addFiles(folder: string, files: Files): void {
	for (const [path, content] of Object.entries(files)) {
		const file = join(folder, path);
		mkdirSync(dirname(file), { recursive: true });
		if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
		else symlinkSync(content.link, file);
	}
}

/** resolveTarget of a machine that runs some other kernel. Image and module readers stay out: fake files are not ELF. */
export function resolveIn(spec: TargetSpec, options: ResolveOptions = {}): Promise<Target> {
	const providers = PROVIDERS.filter(({ name }) => !["image", "installed-modules"].includes(name));
	return resolveTarget(spec, silent, {
		machine: { root: "/", uname: "9.9.9-running" },
		providers,
		...options,
	});
}

/** A .config of the title's version with enough symbols to be believed. */
export function configText(version: string, lines: string[] = [], arch = "x86"): string {
	const filler = Array.from({ length: 24 }, (_, at) => `CONFIG_FILLER_${at}=y`);
	return [
		"#",
		"# Automatically generated file; DO NOT EDIT.",
		`# Linux/${arch} ${version} Kernel Configuration`,
		"#",
		'CONFIG_CC_VERSION_TEXT="gcc-12 (Distro 12.2.0-14) 12.2.0"',
		"CONFIG_MODULES=y",
		"CONFIG_SMP=y",
		"CONFIG_MODULE_UNLOAD=y",
		"CONFIG_MODVERSIONS=y",
		...filler,
		...lines,
		"",
	].join("\n");
}

export function makefileText(version: string): string {
	const [major, minor, sublevel] = version.split(".");
	return `# SPDX\nVERSION = ${major}\nPATCHLEVEL = ${minor}\nSUBLEVEL = ${sublevel}\nEXTRAVERSION =\nNAME = Test\nall:\n`;
}

export function versionHeader(version: string): string {
	const [major = 0, minor = 0, sublevel = 0] = version.split(".").map(Number);
	return `#define LINUX_VERSION_CODE ${major * 65536 + minor * 256 + Math.min(sublevel, 255)}\n`;
}

export const utsRelease = (release: string) => `#define UTS_RELEASE "${release}"\n`;

/** A Module.symvers with one export and the module_layout of this CRC. */
export const symversText = (layout = "0xa351f379") =>
	`0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n${layout}\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n`;

export const gz = (text: string) => gzipSync(text);

/** The start of an x86 bzImage whose setup header names a release (Documentation/arch/x86/boot.rst). */
export function bzImageHead(release: string): Uint8Array {
	const bytes = Buffer.alloc(0x800);
	bytes.write("HdrS", 0x202, "latin1");
	bytes.writeUInt16LE(0x300, 0x20e);
	bytes.write(`${release} (builder) #1 SMP\0`, 0x500, "latin1");
	return bytes;
}

/** The files of a headers folder that has all of its own. */
export function headersFolder(folder: string, release: string, version: string): Files {
	return {
		[`${folder}/.config`]: configText(version),
		[`${folder}/Makefile`]: makefileText(version),
		[`${folder}/Module.symvers`]: symversText(),
		[`${folder}/include/generated/utsrelease.h`]: utsRelease(release),
		[`${folder}/include/generated/uapi/linux/version.h`]: versionHeader(version),
		[`${folder}/include/config/kernel.release`]: `${release}\n`,
	};
}

/** Debian's split of headers into a flavour folder with a wrapper Makefile and a common folder, links absolute as in 6.1. */
export function debian(release: string, version: string, common: string): Files {
	const flavour = `usr/src/linux-headers-${release}`;
	return {
		[`lib/modules/${release}/build`]: { link: `/${flavour}` },
		[`lib/modules/${release}/source`]: { link: `/usr/src/${common}` },
		[`lib/modules/${release}/modules.order`]: "",
		...headersFolder(flavour, release, version),
		[`${flavour}/Makefile`]: `include /usr/src/${common}/Makefile\n`,
		[`${flavour}/.kernelvariables`]: `override ARCH = x86\noverride KERNELRELEASE = ${release}\n`,
		[`${flavour}/include/config/kernel.release`]: `${version}\n`,
		[`usr/src/${common}/Makefile`]: makefileText(version),
		[`boot/config-${release}`]: configText(version),
		[`boot/vmlinuz-${release}`]: bzImageHead(release),
	};
}
