import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modinfoValue } from "../../formats/module/modinfo.ts";
import { Root } from "../../host/files/root.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { installLine } from "../../host/packages/tools.ts";
import { versionLine } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import { COMMON_STRUCTS, type CommonStruct } from "../../kernel/layout/common-structs.ts";
import type { LayoutFinding } from "../../kernel/layout/finding.ts";
import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import { targetBtf } from "../../target/facts/kernel-btf.ts";
import { loaderKnowledge } from "../../target/facts/loader-knowledge.ts";
import type { CheckContext, CheckFinding } from "../check.ts";
import { compare, sourcesOf } from "../compare.ts";
import { exportCrcs } from "./export-crcs.ts";
import { compareAll, type Layouts, sourceFinding } from "./findings.ts";
import { withForetold } from "./foretold.ts";
import { layoutCheck } from "./layout-check.ts";
import { marksCheck } from "./marks.ts";
import { crcCheck } from "./module-layout.ts";
import { namedStructs } from "./named-structs.ts";
import { buildDeepProbe, type DeepRequest } from "./probe.ts";
import { structModuleCheck } from "./struct-module.ts";
import { treeBtf } from "./tree-btf.ts";

export interface DeepOptions {
	/** Names of structures that are compared besides COMMON_STRUCTS. */
	structs?: readonly string[];
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/**
 * Compiles probes with the tree's own commands in a temporary folder, and compares what comes out with the target:
 * vermagic, struct module, CRCs of exports, layouts of common structures. Nothing is written into the tree. Throws
 * KprepError "command" when a module of the tree does not compile at all, "usage" when the tree has no such structure.
 */
export async function deepChecks(context: CheckContext, options: DeepOptions): Promise<CheckFinding[]> {
	const { tree, target, syncCommand } = context;
	const { progress, signal } = options;
	const asked = namedStructs(tree.path, options.structs ?? []);
	const structs = [...new Set([...COMMON_STRUCTS, ...asked])];
	const folder = await mkdtemp(join(tmpdir(), "kprep-deep-"));
	try {
		const makeArguments = Object.entries(tree.settings?.variables ?? {}).map(
			([name, value]) => `${name}=${value}`,
		);
		const request: DeepRequest = { tree, makeArguments, folder, progress, signal };
		const [probe, knowledge] = await Promise.all([buildDeepProbe(request), loaderKnowledge(target)]);
		const { layouts, why } = await findLayouts(context, structs, request, probe);
		const findings = layouts?.findings ?? fromSource(context, knowledge, probe.module.thisModuleSize);
		const crcs = await exportCrcs(probe, request);
		const results = [
			compare({
				id: "vermagic",
				expected: target.vermagic?.value ?? null,
				actual: modinfoValue(probe.module.modinfo, "vermagic"),
				evidence: [...sourcesOf(target.vermagic), { kind: "probe", path: "kprep_deep.ko" }],
				differs: {
					about: {
						ours: modinfoValue(probe.module.modinfo, "vermagic") ?? "",
						theirs: target.vermagic?.value ?? "",
					},
					commands: [syncCommand],
				},
				fact: "its vermagic",
			}),
			crcCheck(context, knowledge, crcs, findings),
			structModuleCheck(context, knowledge, probe.module, findings),
			layoutCheck(context, layouts, why, asked),
			await marksCheck(context, probe.bytes),
		];
		return withForetold(results, probe.bytes, knowledge).map((result) => withTool(result, findings));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function findLayouts(
	context: CheckContext,
	structs: readonly CommonStruct[],
	request: DeepRequest,
	probe: Awaited<ReturnType<typeof buildDeepProbe>>,
): Promise<{ layouts: Layouts | null; why: string | null }> {
	const { target } = context;
	const ours = await treeBtf(probe, request, structs);
	if ("why" in ours) return { layouts: null, why: ours.why };
	const theirs = await targetBtf(target);
	if (theirs === null) return { layouts: null, why: null };
	const sides = { target: theirs, tree: ours.btf, ...places(context) };
	const names = structs.map(({ name }) => name);
	return { layouts: await compareAll(sides, names), why: null };
}

/** What is left without BTF on one side: struct module by its two sizes and the tree's own headers. */
function fromSource(
	context: CheckContext,
	{ structModule }: TargetKnowledge,
	tree: number | null,
): LayoutFinding[] {
	const target = structModule?.size ?? null;
	if (target === null || tree === null) return [];
	const finding = sourceFinding(places(context), "module", { target, tree });
	return finding === null ? [] : [finding];
}

function places(context: CheckContext) {
	const { tree, target, targetConfig } = context;
	return {
		targetConfig,
		treeConfig: tree.config?.symbols ?? null,
		srctree: tree.path,
		arch: target.arch?.value ?? null,
		causeOf: (symbol: string) => context.drift().find((one) => one.symbol === symbol)?.cause ?? null,
	};
}

/** A missing tool comes before the sync that needs it. */
function withTool(result: CheckFinding, findings: readonly LayoutFinding[]): CheckFinding {
	const { advice } = result;
	if (result.status !== "mismatch" || result.id === "vermagic" || advice === null) return result;
	const btf = findings.some(({ symbols }) => symbols.some(({ symbol }) => /BTF|PAHOLE/.test(symbol)));
	const install =
		btf && versionLine("pahole") === null ? installLine(["pahole"], readDistribution(new Root())) : null;
	return install === null
		? result
		: { ...result, advice: { ...advice, commands: [install, ...advice.commands] } };
}
