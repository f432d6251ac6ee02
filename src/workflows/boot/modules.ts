import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { Progress } from "../../host/progress.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import type { Target } from "../../target/target.ts";
import { type BootReport, bootAndLoad } from "./index.ts";
import type { RequestedModules } from "./initramfs.ts";
import { AvailableModules, fileName } from "./installed.ts";
import { loadOrder, type Ordered } from "./load-order.ts";
import { bootable } from "./prove.ts";
import type { ModuleVerdict } from "./verdicts.ts";

export interface BootModulesRequest {
	/** Paths of .ko files, compressed or not. */
	paths: readonly string[];
	target: Pick<Target, "image" | "arch" | "modules">;
	/** Parameters by the module's name, as on insmod's command line. */
	parameters?: ReadonlyMap<string, string> | undefined;
	/** Further words of the kernel's command line. */
	kernelArguments?: string[];
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** How often one boot may find out what the next has to bring along. */
const ROUNDS = 4;

/**
 * Boots the target's own image in QEMU and loads the modules, each after what it depends on and what it declares with
 * softdep: others of `paths`, else installed ones of the target. What the kernel asks for during a load (request_module)
 * is brought along in another boot. Answers in the order of `paths`. Throws KprepError "missing" without an image, QEMU or
 * a compiler, "command" when the image does not come up, and what reading a module throws.
 */
export async function bootModules(request: BootModulesRequest): Promise<BootResult[]> {
	const { paths, target, parameters, progress, signal, kernelArguments = [] } = request;
	const { image, arch } = target;
	if (image === null)
		throw new KprepError("missing", "no-image", "there is no image of the target here to boot", {
			expected: "the kernel's own image (vmlinuz)",
			suggestions: ["install the target's linux-image package, or name its image with -t"],
		});
	const available = new AvailableModules(paths, target.modules?.value);
	const folder = await mkdtemp(join(tmpdir(), "kprep-boot-modules-"));
	try {
		const path = await bootable(image.value, image.read, folder);
		const results = new Map<string, BootResult>();
		const requests = new Map<string, RequestedModules>();
		let left: readonly string[] = paths;
		for (let round = 0; left.length > 0 && round < ROUNDS; round++) {
			const order = await loadOrder(left, available, parameters);
			const report = await bootAndLoad({
				...{ image: path, arch: arch?.value ?? process.arch, modules: order.map(({ module }) => module) },
				...{ requests: [...requests.values()], kernelArguments, progress, signal },
			});
			for (const one of left) results.set(one, resultOf(one, order, report));
			const news = await unanswered(report, requests, available);
			for (const one of news) requests.set(one.name, one);
			// What the kernel asked for in vain may be why it failed; the rest has its answer.
			left = news.length === 0 ? [] : left.filter((one) => !results.get(one)?.loaded);
		}
		return paths.map((one) => results.get(one) as BootResult);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Names that the kernel asked for and that lead to modules which were not there for it. */
async function unanswered(
	report: BootReport,
	known: ReadonlyMap<string, RequestedModules>,
	available: AvailableModules,
): Promise<RequestedModules[]> {
	const names = new Set(report.modules.flatMap(({ asked }) => asked.map(({ name }) => name)));
	const found: RequestedModules[] = [];
	for (const name of names) {
		if (known.has(name)) continue;
		const files = await available.filesFor(name);
		const order = await loadOrder(files, available);
		if (order.length > 0) found.push({ name, modules: order.map(({ module }) => module) });
	}
	return found;
}

function resultOf(path: string, order: readonly Ordered[], report: BootReport): BootResult {
	const at = order.findIndex((one) => one.path === path);
	const { needs } = order[at] as Ordered;
	const verdict = withHelp(report.modules[at] as ModuleVerdict, report);
	const broken = order.findIndex(
		(one, index) =>
			needs.includes(one.path) && !withHelp(report.modules[index] as ModuleVerdict, report).loaded,
	);
	const blamed = broken < 0 || verdict.loaded ? null : (report.modules[broken] as ModuleVerdict);
	const { loaded, errno, stage, inInit, panic, log } = verdict;
	const { accelerator, seconds } = report;
	const others = order
		.filter((one) => one.path !== path && !needs.includes(one.path))
		.map((one) => fileName(one.path));
	return {
		...{ loaded, errno: errno?.name ?? null, stage, panic },
		...(inInit ? { inInit } : {}),
		dependency:
			blamed === null
				? null
				: { name: blamed.name, errno: blamed.errno?.name ?? null, stage: blamed.stage, log: blamed.log },
		...{ accelerator, seconds },
		log: log.filter((line) => !others.some((other) => line.startsWith(`${other}:`))),
	};
}

/** EEXIST of one that the kernel had already asked for, and got: it is loaded. */
function withHelp(verdict: ModuleVerdict, report: BootReport): ModuleVerdict {
	if (verdict.errno?.name !== "EEXIST") return verdict;
	const helped = report.modules.some(({ asked }) =>
		asked.some(({ loaded }) => loaded.some((one) => one.returned === 0)),
	);
	return helped ? { ...verdict, loaded: true, errno: null, stage: "loaded", log: [] } : verdict;
}
