import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import { plainName } from "../../kernel/kbuild/plain-path.ts";
import type { Format, PackageDocument } from "../../report/package.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { requireRelease } from "../install/places.ts";
import { sync } from "../sync/index.ts";
import type { ToolchainMode } from "../toolchain/obtain.ts";
import { verify } from "../verify/index.ts";
import { contentOf, type Item, packageContents, packedSettings } from "./contents.ts";
import { forHost, type HostArch, readHostArch } from "./host-arch.ts";
import { readHostTools, stripped } from "./host-tools.ts";
import { type PackageNames, packageNames } from "./names.ts";
import { writeArchive, writeDeb, writeFolder, writeRpm } from "./write.ts";

export interface PackageRequest {
	tree: string;
	output?: string | undefined;
	target: TargetSpec;
	/** -o: the package, or for "dir" the folder. */
	file: string;
	/** Absent: by the end of the name. */
	format?: Format | undefined;
	/** Packs a tree that does not match. */
	force: boolean;
	jobs: number;
	/** Architecture of the machine that will compile; absent: this one's. */
	hostArch?: string | undefined;
	toolchain?: ToolchainMode | undefined;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** What is to be packed: the tree, and what the verification of it says. */
export interface Packed {
	tree: Tree;
	release: string;
	names: PackageNames;
	verdict: PackageDocument["verdict"];
	mismatches: string[];
}

/**
 * Packs what building modules for the target needs of a synced tree; a tree that is not prepared is synced first, into
 * an objtree of its own in the cache. Nothing is written for a tree that does not match, unless forced. The same tree
 * gives the same bytes. Throws what sync() throws, and KprepError "missing" for tools that write the format.
 */
export async function packageHeaders(request: PackageRequest): Promise<PackageDocument> {
	const { progress } = request;
	const file = resolve(request.file);
	const format = request.format ?? formatOf(file);
	const host = request.hostArch === undefined ? null : readHostArch(request.hostArch);
	const packed = await toPack(request);
	const { names, verdict, release, mismatches } = packed;
	if (verdict === "mismatch" && !request.force) return { verdict, release, package: null, mismatches };
	progress.step("pack", file);
	const scratch = mkdtempSync(join(tmpdir(), "kprep-package-"));
	try {
		const items = await itemsFor(host, packed, scratch, progress);
		const { architecture } = await writeAs(format, items, packed, file, host?.arch);
		const status = statSync(file);
		return {
			...{ verdict, release, mismatches },
			package: {
				...{ path: file, format, name: names.package, version: names.version, architecture },
				files: items.length,
				unpacked: bytesOf(items),
				size: status.isFile() ? status.size : 0,
			},
		};
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** What is packed, with host tools for the machine that will compile, without debugging symbols. */
async function itemsFor(
	host: HostArch | null,
	{ tree, release }: Packed,
	scratch: string,
	progress: Progress,
): Promise<Item[]> {
	const items = packageContents(tree, release, host?.arch);
	if (host === null) return await stripped(items, scratch);
	const made = await forHost(items, tree, host, scratch, progress);
	const strip = `${host.triplet}-strip`;
	return await stripped(made, scratch, findProgram(strip) === null ? "strip" : strip);
}

/** The tree to pack, synced when it was not, and verified. */
export async function toPack(request: Omit<PackageRequest, "file" | "format">): Promise<Packed> {
	const { progress, signal } = request;
	progress.step("target");
	const target = await resolveTarget(request.target, progress);
	const release = target.release?.value;
	if (release === undefined)
		throw new KprepError("missing", "release-unknown", "the release of the target is not known", {
			suggestions: ["kprep target shows what is known of it"],
		});
	requireRelease(release);
	const given = readTree(request.tree, request.output);
	const output = given.prepared !== null ? request.output : (request.output ?? objtreeFor(release, given));
	const report =
		given.prepared !== null
			? await verify({ tree: given.path, output, target, spec: request.target, progress, signal })
			: await synced({ ...request, output, target });
	const tree = readTree(request.tree, output);
	return {
		...{ tree, release, names: packageNames(release, tree.base), verdict: report.verdict },
		mismatches: report.checks.filter(({ status }) => status === "mismatch").map(({ id }) => id),
	};
}

async function synced(request: Omit<PackageRequest, "file" | "format" | "target"> & { target: Target }) {
	const { tree, output, target, jobs, toolchain, progress, signal } = request;
	const report = await sync({ tree, output, target, jobs, toolchain, progress, signal });
	if (report.verify === null) throw new Error("a sync that was no dry run ends in verify");
	return report.verify;
}

/** An objtree of kprep's own for a source tree and a release. */
function objtreeFor(release: string, { path }: Tree): string {
	return join(cacheFolder(), "objtrees", `${release}_${plainName(basename(path))}`);
}

async function writeAs(
	format: Format,
	items: Item[],
	{ tree, names }: Packed,
	file: string,
	hostArch: string | undefined,
): Promise<{ architecture: string | null }> {
	const tools = readHostTools(items);
	const mtime = packedTime(tree);
	const compiler = /^[\w.+-]+$/.exec(packedSettings(tree, hostArch).CC ?? "")?.[0];
	const architecture = tools.architecture?.[format === "rpm" ? "rpm" : "deb"] ?? null;
	if (format === "dir") writeFolder(items, file, mtime);
	else if (format === "tar") await writeArchive(items, basename(names.folder), file, mtime);
	else if (architecture === null)
		throw new KprepError(
			"missing",
			"architecture-unknown",
			"no name is known for the processor of the host tools",
			{
				...{ where: tree.output, suggestions: ["--format tar"] },
			},
		);
	else if (format === "deb") {
		const kibibytes = items.reduce((sum, item) => sum + Math.ceil(bytesOf([item]) / 1024), 0);
		const depends = [...tools.depends, ...(compiler === undefined ? [] : [compiler])];
		await writeDeb(items, { names, architecture, depends, kibibytes, mtime, base: tree.base }, file);
	} else
		await writeRpm(
			items,
			{
				...{ names, architecture, mtime, libraries: tools.libraries },
				compiler: compiler === undefined ? [] : [compiler],
			},
			file,
		);
	return { architecture };
}

/** The time that all files of a package get: SOURCE_DATE_EPOCH, else that of the source, which no sync changes. */
export function packedTime(tree: Tree): number {
	const given = Number(process.env.SOURCE_DATE_EPOCH);
	if (process.env.SOURCE_DATE_EPOCH !== undefined && Number.isSafeInteger(given) && given >= 0) return given;
	const status = statSync(join(tree.path, "scripts/Makefile.build"), { throwIfNoEntry: false });
	return Math.floor((status?.mtimeMs ?? 0) / 1000);
}

function formatOf(file: string): Format {
	if (file.endsWith(".deb")) return "deb";
	if (file.endsWith(".rpm")) return "rpm";
	return /\.(?:tar(?:\.\w+)?|t[gx]z|tzst)$/.test(file) ? "tar" : "dir";
}

function bytesOf(items: Item[]): number {
	return items.reduce(
		(sum, item) =>
			sum + (item.kind === "file" ? item.size : item.kind === "text" ? contentOf(item).length : 0),
		0,
	);
}
