import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { Target } from "../../target/target.ts";
import { type BootProof, proveByBoot } from "../boot/prove.ts";
import { sync } from "../sync/index.ts";
import { undoTree } from "../undo/index.ts";
import { fetchKernel } from "./fetch.ts";
import { requireTools } from "./tools.ts";

/** A probe module built in the tree and given to the kernel. */
type Probed = Pick<Extract<BootProof, { known: true }>, "vermagic" | "boot">;

/** The whole story, as --json prints it. */
export interface TryReport {
	distribution: string;
	/** The kernel that must load the module. */
	release: string;
	package: string;
	sysroot: string;
	tree: string;
	/** Base name of the source archive that the tree was unpacked from. */
	source: string;
	/** False when kernel and source were in the cache. */
	fetched: boolean;
	/** Built in the tree as it is after `make olddefconfig modules_prepare` with the target's .config. */
	before: Probed;
	sync: {
		strategy: string;
		reason: string;
		stages: { name: string; seconds: number }[];
		verdict: string | null;
	};
	after: Probed;
	seconds: number;
}

/**
 * On the distribution's current kernel: a module refused, the tree synced, the module loaded. Everything stays below
 * `folder`, and a second call begins with what the first left there.
 */
export async function tryKprep(
	{ folder, jobs = availableParallelism() }: { folder: string; jobs?: number | undefined },
	context: { progress: Progress; signal: AbortSignal },
): Promise<TryReport> {
	const { progress, signal } = context;
	const started = Date.now();
	const kernel = await fetchKernel(folder, ({ sysroot }) => requireTools(sysroot, progress, signal), context);
	const { sysroot, tree, release } = kernel;
	const target = await resolveTarget({ sysroot, target: release }, progress);
	await undoTree(tree, progress);
	if (!existsSync(join(tree, PREPARED))) await prepareByHand(tree, target, jobs, context);
	const before = await probe(tree, target, context);
	progress.step("sync", tree);
	const { strategy, reason, stages, verify } = await sync({ tree, target, jobs, progress, signal });
	const after = await probe(tree, target, context);
	return {
		...{ distribution: kernel.distribution, release, package: kernel.package, sysroot, tree },
		...{ source: kernel.archive.split("/").pop() ?? "", fetched: kernel.fetched, before },
		sync: { strategy, reason, stages, verdict: verify?.verdict ?? null },
		...{ after, seconds: (Date.now() - started) / 1000 },
	};
}

/** Where the story is kept unless the user names a folder. */
export function tryFolder(): string {
	return join(cacheFolder(), "try");
}

/** Written last by modules_prepare. */
const PREPARED = "include/config/kernel.release";

/** What guides tell: the target's config, then make. */
async function prepareByHand(
	tree: string,
	target: Target,
	jobs: number,
	{ progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<void> {
	const config = await target.config?.read();
	if (config === undefined)
		throw new KprepError("missing", "no-config", "the kernel's packages have no config", { where: tree });
	await writeFile(join(tree, ".config"), config);
	for (const goal of ["olddefconfig", "modules_prepare"]) {
		progress.step("make", `${goal}, as one would by hand`);
		await run(["make", "-C", tree, `-j${jobs}`, goal], {
			...{ progress, signal, timeout: 15 * 60_000, env: { MAKEFLAGS: undefined, MAKELEVEL: undefined } },
			onLine: (line) => progress.note(line),
		});
	}
}

async function probe(
	tree: string,
	target: Target,
	context: { progress: Progress; signal: AbortSignal },
): Promise<Probed> {
	// Without the target's Module.symvers every symbol is unknown to modpost, which is no error for the story.
	const makeArguments = ["KBUILD_MODPOST_WARN=1"];
	const proof = await proveByBoot({ tree: { path: tree, output: null }, target, makeArguments, ...context });
	if (!proof.known)
		throw new KprepError("missing", "no-boot", proof.why, { suggestions: [proof.remedy, "kprep doctor"] });
	return { vermagic: proof.vermagic, boot: proof.boot };
}
