import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import type { Config } from "../../kernel/config/config.ts";
import type { ToolReport } from "../../report/doctor.ts";
import { chosenParts } from "../../toolchain/choose.ts";
import { keptParts } from "../../toolchain/keep/kept.ts";
import type { ChosenPart } from "../../toolchain/toolchain.ts";

/** What is known of the target's toolchain here: parts that fit, are kept, or lack. */
export async function partsOf(facts: {
	config: Config | null;
	compiler: string | null;
	arch: string | null;
}): Promise<ChosenPart[]> {
	const { config, compiler, arch } = facts;
	return config === null ? [] : chosenParts({ config, compiler, arch, kept: await keptParts() });
}

/** A tool that a kept part has counts as found: every sync takes it from there. */
export function withKept(tool: ToolReport, parts: readonly ChosenPart[]): ToolReport {
	const kept = partFor(tool.name, parts)?.kept ?? null;
	if (tool.ok || kept === null) return tool;
	return { ...tool, found: kept.folder, version: kept.version, ok: true };
}

/** For tools that no package list here has: what can be brought instead. Asks the lists of other suites; quiet where they cannot be asked. */
export async function withOffers(
	tools: ToolReport[],
	parts: readonly ChosenPart[],
	progress: Progress,
): Promise<ToolReport[]> {
	const known = new Map<ChosenPart, ToolReport["bring"]>();
	const result: ToolReport[] = [];
	for (const tool of tools) {
		const part = tool.ok || tool.available === true ? undefined : partFor(tool.name, parts);
		if (part === undefined || part.fits) {
			result.push(tool);
			continue;
		}
		if (!known.has(part)) known.set(part, await offered(part, progress));
		result.push({ ...tool, bring: known.get(part) ?? null });
	}
	return result;
}

async function offered({ wanted }: ChosenPart, progress: Progress): Promise<ToolReport["bring"]> {
	// Without a package system there is nothing to ask.
	if (findProgram("apt-get") === null) return null;
	try {
		const { findOffer } = await import("../../toolchain/bring.ts");
		const offer = await findOffer(wanted, { progress });
		return offer === null ? null : { package: offer.packageVersion, from: offer.from, size: offer.size };
	} catch (error) {
		progress.verbose(`other suites cannot be asked: ${(error as Error).message}`);
		return null;
	}
}

/** The part that a tool belongs to, by the tool's name as the needs have it. */
function partFor(tool: string, parts: readonly ChosenPart[]): ChosenPart | undefined {
	return parts.find(({ wanted: { part, major, triplet, compat, arch } }) => {
		if (part === "pahole") return tool === "pahole";
		if (part === "rust") return ["rustc", "bindgen", "rust-src"].includes(tool);
		if (part === "clang") return /^(?:clang|ld\.lld|llvm-\w+)/.test(tool);
		if (compat) return /^arm-linux-/.test(tool) && arch === "arm";
		// The compiler of the build's own programs stays this machine's.
		return [`gcc-${major}`, `${triplet}-gcc`, `gcc-${major}-plugin`].includes(tool);
	});
}
