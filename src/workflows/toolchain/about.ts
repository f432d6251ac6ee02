import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { PackageContext } from "../../host/packages/package-source.ts";
import { findProgram } from "../../host/process/program.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import type { OfferReport, PartReport, ToolchainReport } from "../../report/toolchain.ts";
import { configMissing } from "../../target/facts/no-config.ts";
import type { Target } from "../../target/target.ts";
import { bring, findOffer } from "../../toolchain/bring.ts";
import { chosenParts, type ToolchainRequest } from "../../toolchain/choose.ts";
import { type Kept, keptParts } from "../../toolchain/keep/kept.ts";
import type { Manifest } from "../../toolchain/keep/manifest.ts";
import type { Offer } from "../../toolchain/providers/provider.ts";
import type { ChosenPart } from "../../toolchain/toolchain.ts";
import type { Wanted } from "../../toolchain/wanted.ts";

export interface AboutOptions extends PackageContext {
	/** Look in package lists for what is neither here nor kept. */
	offers: boolean;
	/** Bring it. */
	bring?: boolean;
}

/**
 * What the target was built with, what of it is here or kept, where the rest can be had; brings it when asked to.
 * Throws "missing" where the target's configuration is not known, and what bringing throws.
 */
export async function aboutToolchain(target: Target, options: AboutOptions): Promise<ToolchainReport> {
	if (target.config === null) throw configMissing(target);
	const request: ToolchainRequest = {
		compiler: target.compiler?.value ?? null,
		arch: target.arch?.value ?? null,
		config: parseConfig(new TextDecoder().decode(await target.config.read())),
		kept: await keptParts(),
	};
	const parts: PartReport[] = [];
	const asked: Asked = { unreachable: null };
	for (const part of chosenParts(request)) parts.push(await reportOf(part, options, asked));
	options.signal?.throwIfAborted();
	const missing = parts.filter(({ from, offer }) => from === null && offer === null).map(({ name }) => name);
	const about = { target: target.release?.value ?? null, compiler: request.compiler };
	return { ...about, parts, missing, unreachable: asked.unreachable };
}

/** Whether package lists answer: once they did not, they are not asked for the next part. */
interface Asked {
	unreachable: string | null;
}

/** What lists have; where they only had to be looked at and do not answer, the rest of the report is still true. */
async function offerFor(wanted: Wanted, options: AboutOptions, asked: Asked): Promise<Offer | null> {
	if (!options.offers || asked.unreachable !== null) return null;
	try {
		return await findOffer(wanted, options);
	} catch (error) {
		if (options.bring || !(error instanceof KprepError) || !UNREACHABLE.has(error.code)) throw error;
		asked.unreachable = error.message;
		return null;
	}
}

const UNREACHABLE: ReadonlySet<string> = new Set(["no-package-lists", "download-failed"]);

async function reportOf(part: ChosenPart, options: AboutOptions, asked: Asked): Promise<PartReport> {
	const { wanted, fits, from, program, version, kept } = part;
	const about = {
		...{ part: wanted.part, name: wanted.name, arch: wanted.arch, version: wanted.version },
		...{ package: wanted.packageVersion, needed_for: wanted.neededFor },
		here: program === null ? null : { program: findProgram(program) ?? program, version },
	};
	if (fits && from !== "none") {
		const path = kept === null ? (findProgram(program ?? "") ?? program) : kept.folder;
		const from = kept === null ? ("host" as const) : ("kept" as const);
		const main = kept === null ? path : mainProgram(kept);
		return { ...about, from, path, program: main, offer: null, manifest: manifestOf(kept) };
	}
	const offer = await offerFor(wanted, options, asked);
	if (offer === null || !options.bring)
		return {
			...about,
			from: null,
			path: null,
			program: null,
			offer: offer === null ? null : offerReport(offer),
			manifest: null,
		};
	const brought = await bring(offer, options);
	return {
		...about,
		from: "kept",
		path: brought.folder,
		program: mainProgram(brought),
		offer: offerReport(offer),
		manifest: manifestOf(brought),
	};
}

/** What somebody would run of it by hand. */
function mainProgram({ folder, tools }: Kept): string | null {
	const path = tools.CC ?? (tools.LLVM === undefined ? undefined : `${tools.LLVM}/clang`);
	const main = path ?? tools.PAHOLE ?? tools.RUSTC;
	return main === undefined ? null : join(folder, main);
}

/** What its own file says; where it lies is the part's path. */
function manifestOf(kept: Kept | null): Manifest | null {
	if (kept === null) return null;
	const { name: _name, folder: _folder, ...manifest } = kept;
	return manifest;
}

function offerReport({
	provider,
	from,
	packageVersion,
	nearness,
	size,
	unpacked,
	pieces,
}: Offer): OfferReport {
	return { provider, from, package: packageVersion, nearness, size, unpacked, packages: pieces.length };
}
