import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Root } from "../../host/files/root.ts";
import { type Distribution, readDistribution } from "../../host/machine/distribution.ts";
import { thisMachine } from "../../host/machine/fitness.ts";
import { limitsOf } from "../../host/machine/limits.ts";
import { type Found, findTool, isAtLeast } from "../../host/machine/toolbox.ts";
import { inPackageLists } from "../../host/packages/in-lists.ts";
import { installCommand, packageFor } from "../../host/packages/tools.ts";
import { asRoot } from "../../host/process/as-root.ts";
import type { Progress } from "../../host/progress.ts";
import { type Config, parseConfig } from "../../kernel/config/config.ts";
import { missingAids } from "../../kernel/needs/aids.ts";
import type { Need } from "../../kernel/needs/need.ts";
import { needsOf } from "../../kernel/needs/needs.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { DoctorReport, ToolReport } from "../../report/doctor.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { foreignPrograms } from "../../tree/host-programs.ts";
import { kernelTree, paholeOf, readMinimums } from "../../tree/wants.ts";
import { partsOf, withKept, withOffers } from "./parts.ts";
import { treeTroubles } from "./troubles.ts";

export interface DoctorRequest {
	spec: TargetSpec;
	/** A tree, or a place where one will be; undefined: the working folder or /usr/src/linux, when they are trees. */
	tree: string | undefined;
	/** The output folder, when the build is kept out of the tree. */
	output: string | undefined;
	progress: Progress;
}

/** Finds out what a build for the target needs on this machine, and what of it is here. Writes nothing. */
export async function diagnose(request: DoctorRequest): Promise<DoctorReport> {
	const { progress } = request;
	progress.step("doctor", "what the target and the tree need");
	const tree = kernelTree(request.tree);
	const target = await knownTarget(request, tree);
	const folder = resolve(request.output ?? tree ?? request.tree ?? ".");
	const config = await configOf(target, folder);
	const arch = target?.arch?.value ?? null;
	const needs = needsOf({
		config,
		has: tree === null ? null : (path) => existsSync(join(tree, path)),
		minimums: readMinimums(tree, arch),
		pahole: tree === null || config === null ? null : paholeOf(tree, config),
		arch,
		host: thisMachine().arch,
		compiler: target?.compiler?.value ?? null,
	});
	progress.step("doctor", "what of it is on this machine");
	const distribution = readDistribution(new Root());
	const found = await Promise.all(needs.map((need) => reportOf(need, distribution)));
	const parts = await partsOf({ config, compiler: target?.compiler?.value ?? null, arch });
	const here = await withLists(found.map((tool) => withKept(tool, parts)));
	const tools = await withOffers(here, parts, progress);
	return {
		target: target?.release?.value ?? null,
		tree,
		distribution: distribution?.name ?? null,
		tools,
		missing: tools.filter(({ ok, must }) => must && !ok).map(({ name }) => name),
		install: installLine(
			tools.filter(({ ok, available }) => !ok && available !== false),
			distribution,
		),
		limits: limitsOf(folder),
		foreign: tree === null ? [] : foreignPrograms(folder),
		troubles: tree === null ? [] : await treeTroubles(tree, request.output, target, config, progress),
		aids: config === null ? [] : missingAids(config),
	};
}

/** The running kernel is not the one that is meant: its files are not here, or it loads no modules (a container's). */
const NO_TARGET = new Set(["target-not-found", "no-module-support"]);

/** The target that was named, or the running one when its files are here. With neither, a tree alone can be asked. */
async function knownTarget({ spec, progress }: DoctorRequest, tree: string | null): Promise<Target | null> {
	try {
		return await resolveTarget(spec, progress);
	} catch (error) {
		const named = spec.target !== undefined || spec.sysroot !== undefined || spec.config !== undefined;
		if (named || !NO_TARGET.has((error as { code?: string }).code ?? "")) throw error;
		const instead = tree === null ? "what every kernel's build needs" : "what the tree's own .config needs";
		progress.warn(`${(error as Error).message}; this is ${instead} (name the target with -t or --sysroot)`);
		return null;
	}
}

async function configOf(target: Target | null, folder: string): Promise<Config | null> {
	const bytes = await target?.config?.read();
	const text = bytes === undefined ? new Root(folder).text("/.config") : new TextDecoder().decode(bytes);
	return text === null ? null : parseConfig(text);
}

async function reportOf(need: Need, distribution: Distribution | null): Promise<ToolReport> {
	const found = await firstFit(need);
	return {
		name: need.tool,
		needed_for: need.neededFor,
		found: found?.path ?? null,
		version: found?.version ?? null,
		required: need.required,
		package: packageFor(need.tool, distribution),
		available: null,
		bring: null,
		ok: found?.fits ?? false,
		must: need.must,
	};
}

/** Whether this machine's own lists have the packages of what lacks, new enough. */
async function withLists(tools: ToolReport[]): Promise<ToolReport[]> {
	const names = tools.flatMap(({ ok, package: name }) => (ok || name === null ? [] : [name]));
	if (names.length === 0) return tools;
	const there = inPackageLists([...new Set(names)]);
	if (there === null) return tools;
	return Promise.all(
		tools.map(async (tool) => {
			if (tool.ok || tool.package === null) return tool;
			const version = there.get(tool.package)?.replace(/^\d+:/, "");
			return {
				...tool,
				available: version !== undefined && (await isFit(tool.name, version, tool.required)),
			};
		}),
	);
}

/** The first of the tool and those that serve as well that is new enough; else the first that is here at all. */
async function firstFit({ tool, instead, required }: Need): Promise<(Found & { fits: boolean }) | null> {
	let first: (Found & { fits: boolean }) | null = null;
	for (const name of [tool, ...instead]) {
		const found = await findTool(name);
		if (found === null) continue;
		const fits = await isFit(tool, found.version, required);
		if (fits) return { ...found, fits };
		first ??= { ...found, fits };
	}
	return first;
}

/** A compiler that is named with its number must have that one; a version that is not told is believed. */
async function isFit(tool: string, version: string | null, required: string | null): Promise<boolean> {
	if (version === null || required === null) return true;
	return /^(?:gcc|clang|ld\.lld|llvm-ar)-\d+$/.test(tool)
		? version.split(".")[0] === required
		: isAtLeast(version, required);
}

function installLine(tools: ToolReport[], distribution: Distribution | null): string | null {
	const packages = [...new Set(tools.map((tool) => tool.package).filter((name) => name !== null))];
	const command = installCommand(packages, distribution);
	return command === null ? null : asRoot(command).map(quoted).join(" ");
}
