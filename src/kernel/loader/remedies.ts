import { remedyFor } from "../failures/catalogue.ts";
import { vermagicKinds } from "../failures/vermagic.ts";
import { parseVermagic } from "../vermagic.ts";
import type { Reason, Verdict } from "./verdict.ts";

/** The diagnosis of the catalogue that a decision's refusal is; those that depend on the case are worked out below. */
const DIAGNOSES: Record<string, string> = {
	elf: "elf-header-invalid",
	"module-support": "no-module-support",
	"module-layout": "module-layout-version",
	"unknown-symbol": "unknown-symbol",
	dependency: "unknown-symbol",
	"gpl-only-symbol": "gpl-only-symbol",
	namespace: "symbol-namespace",
	"duplicate-exports": "duplicate-export",
	relocations: "unknown-relocation",
	btf: "btf-mismatch",
};

/** Refusals that leave no trace in the log, and so are in no catalogue. */
const SILENT: Record<string, string> = {
	file: "Build the module again, or copy it again: the file is empty.",
	livepatch: "Load it on a kernel with CONFIG_LIVEPATCH=y.",
	"export-versions": "Build the module with CONFIG_MODVERSIONS as the target has it.",
	"export-flags": "Build the module in a tree of the target's own version.",
	"writable-code": "Build the module without sections that are writable and executable.",
	"arch-sections": "Link the module with the tree's own module.lds.",
	"common-symbol": "Build the module with -fno-common, as kbuild does.",
	"imported-namespaces": "Remove the import: namespaces of modules are not imported.",
};

/** The verdict's reasons, each with what to do: the catalogue's own wording, so that check and explain say the same. */
export function withRemedies(verdict: Verdict & { name: string }): Reason[] {
	return verdict.reasons.map((reason) => ({ ...reason, remedy: remedyOf(reason, verdict) }));
}

function remedyOf(reason: Reason, verdict: Verdict & { name: string }): string {
	if (verdict.verdict === "unknown") return `Give kprep what it lacks: ${reason.expected}.`;
	const id = diagnosisOf(reason, verdict.message);
	if (id === null) return SILENT[reason.id] ?? "Build the module again in a tree made ready by kprep sync.";
	return remedyFor(id, factsOf(reason, verdict));
}

function diagnosisOf({ id, expected, actual }: Reason, message: string | null): string | null {
	if (id === "vermagic") return vermagicKinds(bare(actual), bare(expected))[0] ?? "vermagic-missing";
	if (id === "struct-module")
		return message?.includes("section size must match") ? "struct-module-size" : "struct-module-layout";
	if (id === "symbol-version")
		return actual.startsWith("0x") ? "symbol-version-mismatch" : "symbol-version-missing";
	if (id === "module-layout")
		return actual.startsWith("0x") ? "module-layout-version" : "symbol-version-missing";
	if (id === "relocations" && message?.includes("existing value")) return "struct-module-layout";
	if (id === "signing") {
		if (message?.startsWith("Lockdown")) return "lockdown";
		return message === null ? "signature-rejected" : "signature-required";
	}
	return DIAGNOSES[id] ?? null;
}

function factsOf({ id, expected, actual }: Reason, { name, messages }: Verdict & { name: string }) {
	const text = messages.join("\n");
	const symbols = Array.from(
		text.matchAll(/\b(?:[Uu]nknown symbol|of symbol|version for|uses symbol|duplicate symbol) \(?(\w+)/g),
		([, symbol = ""]) => symbol,
	);
	const namespace = /from namespace (\S+), but/.exec(text)?.[1];
	const releases =
		id === "vermagic" && actual !== "none"
			? {
					release_module: parseVermagic(bare(actual)).release,
					release_kernel: parseVermagic(bare(expected)).release,
				}
			: {};
	return {
		...(name === "" ? {} : { module: name }),
		...(symbols.length === 0 ? {} : { symbol: [...new Set(symbols)] }),
		...(namespace === undefined ? {} : { namespace }),
		...releases,
	};
}

/** Without the quotes that keep a trailing space in sight. */
function bare(text: string): string {
	return text.replace(/^'|'$/g, "");
}
