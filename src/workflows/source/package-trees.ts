import type { PackageSource, TreeOffer } from "../../host/packages/package-source.ts";
import { findProgram } from "../../host/process/program.ts";
import { stringOf } from "../../kernel/config/config.ts";
import { composeRelease } from "../../kernel/release/release.ts";
import {
	type Judgement,
	judgeTree,
	judgeUntold,
	partsOfVersion,
	RULES_NOW,
	versionOfPackage,
} from "../../kernel/source/source-candidate.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";

/** Trees that the package systems of this machine offer; of versions that do not serve, the newest of each only. */
export async function packageTrees(wanted: Wanted, context: SourceContext): Promise<Found[]> {
	const found: Found[] = [];
	for (const system of context.systems) {
		if (!system.programs.every((program) => findProgram(program) !== null)) continue;
		context.progress.step("packages", system.name);
		try {
			const offers = await system.offers(wanted, context);
			found.push(...worthShowing(offers.map((offer) => fromOffer(system, offer, wanted))));
		} catch (error) {
			context.signal?.throwIfAborted();
			context.progress.warn(`${system.name} cannot be asked: ${(error as Error).message.split("\n")[0]}`);
		}
	}
	return found;
}

/** Where the exact version still is when no repository has it any more; that has to be fetched by hand. */
export function archivedTree(wanted: Wanted, found: readonly Found[], { systems }: SourceContext): Found[] {
	const { origin } = wanted;
	if (origin === null || found.some(({ rank }) => rank === RANK.exact)) return [];
	const where = systems.map((system) => system.archive?.(origin) ?? null).find((url) => url !== null);
	if (where === undefined) return [];
	const kernel = versionOfPackage(origin.sourceVersion, "deb") ?? wanted.version;
	const parts = kernel === null ? null : partsOfVersion(kernel);
	const { verdict, why } = parts === null ? judgeUntold(null) : judgeTree(wanted, parts, RULES_NOW);
	const what = `${origin.source} ${origin.sourceVersion}, the very version that the target was built from`;
	return [
		{
			candidate: {
				...{ kind: "package", where, version: kernel, verdict },
				release: parts === null ? null : composeRelease(parts, RULES_NOW),
				why: `${what}: in no repository here; download its linux-source package there, then kprep source get FILE; ${why}`,
			},
			rank: RANK.exact,
			way: null,
		},
	];
}

function fromOffer(system: PackageSource, offer: TreeOffer, wanted: Wanted): Found {
	const { kernel, exact, kind } = offer;
	const { name, version, repository } = offer.package;
	const local = wanted.config === null ? "" : (stringOf(wanted.config, "LOCALVERSION") ?? "");
	const parts = kernel === null ? null : partsOfVersion(kernel, offer.extraversion ?? "", local);
	const { verdict, why } = judge(offer, parts, wanted);
	return {
		candidate: {
			kind: "package",
			where: `${system.name}:${name}=${version}`,
			version: kernel,
			release: kind === "headers" ? wanted.release : parts === null ? null : composeRelease(parts, RULES_NOW),
			verdict,
			why: `${why} (${repository})`,
		},
		rank: kind === "headers" ? RANK.headers : exact ? RANK.exact : RANK.package,
		way: { by: "package", system, offer },
	};
}

function judge(
	{ kind, exact, byHand, package: { version } }: TreeOffer,
	parts: ReturnType<typeof partsOfVersion> | null,
	wanted: Wanted,
): Judgement {
	if (kind === "headers") return { verdict: "fits", why: `headers of exactly this kernel: ${byHand}` };
	const origin = wanted.origin?.sourceVersion ?? null;
	if (parts === null) return judgeUntold(origin);
	const { verdict, why } = judgeTree(wanted, parts, RULES_NOW);
	const whose = exact
		? "the very version that the target was built from"
		: origin === null
			? `version ${version}`
			: `another version than the target's ${origin}`;
	return { verdict, why: `${whose}; ${why}` };
}

function worthShowing(found: Found[]): Found[] {
	const shown = new Set<string>();
	return found.filter(({ candidate: { verdict, where } }) => {
		if (verdict === "fits" || verdict === "needs-pin") return true;
		const name = where.slice(0, where.indexOf("="));
		return !shown.has(name) && shown.add(name);
	});
}
