import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Root } from "../files/root.ts";
import { attempt, run } from "../process/run.ts";
import type { PackageContext } from "./package-source.ts";

/** What rpm knows of one installed package. */
export interface InstalledRpm {
	name: string;
	/** VERSION-RELEASE, without epoch. */
	version: string;
	arch: string;
	/** File name of the source package: "kernel-6.8.5-301.fc40.src.rpm". */
	source: string;
}

/** Folders of the rpm database, new and old. */
const DATABASES = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];

/** Installed packages whose names begin with `kernel`, and the database they were read in; null without rpm or one. */
export async function kernelRpms(
	root: Root,
	context: PackageContext,
): Promise<{ packages: InstalledRpm[]; where: string } | null> {
	const database = DATABASES.find((path) => root.list(path).length > 0);
	if (database === undefined) return null;
	const format = "%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\n";
	const command = ["rpm", "--root", root.folder, "-qa", "--qf", format, "kernel*"];
	// A database of another rpm, or no rpm here: then it is untold, not an error.
	const result = await attempt(command, { ...optionsOf(context), timeout: 60_000 }).catch(() => null);
	if (result === null || result.status !== 0) return null;
	const packages = result.stdout.split("\n").flatMap((line) => {
		const [name, version, arch, source] = line.split("\t");
		return name && version && arch && source ? [{ name, version, arch, source }] : [];
	});
	return { packages, where: root.outer(database) };
}

/** NAME and VERSION-RELEASE of a source package's file name; null for anything else. */
export function sourceOf(file: string): { name: string; version: string } | null {
	const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file) ?? [];
	return name === undefined || version === undefined ? null : { name, version };
}

/** Unpacks a binary package below `folder`; no script of it runs. */
export async function unpackRpm(file: string, folder: string, context: PackageContext): Promise<void> {
	const cpio = `${file}.cpio`;
	const descriptor = openSync(cpio, "w");
	try {
		await run(["rpm2cpio", file], {
			...optionsOf(context),
			onBytes: (bytes) => {
				for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
			},
		});
	} finally {
		closeSync(descriptor);
	}
	const options = { ...optionsOf(context), cwd: folder };
	await run(["cpio", "-idm", "--quiet", "--no-absolute-filenames", "-I", cpio], options);
}

/** Lays the files of a source package out below `folder`/SOURCES, as rpmbuild wants them; the system is not touched. */
export async function unpackSourceRpm(
	file: string,
	folder: string,
	context: PackageContext,
): Promise<string> {
	await run(["rpm", "-i", "--nodeps", "--define", `_topdir ${folder}`, file], optionsOf(context));
	return join(folder, "SOURCES");
}

/** For run(): the caller's environment, with the words of programs in English. */
export function optionsOf(context: PackageContext) {
	return {
		env: { LC_ALL: "C.UTF-8", ...context.env },
		progress: context.progress,
		signal: context.signal,
	};
}
