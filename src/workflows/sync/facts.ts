import { KprepError } from "../../errors.ts";
import { configMissing } from "../../target/facts/no-config.ts";
import type { FileFact, Target } from "../../target/target.ts";
import type { PlanFacts } from "../../tree/plan/action.ts";

/** Reads the target's files that a plan needs. Throws "missing" when release or config are not known: neither is ever guessed. */
export async function readPlanFacts(target: Target): Promise<PlanFacts> {
	if (target.release === null) {
		throw new KprepError("missing", "no-release", "the target's release is not known", {
			suggestions: ["kprep target", "-t RELEASE"],
		});
	}
	if (target.config === null) throw configMissing(target);
	return {
		release: target.release.value,
		version: target.version?.value ?? null,
		config: await text(target.config),
		makefile: target.makefile === null ? null : await text(target.makefile),
		symvers:
			target.symvers === null
				? null
				: { content: await target.symvers.read(), source: target.symvers.source },
		seed:
			target.randstructSeed === null
				? null
				: {
						content: await target.randstructSeed.read(),
						source: { ...target.randstructSeed.source, path: target.randstructSeed.value },
					},
	};
}

async function text(fact: FileFact): Promise<{ text: string; source: FileFact["source"] }> {
	return { text: new TextDecoder().decode(await fact.read()), source: { ...fact.source, path: fact.value } };
}
