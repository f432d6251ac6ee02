import type { PackageContext } from "../../host/packages/package-source.ts";
import type { Wanted } from "../wanted.ts";

/** One file that an offer is made of. */
export interface Piece {
	name: string;
	version: string;
	/** Name that it is downloaded as. */
	file: string;
	size: number;
	/** 64 hex digits, from signed lists. */
	sha256: string;
}

/** How near an offer is to the target's own. */
export type Nearness = "same package" | "same version" | "same major";

/** A part that can be brought along. */
export interface Offer {
	/** `name` of its provider. */
	provider: string;
	wanted: Wanted;
	/** Upstream version: "16.2.0". */
	version: string;
	/** The distribution's whole version. */
	packageVersion: string;
	nearness: Nearness;
	/** Where it is had: a suite, a repository, an archive. */
	from: string;
	pieces: Piece[];
	/** To be downloaded, and on the disk afterwards; in bytes. */
	size: number;
	unpacked: number;
	/** Environment in which the package system knows the pieces. */
	env?: Record<string, string>;
}

/**
 * A place that parts of a toolchain come from. A new one is one new file and one entry in `index.ts`. It brings files;
 * what is done with them (relocation, tests, the manifest) is the same for all.
 */
export interface ToolchainProvider {
	readonly name: string;
	/** Programs that must be on PATH. */
	readonly programs: readonly string[];
	/** The nearest that it has for `wanted`, with everything that this needs; null when it has none. */
	offer(wanted: Wanted, context: PackageContext): Promise<Offer | null>;
	/**
	 * Downloads the pieces into `downloads` (what is there and whole is not fetched again) and unpacks them below the new
	 * folder `root`. Throws KprepError "wrong-checksum" for a piece that is not the one of the lists.
	 */
	bring(offer: Offer, folders: { downloads: string; root: string }, context: PackageContext): Promise<void>;
}
