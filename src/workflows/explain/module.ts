import type { Progress } from "../../host/progress.ts";
import { Diagnoser, type Findings } from "../../kernel/failures/diagnose.ts";
import type { Diagnosis } from "../../kernel/failures/entry.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { checkModules } from "../check/index.ts";

/**
 * What the log says about one module file, together with what the target's loader would say to the file: diagnoses of
 * other modules are left out, and those that follow from the file alone come after those that a log line proves.
 * Throws KprepError when the file or the target cannot be read.
 */
export async function aboutModule(
	path: string,
	spec: TargetSpec,
	log: Findings,
	progress: Progress,
): Promise<Findings> {
	const { modules } = await checkModules([path], { target: spec.target, sysroot: spec.sysroot }, progress);
	const [checked] = modules;
	if (checked === undefined) return log;
	const own = log.diagnoses.filter(({ details }) => concerns(details.module, checked.name));
	const diagnoser = new Diagnoser();
	for (const line of checked.messages) diagnoser.line(line);
	const predicted = diagnoser
		.finish()
		.diagnoses.filter(({ entry }) => entry.id !== "benign-noise")
		.map((diagnosis): Diagnosis => ({ ...diagnosis, certainty: "likely" }));
	const proven = new Set(own.map(({ entry }) => entry.id));
	return { ...log, diagnoses: [...own, ...predicted.filter(({ entry }) => !proven.has(entry.id))] };
}

/** A diagnosis without a module's name may be about any. */
function concerns(modules: string[] | undefined, name: string): boolean {
	const plain = (text: string) => text.replaceAll("-", "_").toLowerCase();
	return modules === undefined || modules.some((module) => plain(module) === plain(name));
}
