import { configEvidence } from "./config-facts.ts";
import type { EvidenceProvider, Subject } from "./provider.ts";
import type { Meant } from "./subject.ts";
import type { Evidence } from "./target.ts";
import { ranked } from "./weigh.ts";

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
		subject = { ...subject, release };
		evidence.push(...(await ask(quick, subject)));
	}
	const [config] = ranked("config", evidence);
	const told =
		config === undefined ? {} : configEvidence(new TextDecoder().decode(await config.read()), config.source);
	// Slow ones go one after another: what the first finds may spare the next.
	for (const one of others.filter(({ cost }) => cost === "slow")) {
		if (!thorough && one.gives.every((fact) => known(fact, [...evidence, told]))) continue;
		evidence.push(...(await one.gather(subject)));
	}
	return { subject, evidence };
}

/** Providers that speak of a file which the user named, by name. */
const SPEAKERS: readonly string[] = ["image", "profile", "flag"];

async function ask(providers: readonly EvidenceProvider[], subject: Subject): Promise<Evidence[]> {
	const answers = await Promise.all(providers.map((one) => one.gather(subject)));
	return answers.flat();
}

function known(fact: keyof Evidence, evidence: readonly Evidence[]): boolean {
	return evidence.some((one) => one[fact] != null);
}
