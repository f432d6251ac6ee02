import { configEvidence } from "./facts/config-facts.ts";
import type { EvidenceProvider, Subject } from "./providers/provider.ts";
import type { Meant } from "./subject.ts";
import type { Evidence } from "./target.ts";
import { apart, ranked } from "./weigh/index.ts";
import { chooseSymvers } from "./weigh/symvers-choice.ts";

/**
 * Asks the providers, cheap ones first. A named image or profile speaks before all others, because the release that
 * they are asked about comes from it; a profile speaks alone. When the evidence shows that the kernel is another than
 * a folder's name said, the quick ones are asked once more.
 */
export async function gather(
	meant: Meant,
	providers: readonly EvidenceProvider[],
	thorough: boolean,
): Promise<{ subject: Subject; evidence: Evidence[] }> {
	const { image, profile } = meant.subject;
	const named = image !== null || profile !== null;
	const speakers = named ? providers.filter(({ name }) => SPEAKERS.includes(name)) : [];
	const evidence = await ask(speakers, meant.subject);
	if (profile !== null) return { subject: meant.subject, evidence };
	let { subject } = meant;
	if (named)
		subject = { ...subject, release: ranked("release", evidence)[0]?.value ?? meant.asked?.value ?? null };
	const others = providers.filter((one) => !speakers.includes(one));
	const quick = others.filter(({ cost }) => cost === "quick");
	evidence.push(...(await ask(quick, subject)));
	const release = ranked("release", evidence)[0]?.value;
	if (!meant.firm && !named && release !== undefined && release !== subject.release) {
		// What was found under the wrong name and names no release itself would pass for the other kernel's.
		const voices = evidence.filter((one) => one.release != null);
		subject = { ...subject, release };
		evidence.splice(0, evidence.length, ...voices, ...(await ask(quick, subject)));
	}
	const known = await knownFacts(evidence, subject.release);
	for (const one of others.filter(({ cost }) => cost === "slow")) {
		if (!thorough && one.gives.every((fact) => known.has(fact))) continue;
		evidence.push(...(await one.gather(subject)));
	}
	return { subject, evidence };
}

/**
 * Facts that need no slow provider: those that evidence on this very kernel gives, and what its config tells. A
 * Module.symvers that would be rejected counts as none.
 */
async function knownFacts(evidence: readonly Evidence[], release: string | null): Promise<Set<string>> {
	const [own] = release === null ? [evidence] : apart(evidence, release);
	const [config] = ranked("config", own);
	const told =
		config === undefined ? {} : configEvidence(new TextDecoder().decode(await config.read()), config.source);
	const facts = [...own, told].flatMap((one) => Object.entries(one));
	const known = new Set(facts.filter(([, fact]) => fact != null).map(([name]) => name));
	const { taken } = await chooseSymvers(ranked("symvers", own), ranked("moduleLayoutCrc", own)[0] ?? null);
	if (taken === null) known.delete("symvers");
	return known;
}

/** Providers that speak of a file which the user named, by name. */
const SPEAKERS: readonly string[] = ["image", "profile", "flag"];

async function ask(providers: readonly EvidenceProvider[], subject: Subject): Promise<Evidence[]> {
	const answers = await Promise.all(providers.map((one) => one.gather(subject)));
	return answers.flat();
}
