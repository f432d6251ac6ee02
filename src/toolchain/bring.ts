import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, inCache, noCacheSpace } from "../host/machine/cache.ts";
import { timed } from "../host/machine/durations.ts";
import type { PackageContext } from "../host/packages/package-source.ts";
import { sizeText } from "../size.ts";
import { thisArch } from "./choose.ts";
import { keep } from "./keep/keep.ts";
import { type Kept, keepFolder } from "./keep/kept.ts";
import type { Manifest } from "./keep/manifest.ts";
import { relocate } from "./keep/relocate.ts";
import { selfTest } from "./keep/self-test.ts";
import { findTools } from "./keep/tools.ts";
import { TOOLCHAIN_PROVIDERS, usableProviders } from "./providers/index.ts";
import type { Nearness, Offer, ToolchainProvider } from "./providers/provider.ts";
import type { Wanted } from "./wanted.ts";

/**
 * The nearest offer of the providers that work here, asked one after the other until one has the target's version; null
 * when none has the part. One that cannot be asked is passed over as long as another answers: throws what the first said
 * when none did.
 */
export async function findOffer(
	wanted: Wanted,
	context: PackageContext,
	providers: readonly ToolchainProvider[] = usableProviders(),
): Promise<Offer | null> {
	let best: Offer | null = null;
	const failures: unknown[] = [];
	for (const provider of providers) {
		context.progress.step("look for", `${wanted.name} at ${provider.name}`);
		try {
			const offer = await provider.offer(wanted, context);
			if (offer !== null && (best === null || ORDER[offer.nearness] < ORDER[best.nearness])) best = offer;
		} catch (error) {
			context.signal?.throwIfAborted();
			context.progress.verbose(`${provider.name} cannot be asked: ${(error as Error).message}`);
			failures.push(error);
		}
		if (best !== null && best.nearness !== "same major") break;
	}
	if (best === null && failures.length > 0 && failures.length === providers.length) throw failures[0];
	return best;
}

const ORDER: Readonly<Record<Nearness, number>> = { "same package": 0, "same version": 1, "same major": 2 };

/** Name under which an offer is kept. */
export function keptName({ wanted, packageVersion }: Offer): string {
	const { part, triplet, plugins } = wanted;
	const version = packageVersion.replace(/^\d+:/, "").replace(/[^\w.+~-]/g, "_");
	const target = part === "gcc" || part === "clang" ? `_${triplet}` : "";
	return `${part}-${version}${target}${plugins ? "_plugins" : ""}`.replaceAll("~", "-");
}

/**
 * Downloads an offer, makes it run here, tries it, and keeps it under its name. Throws KprepError: what the provider
 * throws, "no-space" before anything is written, "toolchain-broken" when it does not work on this machine.
 */
export async function bring(
	offer: Offer,
	context: PackageContext,
	providers: readonly ToolchainProvider[] = TOOLCHAIN_PROVIDERS,
): Promise<Kept> {
	const { progress, signal } = context;
	const provider = providers.find(({ name }) => name === offer.provider);
	if (provider === undefined) throw new Error(`no provider ${offer.provider}`);
	requireSpace(offer);
	const name = keptName(offer);
	const downloads = join(cacheFolder(), "downloads", "toolchains");
	const made = () =>
		keep(
			name,
			async (folder) => {
				const root = join(folder, "root");
				await provider.bring(offer, { downloads, root }, context);
				signal?.throwIfAborted();
				progress.step("relocate", name);
				await relocate(root, () => signal?.throwIfAborted());
				const here = offer.wanted.arch === thisArch();
				const tools = findTools(folder, offer.wanted, !here);
				progress.step("self-test", name);
				const tested = await selfTest(folder, offer.wanted, tools, here);
				for (const { file } of offer.pieces) rmSync(join(downloads, file), { force: true });
				return manifestOf(offer, root, tools, tested);
			},
			{ progress, signal },
		);
	return timed(`toolchain ${offer.wanted.part}`, progress, () => inCache(made));
}

function manifestOf(
	{ wanted, version, packageVersion, nearness, from, provider, pieces }: Offer,
	root: string,
	{ tools, environment }: Pick<Manifest, "tools" | "environment">,
	{ tests, text }: Pick<Manifest, "tests" | "text">,
): Manifest {
	return {
		...{ format: 1, part: wanted.part, arch: wanted.arch, triplet: wanted.triplet, version, text },
		...{ plugins: wanted.plugins, tools, environment },
		from: `${provider}: ${from}, ${packageVersion} (${nearness})`,
		packages: pieces.map((piece) => ({
			...{ name: piece.name, version: piece.version, sha256: piece.sha256, size: piece.size },
			licences: licencesOf(root, piece.name),
		})),
		...{ tests, bytes: sizeOf(root), made: new Date().toISOString() },
	};
}

/** Short names in the package's copyright file (Debian policy, "Machine-readable copyright"). */
function licencesOf(root: string, name: string): string[] {
	const path = join(root, "usr/share/doc", name, "copyright");
	if (!existsSync(path)) return [];
	const text = readFileSync(path, "utf8");
	return [...new Set([...text.matchAll(/^License: *(\S.*)$/gm)].map(([, it = ""]) => it.trim()))].sort();
}

/** Bytes of the files below a folder, links not followed. */
export function sizeOf(folder: string): number {
	let bytes = 0;
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
		if (entry.isFile()) bytes += lstatSync(join(entry.parentPath, entry.name)).size;
	return bytes;
}

function requireSpace({ size, unpacked }: Offer): void {
	let folder = keepFolder();
	while (!existsSync(folder)) folder = dirname(folder);
	const { bavail, bsize } = statfsSync(folder);
	const [needed, free] = [size + unpacked, bavail * bsize];
	if (free > needed) return;
	throw noCacheSpace(folder, { expected: `${sizeText(needed)} free`, found: sizeText(free) });
}
