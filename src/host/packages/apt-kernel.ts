import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Root } from "../files/root.ts";
import { aptClosure, aptDownload, aptNames, aptVersions, unpackDeb } from "./apt.ts";
import type { PackageContext, PackageVersion } from "./package-source.ts";

/** A kernel that Debian or Ubuntu has as packages. */
export interface KernelPackage {
	/** `uname -r` of it. */
	release: string;
	/** The linux-image package. */
	image: PackageVersion;
}

/** A kernel that was unpacked: what is where in its sysroot. */
export interface UnpackedKernel {
	sysroot: string;
	release: string;
	/** Path on this machine. */
	image: string;
	/** ROOT/lib/modules/R or its /usr twin, path on this machine. */
	modulesFolder: string;
}

/**
 * Kernels of a flavour ("cloud-amd64", "rt-amd64", "amd64", "generic"), newest package version first. `series` ("6.1")
 * picks by the start of the release. Nothing is taken for a release but names like linux-image-V.P[.S]...-FLAVOUR.
 */
export async function findKernels(
	wanted: { flavour: string; series?: string },
	context: PackageContext,
): Promise<KernelPackage[]> {
	const flavour = wanted.flavour.replace(/[.+]/g, "\\$&");
	const series = wanted.series?.replace(/[.+]/g, "\\$&") ?? "\\d+\\.\\d+";
	// What stands between version and flavour has no other flavour's word: "6.1.0-56-rt" is not of "amd64".
	const pattern = new RegExp(`linux-image-(${series}(?:[.+~-][0-9][^-]*|\\+[a-z][^-]*)*-${flavour})`);
	const names = await aptNames(pattern, context, "linux-image-");
	const versions = await aptVersions(names, context);
	return versions.flatMap((image) => {
		const release = new RegExp(`^${pattern.source}$`).exec(image.name)?.[1];
		// A metapackage such as linux-image-6.12-cloud-amd64 has no kernel of its own.
		return release === undefined || /^\d+\.\d+-[a-z]/.test(release) ? [] : [{ release, image }];
	});
}

/**
 * The kernel that one of these metapackages ("linux-image-cloud-amd64", "linux-image-virtual") stands for now; the
 * first of them that the repositories have decides. null when they have none.
 */
export async function currentKernel(
	metapackages: string[],
	context: PackageContext,
): Promise<KernelPackage | null> {
	for (const name of metapackages) {
		const [newest] = await aptVersions([name], context);
		if (newest === undefined) continue;
		for (const image of await aptClosure(newest, /^linux-image-/, context)) {
			const release = /^linux-image-(?:unsigned-)?(\d.*)$/.exec(image.name)?.[1];
			if (release !== undefined) return { release, image };
		}
	}
	return null;
}

/**
 * Downloads image, headers and what they need of the kernel's own packages into `downloads`, and unpacks them into the
 * new folder `sysroot` (which appears whole or not at all). A sysroot that is there already is used as it is.
 */
export async function unpackKernel(
	kernel: KernelPackage,
	folders: { downloads: string; sysroot: string },
	context: PackageContext,
): Promise<UnpackedKernel> {
	const { downloads, sysroot } = folders;
	if (!existsSync(sysroot)) {
		const files = await aptDownload(await kernelPackages(kernel, context), downloads, context);
		context.progress.step("unpack", kernel.release);
		const partial = mkdtempSync(`${sysroot}.partial-${process.pid}-`);
		for (const file of files) await unpackDeb(file, partial, context);
		settle(partial, sysroot);
	}
	return describe(sysroot, kernel.release);
}

/**
 * Downloads the linux-source package of the very version that a kernel was built from; gives the path of the tar
 * archive in it. Throws KprepError "missing" when the repositories no longer have that version.
 */
export async function kernelSource(
	kernel: KernelPackage,
	folders: { downloads: string; sources: string },
	context: PackageContext,
): Promise<string> {
	const { name, version } = kernel.image;
	const folder = join(folders.sources, version.replaceAll(":", "%3a"));
	const ready = existsSync(folder) ? archiveIn(folder) : null;
	if (ready !== null) return ready;
	const versions = await aptVersions(await aptNames(/linux-source-\d.*/, context, "linux-source-"), context);
	const source = versions.find((it) => it.version === version);
	if (source === undefined)
		throw new KprepError("missing", "no-source-package", `the repositories have no source of ${name}`, {
			expected: `a linux-source package of version ${version}`,
			found:
				versions
					.map((it) => `${it.name} ${it.version}`)
					.slice(0, 5)
					.join(", ") || "none",
			suggestions: ["apt-get update", "kprep source list"],
		});
	const files = await aptDownload([source], folders.downloads, context);
	mkdirSync(folders.sources, { recursive: true });
	const partial = mkdtempSync(`${folder}.partial-${process.pid}-`);
	for (const file of files) await unpackDeb(file, partial, context);
	// One without its archive is damaged.
	if (archiveIn(folder) === null) rmSync(folder, { recursive: true, force: true });
	settle(partial, folder);
	const archive = archiveIn(folder);
	if (archive === null)
		throw new KprepError("missing", "no-source-archive", `${source.name} has no archive of the source`, {
			where: folder,
		});
	return archive;
}

/** Gives what was made its name; when another was first, that one stays and this goes. */
function settle(made: string, name: string): void {
	chmodSync(made, 0o755);
	try {
		renameSync(made, name);
	} catch (error) {
		if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		rmSync(made, { recursive: true, force: true });
	}
}

async function kernelPackages(kernel: KernelPackage, context: PackageContext): Promise<PackageVersion[]> {
	const { release, image } = kernel;
	const headers = (await aptVersions([`linux-headers-${release}`], context)).find(
		(it) => it.arch === image.arch,
	);
	if (headers === undefined)
		throw new KprepError("missing", "no-headers-package", `the repositories have no headers for ${release}`, {
			expected: `linux-headers-${release}`,
			suggestions: ["apt-get update"],
		});
	const packages = [image, headers];
	for (const start of [image, headers])
		for (const needed of await aptClosure(start, KERNEL_PACKAGE, context))
			if (!packages.some((it) => it.name === needed.name)) packages.push(needed);
	return packages;
}

/** The kernel's own packages: with a number in their name, but not the compiler's. */
const KERNEL_PACKAGE = /^linux-(?!compiler|libc|perf|tools|initramfs).*\d/;

function describe(sysroot: string, release: string): UnpackedKernel {
	const root = new Root(sysroot);
	const places = ["/lib/modules", "/usr/lib/modules"].map((it) => root.real(`${it}/${release}/kernel`));
	const modules = places.find((it) => it !== null)?.replace(/\/kernel$/, "");
	const image = [
		`/boot/vmlinuz-${release}`,
		`/boot/vmlinux-${release}`,
		`/usr/lib/modules/${release}/vmlinuz`,
	]
		.map((it) => root.real(it))
		.find((it) => it !== null);
	if (modules === undefined || image === undefined || image === null)
		throw new KprepError(
			"missing",
			"incomplete-kernel",
			`the packages of ${release} are not a whole kernel`,
			{
				expected: "an image and modules",
				where: sysroot,
			},
		);
	return { sysroot, release, image, modulesFolder: modules };
}

/** The archive below usr/src, as a file or in a folder of the package's name (Ubuntu). */
function archiveIn(folder: string): string | null {
	const top = join(folder, "usr/src");
	if (!existsSync(top)) return null;
	for (const entry of readdirSync(top, { recursive: true, withFileTypes: true }))
		if (entry.isFile() && /^linux-source-.*\.tar\.(xz|bz2|gz|zst)$/.test(entry.name))
			return join(entry.parentPath, entry.name);
	return null;
}
