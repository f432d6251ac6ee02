import { release as unameRelease } from "node:os";
import { KprepError } from "../errors.ts";
import type { Progress } from "../host/progress.ts";
import { readTargetConfig, type TargetConfig } from "./facts/config-facts.ts";
import { derivedVermagic } from "./facts/derived-vermagic.ts";
import { bootEnforcement } from "./facts/enforcement.ts";
import { gather } from "./gather.ts";
import { PROVIDERS } from "./providers/index.ts";
import type { EvidenceProvider, Subject } from "./providers/provider.ts";
import { isElsewhere, type Machine, type Meant, notFound, subjectOf, type TargetSpec } from "./subject.ts";
import type { Conflict, Evidence, Fact, Target } from "./target.ts";
import { configConflicts } from "./weigh/config-conflict.ts";
import { importConflict } from "./weigh/import-conflict.ts";
import { apart, ranked, weigh } from "./weigh/index.ts";
import { chooseSymvers } from "./weigh/symvers-choice.ts";

export interface ResolveOptions {
	/** Ask the slow providers too, although nothing that they know is missing: for a whole report. */
	thorough?: boolean;
	/** Given by tests. */
	machine?: Machine;
	providers?: readonly EvidenceProvider[];
}

/**
 * Finds out who the target is and what is known about it, each fact with its source, disagreements reported.
 * Throws KprepError: target-not-found, config-not-found, not-a-config, no-module-support, not-an-image (3) and
 * several-targets, bad-target (2).
 */
export async function resolveTarget(
	named: TargetSpec,
	progress: Progress,
	options: ResolveOptions = {},
): Promise<Target> {
	const spec = isElsewhere(named) ? await brought(named, progress) : named;
	const unreadable = new Set<string>();
	const machine = options.machine ?? { root: "/", uname: unameRelease() };
	const meant = subjectOf(spec, machine, progress, (what) => unreadable.add(what));
	const providers = options.providers ?? PROVIDERS;
	const { subject, evidence } = await gather(meant, providers, options.thorough ?? false);
	const conflicts: Conflict[] = [];
	const release = releaseOf(meant, evidence, conflicts);
	if (release === null) throw unknownRelease(subject, spec);
	const [own] = apart(evidence, release.value);
	if (!own.some(speaks)) throw notFound(release.value, subject.root);
	const [taken, ...otherConfigs] = ranked("config", own);
	const config = taken === undefined ? null : await readTargetConfig(taken);
	if (taken !== undefined) conflicts.push(...(await configConflicts(taken, otherConfigs)));
	const others = await otherFacts(subject, release, own, config, conflicts);
	const booted = bootEnforcement(subject, release.value, config?.symbols ?? null);
	const imported = options.thorough ? await importConflict(others, progress) : null;
	if (imported !== null) conflicts.push(imported);
	return {
		release,
		config: taken ?? null,
		...others,
		enforcement: others.enforcement ?? booted.enforcement,
		blacklist: others.blacklist ?? booted.blacklist,
		conflicts,
		unreadable: [...unreadable],
	};
}

/** Loaded when it is asked for: nearly every target is on this machine. */
async function brought(named: TargetSpec, progress: Progress): Promise<TargetSpec> {
	const { bringTarget } = await import("./schemes/index.ts");
	return (await bringTarget(named, progress)) ?? named;
}

function speaks(one: Evidence): boolean {
	return Object.values(one).some((fact) => fact != null);
}

/** A firm word of the user counts as one more voice at the top; a mere name as one more at the bottom. */
function releaseOf(meant: Meant, evidence: readonly Evidence[], conflicts: Conflict[]): Fact | null {
	const asked: Evidence[] = meant.asked === null ? [] : [{ release: meant.asked }];
	return weigh("release", meant.firm ? [asked, evidence] : [evidence, asked], conflicts);
}

async function otherFacts(
	subject: Subject,
	release: Fact,
	own: readonly Evidence[],
	config: TargetConfig | null,
	conflicts: Conflict[],
): Promise<Omit<Target, "release" | "config" | "conflicts" | "unreadable">> {
	const groups = [config === null ? own : [...own, config.evidence]];
	const take = <F extends Exclude<keyof Evidence, "symvers">>(fact: F) => weigh(fact, groups, conflicts);
	const arch = take("arch");
	const makefile = take("makefile");
	const randstructHash = take("randstructHash");
	const layout = take("moduleLayoutCrc");
	const symvers = await chooseSymvers(ranked("symvers", own), layout);
	conflicts.push(...symvers.conflicts);
	return {
		version: take("version"),
		arch,
		vermagic:
			take("vermagic") ?? derivedVermagic(subject, { release, arch, makefile, randstructHash }, config),
		compiler: take("compiler"),
		packageVersion: take("packageVersion"),
		makefile,
		symvers: symvers.taken,
		btf: take("btf"),
		image: take("image"),
		modules: take("modules"),
		randstructSeed: take("randstructSeed"),
		randstructHash,
		structModuleSize: take("structModuleSize"),
		signatureCheck: take("signatureCheck"),
		moduleSignature: take("moduleSignature"),
		retpoline: take("retpoline"),
		enforcement: take("enforcement"),
		blacklist: take("blacklist"),
		loader: take("loader"),
		moduleLayoutCrc: layout ?? (await layoutOf(symvers.taken)),
	};
}

async function layoutOf(symvers: Target["symvers"]): Promise<Fact | null> {
	const value = symvers === null ? null : await symvers.layoutCrc();
	return symvers === null || value === null ? null : { value, source: symvers.source };
}

function unknownRelease(subject: Subject, spec: TargetSpec): KprepError {
	return new KprepError("missing", "not-an-image", `${spec.target} is neither a kernel image nor a profile`, {
		expected: "a bzImage, Image, vmlinux, or a file written by kprep capture",
		where: subject.image ?? subject.profile ?? subject.root.folder,
		suggestions: ["name the kernel by its release: --target RELEASE"],
	});
}
