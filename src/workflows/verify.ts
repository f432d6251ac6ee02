import type { CheckContext, CheckResult } from "../checks/check.ts";
import { CHECKS } from "../checks/index.ts";
import type { Progress } from "../host/progress.ts";
import { quoted } from "../host/run.ts";
import type { BootResult } from "../kernel/bootlog.ts";
import { parseConfig } from "../kernel/config.ts";
import type { VerifyReport } from "../report/verify-report.ts";
import { targetDocument } from "../target/document.ts";
import type { TargetSpec } from "../target/subject.ts";
import type { Target } from "../target/target.ts";
import { readTree } from "../tree/read.ts";
import type { Tree } from "../tree/tree.ts";
import { proveByBoot } from "./prove-by-boot.ts";

export interface VerifyRequest {
	/** srctree, and objtree when it is another folder. */
	tree: string;
	output?: string | undefined;
	target: Target;
	/** How the user named the target, for the commands that remedies name. */
	spec?: TargetSpec;
	boot?: boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
	/** Added by --deep: more checks, by compiling probes. */
	deep?: (context: CheckContext) => Promise<CheckResult[]>;
}

/** Checks of the contract that only --deep or --boot answer. */
const ASKED_FOR = {
	"module-layout": "--deep",
	"struct-module": "--deep",
	btf: "--deep",
	boot: "--boot",
} as const;

/** Answers whether modules built in the tree will load on the target, check by check. Writes nothing into the tree. */
export async function verify(request: VerifyRequest): Promise<VerifyReport> {
	const { target, progress } = request;
	const tree = readTree(request.tree, request.output);
	const context: CheckContext = {
		tree,
		target,
		targetConfig:
			target.config === null ? null : parseConfig(new TextDecoder().decode(await target.config.read())),
		syncCommand: syncCommand(request, tree, target),
	};
	const checks: CheckResult[] = await Promise.all(CHECKS.map(async (check) => check.run(context)));
	if (request.deep !== undefined) {
		progress.step("compile probes", tree.output);
		for (const result of await request.deep(context)) put(checks, result);
	}
	const proof = request.boot ? await bootCheck(request, tree) : null;
	if (proof !== null) checks.push(proof.check);
	for (const [id, flag] of Object.entries(ASKED_FOR) as [keyof typeof ASKED_FOR, string][]) {
		if (!checks.some((check) => check.id === id)) checks.push(skipped(id, flag));
	}
	return {
		verdict: verdictOf(checks),
		target: await targetDocument(target, false),
		tree: {
			path: tree.path,
			output: tree.output,
			version: tree.base,
			release: tree.prepared?.release ?? null,
		},
		checks: await diagnosed(checks),
		boot: proof?.boot ?? null,
	};
}

/** The catalogue is large and loaded only where something differs: a verify that finds all well must be quick. */
async function diagnosed(checks: CheckResult[]): Promise<CheckResult[]> {
	if (!checks.some(({ status }) => status === "mismatch")) return checks;
	const { withDiagnosis } = await import("../checks/diagnosis.ts");
	return checks.map(withDiagnosis);
}

/** What a probe showed takes the place of what was read. */
function put(checks: CheckResult[], result: CheckResult): void {
	const at = checks.findIndex(({ id }) => id === result.id);
	if (at < 0) checks.push(result);
	else checks[at] = result;
}

/** One mismatch decides; a match needs release, config and vermagic compared and equal (CONTRACT). */
export function verdictOf(checks: CheckResult[]): VerifyReport["verdict"] {
	if (checks.some(({ status }) => status === "mismatch")) return "mismatch";
	const needed = ["release", "config", "vermagic"];
	const equal = needed.every((id) => checks.some((check) => check.id === id && check.status === "match"));
	return equal ? "match" : "unproven";
}

async function bootCheck(
	request: VerifyRequest,
	tree: Tree,
): Promise<{ check: CheckResult; boot: BootResult | null }> {
	const { target, progress, signal } = request;
	progress.step("boot", target.image?.value ?? "no image");
	const proof = await proveByBoot({
		tree: { path: tree.path, output: tree.output === tree.path ? null : tree.output },
		target,
		makeArguments: Object.entries(tree.settings?.variables ?? {}).map(([name, value]) => `${name}=${value}`),
		progress,
		signal,
	});
	const evidence = target.image === null ? [] : [target.image.source];
	if (!proof.known) {
		const check = {
			id: "boot",
			status: "unknown",
			expected: "a boot",
			actual: proof.why,
			evidence,
			remedy: proof.remedy,
		} as const;
		return { check, boot: null };
	}
	const { boot } = proof;
	const check: CheckResult = {
		id: "boot",
		status: boot.loaded ? "match" : "mismatch",
		expected: "the probe module loads",
		actual: boot.loaded
			? `loaded by ${proof.release}`
			: `refused: ${boot.errno ?? "the kernel died"}${boot.log[0] ? `: ${boot.log[0]}` : ""}`,
		evidence,
		remedy: boot.loaded ? null : syncCommand(request, tree, target),
	};
	return { check, boot };
}

function skipped(id: CheckResult["id"], flag: string): CheckResult {
	return {
		id,
		status: "skipped",
		expected: null,
		actual: null,
		evidence: [],
		remedy: `kprep verify ${flag}`,
	};
}

function syncCommand({ spec = {} }: VerifyRequest, { path, output }: Tree, { release }: Target): string {
	const flags: [string, string | undefined][] = [
		["-O", output === path ? undefined : output],
		["-t", spec.target ?? (spec.sysroot === undefined ? release?.value : undefined)],
		["--sysroot", spec.sysroot],
		["--config", spec.config],
	];
	const words = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoted(value)]));
	return ["kprep sync", quoted(path), ...words].join(" ");
}
