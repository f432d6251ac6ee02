import { KprepError } from "../../errors.ts";
import type { PackageContext } from "../../host/packages/package-source.ts";
import { sizeText } from "../../size.ts";
import { bring, findOffer } from "../../toolchain/bring.ts";
import { chooseToolchain, lackingParts, type ToolchainRequest } from "../../toolchain/choose.ts";
import { type Kept, keptParts } from "../../toolchain/keep/kept.ts";
import type { Offer } from "../../toolchain/providers/provider.ts";
import type { Toolchain } from "../../toolchain/toolchain.ts";
import type { Wanted } from "../../toolchain/wanted.ts";

/** "host": this machine's only; "fetch": what lacks is brought; "auto": kept ones are used, and a terminal is asked. */
export type ToolchainMode = "auto" | "host" | "fetch";

export interface Obtaining extends PackageContext {
	mode?: ToolchainMode | undefined;
	/** Asks on a terminal; undefined: nobody can be asked. */
	confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/**
 * The toolchain for a target, with what this machine lacks brought along when that is wanted. Throws what choosing and
 * bringing throw, and "no-toolchain" when "fetch" was asked for a compiler that is nowhere to be had.
 */
export async function obtainToolchain(request: ToolchainRequest, context: Obtaining): Promise<Toolchain> {
	const { mode = "auto", confirm } = context;
	const kept = mode === "host" ? [] : await keptParts();
	const lacking = lackingParts({ ...request, kept });
	if (lacking.length === 0 || mode === "host" || (mode === "auto" && confirm === undefined))
		return chooseToolchain({ ...request, kept });
	if (mode === "auto" && !(await confirm?.(questionOf(lacking))))
		return chooseToolchain({ ...request, kept });
	return chooseToolchain({ ...request, kept: [...kept, ...(await bringParts(lacking, context))] });
}

/** Brings every part that is to be had; on a terminal after the sizes were shown. */
async function bringParts(wanted: Wanted[], context: Obtaining): Promise<Kept[]> {
	const offers: Offer[] = [];
	for (const one of wanted) {
		const offer = await findOffer(one, context);
		if (offer !== null) offers.push(offer);
		else if (!one.compat && (one.part === "gcc" || one.part === "clang")) throw nowhere(one);
		else context.progress.warn(`${nameOf(one)} is in none of the package lists: going on without it`);
	}
	for (const offer of offers) if (offer.nearness === "same major") context.progress.warn(nearest(offer));
	context.progress.step("bring", offers.map(offerText).join(", "));
	if (context.confirm !== undefined && context.mode === "fetch") {
		await context.progress.done();
		if (!(await context.confirm(`bring ${offers.map(offerText).join(", ")}`)))
			throw new KprepError("usage", "declined", "nothing was brought", {
				suggestions: ["the same command with --toolchain host goes on with this machine's"],
			});
	}
	const kept: Kept[] = [];
	for (const offer of offers) kept.push(await bring(offer, context));
	return kept;
}

/** "gcc 16.2.0-4 (52 MiB, sid/main)". */
export function offerText({ wanted, packageVersion, size, from }: Offer): string {
	return `${wanted.part} ${packageVersion} (${sizeText(size)}, ${from})`;
}

function nameOf({ name, version }: Wanted): string {
	return version === null ? name : `${name} ${version}`;
}

function questionOf(lacking: Wanted[]): string {
	return `this machine lacks ${lacking.map(nameOf).join(", ")}, with which the target was built: look for it and bring it into the user's cache`;
}

function nearest({ wanted, packageVersion, from }: Offer): string {
	return `${nameOf(wanted)} itself is not to be had: the nearest of its major version is ${packageVersion} of ${from}`;
}

function nowhere(wanted: Wanted): KprepError {
	return new KprepError("missing", "no-toolchain", `${nameOf(wanted)} is nowhere to be had`, {
		expected: `${wanted.part}${wanted.major === null ? "" : ` ${wanted.major}`} for ${wanted.arch} in the package lists of this machine's mirrors`,
		suggestions: [
			"--toolchain host goes on with this machine's compiler",
			"--cc NAME or --cross-compile PREFIX names another one",
		],
	});
}
