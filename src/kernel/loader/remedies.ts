import { remedyFor } from "../failures/catalogue.ts";
import { vermagicKinds } from "../failures/loading/vermagic-kinds.ts";
import { parseVermagic } from "../vermagic/vermagic.ts";
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
	file: "elf-header-invalid",
	"writable-code": "elf-header-invalid",
	"arch-sections": "elf-header-invalid",
	"common-symbol": "common-symbols",
	livepatch: "no-module-support",
	"export-versions": "symbol-version-missing",
	"export-flags": "vermagic-release",
	"imported-namespaces": "symbol-namespace",
};

/** A refusal of which only the decision's name is known: whatever it is, the kernel's own tree does not have it. */
const ANY = "struct-module-layout";

/** The verdict's reasons, each with what to do: the catalogue's own wording, so that check and explain say the same. */
export function withRemedies(verdict: Verdict & { name: string }): Reason[] {
	return verdict.reasons.map((reason) => ({ ...reason, remedy: remedyOf(reason, verdict) }));
}

export const ASK_THE_KERNEL =
	"All facts are at hand, and kprep cannot work out what the kernel makes of them: --boot asks the kernel itself.";

/** What the catalogue of log lines has no entry for, as no log shows it, or where another remedy is meant. */
const OWN: Readonly<Record<string, string>> = {
	blacklist: "Take the name off module_blacklist= on the target's command line, and boot again.",
	"built-in-name":
		"Give the module another name: the kernel has that driver built in, and it cannot be unloaded; or boot a kernel that has it as a module.",
	damaged:
		"Build the module again: the file is damaged, or a program that edited it broke it; the kernel does not look before it uses it.",
	"per-cpu":
		"Allocate the variable when the module starts (alloc_percpu()), or make it smaller: all modules together have this much for DEFINE_PER_CPU.",
	"symbol-section":
		"Build the module again: the file is damaged, or a program that edited it broke it; the kernel does not look before it uses it.",
	"relocation-outside":
		"Build the module again: the file is damaged, or a program that edited it broke it; the kernel may write outside of the section without a word.",
};

function remedyOf(reason: Reason, verdict: Verdict & { name: string }): string {
	const own = OWN[reason.id];
	if (own !== undefined) return own;
	if (reason.unforeseeable) return ASK_THE_KERNEL;
	if (verdict.verdict === "unknown") return remedyFor("target-unknown", { fact: reason.expected });
	return remedyFor(diagnosisOf(reason, verdict.message), factsOf(reason, verdict));
}

function diagnosisOf({ id, expected, actual }: Reason, message: string | null): string {
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
	return DIAGNOSES[id] ?? ANY;
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
