import type {
	Advice,
	CheckContext,
	CheckFinding,
	CheckId,
	CheckResult,
	Enforcement,
} from "../../checks/check.ts";
import { unknownOf } from "../../checks/compare.ts";
import { CHECKS } from "../../checks/index.ts";
import type { Progress } from "../../host/progress.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import type { JudgedDrift } from "../../kernel/config/judge.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { VerifyReport } from "../../report/verify/verify-report.ts";
import { targetDocument } from "../../target/document.ts";
import { type TargetSpec, targetWords } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { driftOf } from "../../tree/drift.ts";
import { readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { obtainProof, type ProofRequest } from "./proof.ts";

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
	/** Whether probes are compiled; where a difference could matter unless said. */
	proof?: ProofRequest;
	/** What the user says that the target's boot enforces. */
	enforce?: Enforcement | undefined;
	/** A sync has just run, with its toolchain fetched or not: it is no remedy for what it left. */
	after?: { fetched: boolean };
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
	const { target } = request;
	const tree = readTree(request.tree, request.output);
	const targetConfig =
		target.config === null ? null : parseConfig(new TextDecoder().decode(await target.config.read()));
	const context: CheckContext = {
		...{ tree, target, targetConfig, proof: null, enforce: request.enforce },
		afterSync: request.after !== undefined,
		drift: driftFor(tree, target, targetConfig),
		syncCommand: treeCommand("sync", request, tree, target),
		verifyCommand: treeCommand("verify", request, tree, target),
		sourceCommand: ["kprep source list", ...targetWords(specOf(request, target))].join(" "),
	};
	const checks: CheckFinding[] = await Promise.all(CHECKS.map(async (check) => check.run(context)));
	const asked = checks.some(({ asks }) => asks);
	const findings = await obtainProof(context, asked, request.proof ?? { mode: "auto" }, request);
	if (findings !== null) {
		const proven = { ...context, proof: findings };
		for (const check of CHECKS.filter(({ id }) => PROVEN.has(id))) put(checks, await check.run(proven));
		for (const finding of findings) put(checks, finding);
	}
	const proof = request.boot ? await bootCheck(request, tree) : null;
	if (proof !== null) checks.push(proof.check);
	for (const [id, flag] of Object.entries(ASKED_FOR) as [keyof typeof ASKED_FOR, string][]) {
		if (!checks.some((check) => check.id === id))
			checks.push(skipped(id, `${context.verifyCommand} ${flag}`));
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
		checks: await withRemedies(checks.map((check) => worthTyping(check, request, context))),
		boot: proof?.boot ?? null,
	};
}

/**
 * Leaves out the commands that have just been run: a sync mends nothing that a sync left, nor does --toolchain fetch
 * twice. Where nothing else was advised for a mismatch, another source is what there is to look for.
 */
function worthTyping(
	check: CheckFinding,
	{ after }: VerifyRequest,
	{ syncCommand, sourceCommand }: CheckContext,
): CheckFinding {
	if (check.advice === null || after === undefined) return check;
	const run = [syncCommand, ...(after.fetched ? [`${syncCommand} --toolchain fetch`] : [])];
	const left = check.advice.commands.filter((command) => !run.includes(command));
	const lost = left.length === 0 && check.advice.commands.length > 0 && check.status === "mismatch";
	return { ...check, advice: { ...check.advice, commands: lost ? [sourceCommand] : left } };
}

/** Checks that say more when there is a proof. */
const PROVEN = new Set<CheckId>(["config", "toolchain"]);

/** The differences of the configuration, worked out once, when the first check asks. */
function driftFor(
	tree: Tree,
	target: Target,
	targetConfig: CheckContext["targetConfig"],
): () => JudgedDrift[] {
	let known: JudgedDrift[] | null = null;
	return () => {
		if (targetConfig === null || tree.config === null) return [];
		known ??= driftOf({
			srctree: tree.path,
			base: tree.base,
			arch: target.arch?.value ?? "x86",
			target: {
				config: targetConfig,
				compiler: target.compiler?.value ?? null,
				version: target.version?.value ?? null,
			},
			config: tree.config.symbols,
		});
		return known;
	};
}

/** The catalogue is large and loaded only where it has something to say: a verify that finds all well must be quick. */
async function withRemedies(checks: CheckFinding[]): Promise<CheckResult[]> {
	if (checks.every(({ advice }) => (advice?.about ?? null) === null))
		return checks.map(({ advice, why = null, effect = null, asks: _, marks: _marks, ...check }) => ({
			...{ ...check, why, effect },
			remedy: null,
			commands: advice?.commands ?? [],
		}));
	const { withRemedy } = await import("../../checks/diagnosis.ts");
	return checks.map(withRemedy);
}

/** What a probe showed takes the place of what was read. */
function put(checks: CheckFinding[], result: CheckFinding): void {
	const at = checks.findIndex(({ id }) => id === result.id);
	if (at < 0) checks.push(result);
	else checks[at] = result;
}

/**
 * One mismatch decides; a match needs release, config and vermagic compared, and equal or without effect (CONTRACT), and
 * nothing left that only a proof could tell.
 */
export function verdictOf(
	checks: (Pick<CheckResult, "id" | "status"> & { asks?: boolean })[],
): VerifyReport["verdict"] {
	if (checks.some(({ status }) => status === "mismatch")) return "mismatch";
	if (checks.some(({ status, asks }) => status === "unknown" && asks)) return "unproven";
	const needed = ["release", "config", "vermagic"];
	const equal = needed.every((id) =>
		checks.some((check) => check.id === id && ["match", "note"].includes(check.status)),
	);
	return equal ? "match" : "unproven";
}

async function bootCheck(
	request: VerifyRequest,
	tree: Tree,
): Promise<{ check: CheckFinding; boot: BootResult | null }> {
	const { target, progress, signal } = request;
	progress.step("boot", target.image?.value ?? "no image");
	const { proveByBoot } = await import("../boot/prove.ts");
	const proof = await proveByBoot({
		tree: { path: tree.path, output: tree.output === tree.path ? null : tree.output },
		target,
		makeArguments: Object.entries(tree.settings?.variables ?? {}).map(([name, value]) => `${name}=${value}`),
		progress,
		signal,
	});
	const evidence = target.image === null ? [] : [target.image.source];
	if (!proof.known) {
		const check: CheckFinding = {
			id: "boot",
			status: "unknown",
			expected: "a boot",
			actual: proof.why,
			evidence,
			advice: unknownOf("a boot of its image", [proof.remedy]),
		};
		return { check, boot: null };
	}
	const { boot } = proof;
	const check: CheckFinding = {
		id: "boot",
		status: boot.loaded ? "match" : "mismatch",
		expected: "the probe module loads",
		actual: boot.loaded
			? `loaded by ${proof.release}`
			: `refused: ${boot.errno ?? "the kernel died"}${boot.log[0] ? `: ${boot.log[0]}` : ""}`,
		evidence,
		advice: boot.loaded ? null : await refusalOf(boot, treeCommand("sync", request, tree, target)),
	};
	return { check, boot };
}

/** What the booted kernel said, explained as any other log. */
async function refusalOf({ log, errno }: BootResult, command: string): Promise<Advice> {
	const { explainedRefusal } = await import("../../checks/boot-refusal.ts");
	return { ...explainedRefusal(log, errno), commands: [command] };
}

function skipped(id: CheckResult["id"], command: string): CheckFinding {
	return {
		id,
		status: "skipped",
		expected: null,
		actual: null,
		evidence: [],
		advice: { about: null, commands: [command] },
	};
}

/** As the user named the target; by its release when it was not named. */
function specOf({ spec = {} }: VerifyRequest, { release }: Target): TargetSpec {
	return spec.sysroot === undefined ? { ...spec, target: spec.target ?? release?.value } : spec;
}

function treeCommand(
	name: "sync" | "verify",
	request: VerifyRequest,
	{ path, output }: Tree,
	known: Target,
): string {
	const { target, sysroot, config } = specOf(request, known);
	const flags: [string, string | undefined][] = [
		["-O", output === path ? undefined : output],
		["-t", target],
		["--sysroot", sysroot],
		["--config", config],
	];
	const words = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quoted(value)]));
	return [`kprep ${name}`, quoted(path), ...words].join(" ");
}
