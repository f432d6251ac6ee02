import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { unpackArchive } from "../../host/archive/unpack.ts";
import { Root } from "../../host/files/root.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { debArchitecture } from "../../host/packages/apt.ts";
import {
	currentKernel,
	kernelSource,
	type UnpackedKernel,
	unpackKernel,
} from "../../host/packages/apt-kernel.ts";
import { privateApt } from "../../host/packages/apt-private.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import { unpackMinimal } from "../source/minimal.ts";

export interface FetchedKernel extends UnpackedKernel {
	/** PRETTY_NAME of the distribution. */
	distribution: string;
	/** The image package: its name and version. */
	package: string;
	/** The unpacked source tree, and the name of its archive. */
	tree: string;
	archive: string;
	/** False when everything was in the cache. */
	fetched: boolean;
}

/**
 * The distribution's current kernel for virtual machines as a sysroot, and its source as a tree, below `folder`; what
 * an earlier call left there is used again. `ready` is called when the sysroot is there and before the source is
 * unpacked. Throws KprepError "missing" on systems without apt.
 */
export async function fetchKernel(
	folder: string,
	ready: (kernel: UnpackedKernel) => Promise<void>,
	context: { progress: Progress; signal: AbortSignal },
): Promise<FetchedKernel> {
	requireApt();
	const apt = await privateApt({ folder: join(folder, "apt") }, context);
	const names = metapackages(await debArchitecture(context));
	const current = await currentKernel(names, apt);
	if (current === null)
		throw new KprepError("missing", "no-kernel-package", "the repositories of this machine have no kernel", {
			expected: `one of ${names.join(", ")}`,
			suggestions: ["look at /etc/apt/sources.list and /etc/apt/sources.list.d"],
		});
	const here = join(folder, `${current.release}_${current.image.version.replaceAll(":", "%3a")}`);
	const [downloads, sysroot, tree] = [join(folder, "packages"), join(here, "root"), join(here, "tree")];
	mkdirSync(here, { recursive: true });
	const fetched = !existsSync(tree);
	const kernel = await unpackKernel(current, { downloads, sysroot }, apt);
	await ready(kernel);
	const archive = await kernelSource(current, { downloads, sources: join(here, "source") }, apt);
	if (!existsSync(tree)) {
		context.progress.step("unpack", archive);
		await unpackMinimal(
			(to, wanted) => unpackArchive(archive, to, { ...context, wanted }),
			tree,
			ARCH[process.arch] ?? null,
		);
	}
	const distribution = readDistribution(new Root())?.name ?? "this distribution";
	const { name, version } = current.image;
	return { ...kernel, distribution, package: `${name} ${version}`, tree, archive, fetched };
}

const ARCH: Readonly<Record<string, string>> = { x64: "x86", arm64: "arm64" };

/** Names of the packages that stand for the current kernel, those for virtual machines first: they are the smallest. */
function metapackages(architecture: string): string[] {
	return [
		`linux-image-cloud-${architecture}`,
		"linux-image-virtual",
		`linux-image-${architecture}`,
		"linux-image-generic",
	];
}

function requireApt(): void {
	if (["apt-get", "apt-cache", "dpkg-deb"].every((name) => findProgram(name) !== null)) return;
	const distribution = readDistribution(new Root())?.name ?? "this system";
	throw new KprepError(
		"missing",
		"no-apt",
		`kprep try fetches a kernel of Debian or Ubuntu, and this is ${distribution}`,
		{
			expected: "apt-get, apt-cache and dpkg-deb on PATH",
			suggestions: [
				"kprep target shows what is known of the running kernel",
				"kprep source list names trees for it, kprep source get fetches one",
				"kprep sync TREE, then kprep verify --boot TREE",
			],
		},
	);
}
