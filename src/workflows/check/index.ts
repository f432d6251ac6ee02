import { basename } from "node:path";
import { readDecompressed } from "../../host/archive/decompress.ts";
import type { Progress } from "../../host/progress.ts";
import { predict } from "../../kernel/loader/predict.ts";
import { withRemedies } from "../../kernel/loader/remedies.ts";
import type { CheckDocument, CheckedModule } from "../../kernel/loader/verdict.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import { loaderKnowledge } from "../../target/facts/loader-knowledge.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";

/**
 * What the target will say to each of these module files (compressed or not); with `boot` also what its image, booted,
 * did say. Throws KprepError when one cannot be read, and what bootModules() throws.
 */
export async function checkModules(
	paths: string[],
	spec: TargetSpec,
	progress: Progress,
	{ boot = false, signal }: { boot?: boolean; signal?: AbortSignal } = {},
): Promise<CheckDocument> {
	progress.step("target");
	const target = await resolveTarget(spec, progress);
	const knowledge = await loaderKnowledge(target);
	const modules: CheckedModule[] = [];
	for (const path of paths) {
		progress.step("check", path);
		const verdict = predict(await readDecompressed(path), knowledge);
		const name = verdict.name || basename(path);
		modules.push({ path, ...verdict, name, reasons: withRemedies(verdict) });
	}
	if (!boot) return { target: knowledge.release, modules };
	const { bootModules } = await import("../boot/modules.ts");
	const said = await bootModules({ paths, target, progress, signal });
	return {
		target: knowledge.release,
		modules: modules.map((one, at) => ({ ...one, boot: said[at] as BootResult })),
	};
}
