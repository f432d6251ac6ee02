import { basename } from "node:path";
import { readDecompressed } from "../host/decompress.ts";
import type { Progress } from "../host/progress.ts";
import { predict } from "../kernel/loader/predict.ts";
import type { CheckDocument, CheckedModule, Reason } from "../kernel/loader/verdict.ts";
import { loaderKnowledge } from "../target/loader-knowledge.ts";
import { resolveTarget } from "../target/resolve.ts";
import type { TargetSpec } from "../target/subject.ts";

/** What the target will say to each of these module files (compressed or not). Throws KprepError when one cannot be read. */
export async function checkModules(
	paths: string[],
	spec: TargetSpec,
	progress: Progress,
): Promise<CheckDocument> {
	progress.step("target");
	const target = await resolveTarget(spec, progress);
	const knowledge = await loaderKnowledge(target);
	const modules: CheckedModule[] = [];
	for (const path of paths) {
		progress.step("check", path);
		const { name, ...verdict } = predict(await readDecompressed(path), knowledge);
		const reasons = verdict.reasons.map(withRemedy);
		modules.push({ path, name: name || basename(path), ...verdict, reasons });
	}
	return { target: knowledge.release, modules };
}

/** What to do about each kind of reason. */
const REMEDIES: Record<string, string> = {
	elf: "rebuild the module for the target's architecture, and copy it whole",
	vermagic: "kprep sync TREE, then rebuild the module with kprep build DIR TREE",
	"struct-module":
		"kprep verify --deep TREE names the option that differs; kprep sync TREE, then rebuild the module",
	"module-layout":
		"kprep sync TREE so that config and Module.symvers are the target's, then rebuild the module",
	"symbol-version": "kprep sync TREE so that Module.symvers is the target's, then rebuild the module",
	"unknown-symbol": "the target's kernel does not have it: enable what exports it, or change the module",
	"gpl-only-symbol": "declare the licence under which the module really is, or use other symbols",
	namespace: "add MODULE_IMPORT_NS for that namespace to the module",
	dependency: "install the module that exports it, and load it first",
	signing: "sign the module with a key that the target trusts: kprep build --sign",
	btf: "rebuild the module without the other kernel's vmlinux in the tree, or with the target's",
	livepatch: "load it on a kernel with CONFIG_LIVEPATCH=y",
};

function withRemedy(reason: Reason): Reason {
	return reason.remedy === "" ? { ...reason, remedy: REMEDIES[reason.id] ?? "rebuild the module" } : reason;
}
