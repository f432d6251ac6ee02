import { printable } from "../printable.ts";
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
}

/** One line a part; `brought`: after `get`. */
export function toolchainText({ target, compiler, parts }: ToolchainReport, words: string[]): string {
	const rows = parts.map((part) => {
		const wanted = `${part.part} ${part.version ?? ""}`.trim();
		return `  ${STATE[part.from ?? (part.offer === null ? "none" : "offer")]}  ${printable(wanted).padEnd(14)}  ${printable(where(part))}`;
	});
	const lacking = parts.some(({ from, offer }) => from === null && offer !== null);
	return [
		printable(`${target ?? "the target"} was built with ${compiler ?? "an unknown compiler"}`),
		...rows,
		...(lacking ? ["", `next: ${["kprep toolchain get", ...words].join(" ")}`] : []),
	].join("\n");
}

const STATE = { host: "here", kept: "kept", offer: "had ", none: "none" } as const;

function where({ from, path, offer, here, needed_for }: PartReport): string {
	if (from !== null) return `${path ?? ""}, for ${needed_for}`;
	const have = here === null ? "nothing here" : `here ${here.version ?? ""} ${here.program}`;
	if (offer === null) return `${have}; in no package list that was asked; for ${needed_for}`;
	const size = `${Math.ceil(offer.size / 1e6)} MB to download, ${Math.ceil(offer.unpacked / 1e6)} MB kept`;
	return `${have}; ${offer.package} of ${offer.from} (${offer.nearness}): ${size}; for ${needed_for}`;
}

/** Folders and programs alone, one a line. */
export function toolchainPaths({ parts }: ToolchainReport): string {
	return parts.flatMap(({ path }) => path ?? []).join("\n");
}
