import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { unpackArchive } from "../../host/archive/unpack.ts";
import { downloadText } from "../../host/network/download.ts";
import { fetchTarball, KERNEL_ORG } from "../../host/network/kernel-org.ts";
import type { PackageContext } from "../../host/packages/package-source.ts";
import { sha256Of } from "../../kernel/source/checksums.ts";
import { fitsVersion } from "../keep/kept.ts";
import { nearer } from "../nearness.ts";
import type { Wanted } from "../wanted.ts";
import type { ToolchainProvider } from "./provider.ts";

/** How kernel.org's cross compilers call an architecture, by ARCH word. */
const TRIPLES: Readonly<Record<string, string>> = {
	x86: "x86_64-linux",
	arm64: "aarch64-linux",
	arm: "arm-linux-gnueabi",
	riscv: "riscv64-linux",
	powerpc: "powerpc64-linux",
	s390: "s390-linux",
	mips: "mips64-linux",
	loongarch: "loongarch64-linux",
};

const HOSTS: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "arm64" };

/**
 * kernel.org's own toolchains, for hosts of every distribution: /pub/tools/crosstool (gcc without a C library, for
 * kernels alone) and /pub/tools/llvm. Their sums are held against their signature as those of its sources are.
 */
export function kernelOrg(base = KERNEL_ORG.replace(/\/linux\/kernel$/, "/tools")): ToolchainProvider {
	return {
		name: "kernel.org",
		programs: ["xz"],
		async offer(wanted, context) {
			const host = HOSTS[process.arch];
			if (host === undefined || wanted.plugins) return null;
			const folder = folderOf(base, wanted, host);
			if (folder === null) return null;
			const found =
				wanted.part === "clang"
					? await llvm(folder, host, wanted, context)
					: await gcc(folder, host, wanted, context);
			if (found === null) return null;
			const { url, version, sha256 } = found;
			const size = Number((await fetch(url, { method: "HEAD" })).headers.get("content-length") ?? 0);
			const file = url.slice(url.lastIndexOf("/") + 1);
			return {
				...{ provider: "kernel.org", wanted, version, packageVersion: version },
				nearness: version === wanted.version ? "same version" : "same major",
				...{
					from: url,
					pieces: [{ name: wanted.part, version, file, size, sha256 }],
					size,
					unpacked: size * 6,
				},
			};
		},
		async bring({ wanted, version, from }, { downloads, root }, context) {
			mkdirSync(downloads, { recursive: true });
			const { archive } = await fetchTarball(from, downloads, context);
			context.progress.step("unpack", archive);
			if (wanted.part === "clang") {
				const major = version.split(".")[0] ?? "";
				await unpackArchive(archive, join(root, `usr/lib/llvm-${major}`), context);
			} else {
				await unpackArchive(archive, join(root, "opt"), context);
				nameTools(root, wanted, version);
			}
		},
	};
}

interface Archive {
	url: string;
	version: string;
	sha256: string;
}

function folderOf(base: string, { part }: Wanted, host: string): string | null {
	if (part === "gcc") return `${base}/crosstool/files/bin/${host}`;
	return part === "clang" ? `${base}/llvm/files` : null;
}

/** Its folder lists one folder a version. */
async function gcc(
	folder: string,
	host: string,
	wanted: Wanted,
	context: PackageContext,
): Promise<Archive | null> {
	const triple = TRIPLES[wanted.arch];
	const index = triple === undefined ? null : await downloadText(`${folder}/`, context);
	const version = nearest(
		[...(index ?? "").matchAll(/href="(\d+\.\d+\.\d+)\/"/g)].map(([, it = ""]) => it),
		wanted,
	);
	if (version === null) return null;
	const file = `${host}-gcc-${version}-nolibc-${triple}.tar.xz`;
	const sha256 = sha256Of(file, (await downloadText(`${folder}/${version}/sha256sums.asc`, context)) ?? "");
	return sha256 === null ? null : { url: `${folder}/${version}/${file}`, version, sha256 };
}

/** One folder for all; its sums name them. */
async function llvm(
	folder: string,
	host: string,
	wanted: Wanted,
	context: PackageContext,
): Promise<Archive | null> {
	const sums = (await downloadText(`${folder}/sha256sums.asc`, context)) ?? "";
	const version = nearest(
		[...sums.matchAll(new RegExp(`\\sllvm-(\\d+\\.\\d+\\.\\d+)-${host}\\.tar\\.xz$`, "gm"))].map(
			([, it = ""]) => it,
		),
		wanted,
	);
	const file = `llvm-${version}-${host}.tar.xz`;
	const sha256 = version === null ? null : sha256Of(file, sums);
	return version === null || sha256 === null ? null : { url: `${folder}/${file}`, version, sha256 };
}

function nearest(versions: string[], wanted: Wanted): string | null {
	const fitting = versions.filter((it) => fitsVersion(wanted, it));
	return fitting.sort((a, b) => nearer(wanted.version, a, b))[0] ?? null;
}

/** root/usr/bin/TRIPLET-gcc-N and its kin, as the distributions name them: links, which gcc follows to its own folder. */
function nameTools(root: string, { arch, triplet }: Wanted, version: string): void {
	const triple = TRIPLES[arch] ?? "";
	const bin = join(root, "usr/bin");
	mkdirSync(bin, { recursive: true });
	for (const name of readdirSync(join(root, "opt", triple, "bin"))) {
		const tool = name.slice(triple.length + 1);
		const target = `../../opt/${triple}/bin/${name}`;
		symlinkSync(target, join(bin, `${triplet}-${tool}`));
		if (tool === "gcc") symlinkSync(target, join(bin, `${triplet}-gcc-${version.split(".")[0]}`));
	}
}
