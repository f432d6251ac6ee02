import { printable } from "../printable.ts";
import { sizeText } from "../size.ts";
import type { Manifest } from "../toolchain/keep/manifest.ts";

/** Where a part can be had, as --json prints it. */
export interface OfferReport {
	provider: string;
	/** Suite or repository. */
	from: string;
	package: string;
	nearness: string;
	/** Bytes to download, and on the disk. */
	size: number;
	unpacked: number;
	/** How many packages that is. */
	packages: number;
}

/** One part of what the target was built with. */
export interface PartReport {
	part: string;
	name: string;
	arch: string;
	version: string | null;
	package: string | null;
	needed_for: string;
	/** What this machine has for it, fitting or not. */
	here: { program: string; version: string | null } | null;
	/** Where one that fits is taken from; null: nowhere yet. */
	from: "host" | "kept" | null;
	path: string | null;
	/** Its main program: CC, clang, pahole, rustc; null: nowhere yet. */
	program: string | null;
	offer: OfferReport | null;
	/** Of a kept one: versions, digests and licences. */
	manifest: Manifest | null;
}

/** The answer of `kprep toolchain list` and `get`. */
export interface ToolchainReport {
	target: string | null;
	compiler: string | null;
	parts: PartReport[];
	/** Names of parts that are neither here nor to be had. */
	missing: string[];
	/** Why package lists could not be asked for what is missing; null: they were, or nothing had to be asked. */
	unreachable: string | null;
}

/** One line a part, and what the rest comes to. */
export function toolchainText(report: ToolchainReport, words: string[]): string {
	const { target, compiler, parts, unreachable } = report;
	const rows = parts.map(
		(part) =>
			`  ${stateOf(part, report).padEnd(7)}  ${printable(nameOf(part)).padEnd(14)}  ${printable(where(part, report))}`,
	);
	const offers = parts.flatMap(({ from, offer }) => (from === null && offer !== null ? [offer] : []));
	const sum = (key: "size" | "unpacked") => sizeText(offers.reduce((all, offer) => all + offer[key], 0));
	return [
		printable(`${target ?? "the target"} was built with ${compiler ?? "an unknown compiler"}`),
		...rows,
		...(unreachable === null ? [] : ["", printable(`what else there is could not be asked: ${unreachable}`)]),
		...(offers.length === 0
			? []
			: [
					"",
					`in all ${sum("size")} to download, ${sum("unpacked")} kept`,
					`next: ${["kprep toolchain get", ...words].join(" ")}`,
				]),
	].join("\n");
}

/** "gcc 16.2.0": the version that is taken, else the one that is wanted. */
function nameOf(part: PartReport): string {
	return `${part.part} ${taken(part) ?? part.version ?? ""}`.trim();
}

function taken({ from, here, manifest }: PartReport): string | null {
	if (from === null) return null;
	return manifest?.version ?? here?.version ?? null;
}

function stateOf({ from, offer }: PartReport, { unreachable }: ToolchainReport): string {
	if (from !== null) return from === "host" ? "here" : "kept";
	if (offer !== null) return "to get";
	return unreachable === null ? "nowhere" : "lacking";
}

function where(part: PartReport, { unreachable }: ToolchainReport): string {
	const { from, path, offer, here, version, needed_for } = part;
	const own = version === null || version === taken(part) ? "" : ` (the target's own was ${version})`;
	if (from !== null) return `${path ?? ""}${own}; for ${needed_for}`;
	const have = here === null ? "nothing here" : `this machine has ${here.version ?? ""} (${here.program})`;
	if (offer !== null) {
		const size = `${sizeText(offer.size)} to download, ${sizeText(offer.unpacked)} kept`;
		return `${have}; ${offer.package} of ${offer.from} (${offer.nearness}): ${size}; for ${needed_for}`;
	}
	return `${have}${unreachable === null ? "; in no package list that was asked" : ""}; for ${needed_for}`;
}

/** The programs alone, one a line. */
export function toolchainPaths({ parts }: ToolchainReport): string {
	return parts.flatMap(({ program }) => program ?? []).join("\n");
}

/** A line for each part that has no program yet. */
export function toolchainLacks({ parts }: ToolchainReport): string[] {
	return parts
		.filter(({ from }) => from === null)
		.map((part) => `${nameOf(part)} is neither on this machine nor kept (for ${part.needed_for})`);
}
