import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { sha256OfFile } from "../../host/files/digest.ts";
import { cacheFolder, NO_SPACE, noCacheSpace } from "../../host/machine/cache.ts";
import { aptNames, aptVersions, debArchitecture, unpackDeb } from "../../host/packages/apt.ts";
import { hasLists, privateApt } from "../../host/packages/apt-private.ts";
import { otherSuites } from "../../host/packages/apt-suites.ts";
import type { PackageContext, PackageVersion } from "../../host/packages/package-source.ts";
import { attempt } from "../../host/process/run.ts";
import { tripletOf } from "../../kernel/arch.ts";
import { sizeText } from "../../size.ts";
import { thisArch } from "../choose.ts";
import { hostLibraryServes } from "../keep/c-library.ts";
import { fitsVersion } from "../keep/kept.ts";
import { nearer } from "../nearness.ts";
import type { Wanted } from "../wanted.ts";
import { aptClosure, environment, STRICT } from "./apt-closure.ts";
import { aptNamesOf, C_LIBRARY, companionsOf, omitted, unneeded } from "./apt-packages.ts";
import type { Nearness, Offer, Piece, ToolchainProvider } from "./provider.ts";

/** Debian and Ubuntu: every suite that the machine's own mirrors have, its own first, until one has the very package. */
export const apt: ToolchainProvider = {
	name: "apt",
	programs: ["apt-get", "apt-cache", "dpkg-deb"],

	async offer(wanted, context) {
		let best: Found | null = null;
		const suites = suitesFor(wanted);
		for (const suite of suites) {
			const found = await lookIn(suite, wanted, context);
			if (found !== null && (best === null || RANK[found.nearness] < RANK[best.nearness])) best = found;
			if (best !== null && RANK[best.nearness] <= enough(wanted)) break;
			// Neither the machine's own nor any other so far: the mirrors do not answer.
			if (!suites.slice(0, suites.indexOf(suite) + 1).some((it) => hasLists(listsOf(it)))) throw noLists();
		}
		return best === null ? null : offerOf(best, wanted);
	},

	async bring({ pieces, env }, { downloads, root }, context) {
		const apt: PackageContext = { ...context, env: { ...context.env, ...env } };
		mkdirSync(downloads, { recursive: true });
		await fetchPieces(pieces, downloads, apt);
		context.progress.step("unpack", `${pieces.length} packages`);
		mkdirSync(root, { recursive: true });
		const libc = pieces.find(({ name }) => name === "libc6");
		const spared = libc !== undefined && hostLibraryServes(libc.version);
		for (const { name, file } of pieces) {
			context.signal?.throwIfAborted();
			if (spared && C_LIBRARY.test(name)) continue;
			context.progress.note(name);
			await unpackDeb(join(downloads, file), root, apt);
		}
	},
};

const RANK: Readonly<Record<Nearness, number>> = { "same package": 0, "same version": 1, "same major": 2 };

/** With the package's version known only that ends the search; a version of pahole is as good as its package. */
function enough({ packageVersion, version, major }: Wanted): number {
	return packageVersion !== null ? 0 : version !== null || major !== null ? 1 : 2;
}

interface Found {
	suite: string;
	package: PackageVersion;
	nearness: Nearness;
	context: PackageContext;
}

/** "" stands for the machine's own. What is newer than everything here is looked for from the newest on. */
function suitesFor({ part, packageVersion }: Wanted): string[] {
	const others = otherSuites();
	// "12.2.0-14+deb12u1" names its release; all others are looked through from the newest on.
	const numbered = /[+~]deb(\d+)u/.exec(packageVersion ?? "")?.[1];
	const newest = [...others].reverse();
	return ["", ...(part === "gcc" && numbered !== undefined ? others : newest)];
}

async function lookIn(suite: string, wanted: Wanted, context: PackageContext): Promise<Found | null> {
	const own = tripletOf(thisArch()) ?? "";
	const names = aptNamesOf(wanted, own);
	if (names === null) return null;
	const folder = listsOf(suite);
	const lists = { folder, own: suite === "", suites: suite === "" ? [] : [suite] };
	const apt = await privateApt(lists, context);
	const architecture = await debArchitecture(apt);
	const there = names.names ?? (await aptNames(names.pattern, apt, names.prefix));
	const versions = (await aptVersions(there, apt)).filter(
		({ arch }) => arch === architecture || arch === "all",
	);
	const fitting = versions
		.map((it) => ({ it, nearness: nearnessOf(wanted, it.version) }))
		.filter((one): one is { it: PackageVersion; nearness: Nearness } => one.nearness !== null)
		.sort(
			(a, b) =>
				RANK[a.nearness] - RANK[b.nearness] ||
				nearer(wanted.version, upstream(a.it.version), upstream(b.it.version)),
		);
	const [first] = fitting;
	return first === undefined
		? null
		: { suite: first.it.repository, package: first.it, nearness: first.nearness, context: apt };
}

function listsOf(suite: string): string {
	return join(cacheFolder(), "apt", suite === "" ? "own" : suite);
}

function noLists(): KprepError {
	return new KprepError("missing", "no-package-lists", "no package list could be fetched", {
		expected: "the mirrors of /etc/apt/sources.list to answer",
		suggestions: [
			"look at the network, and at what apt-get update says",
			"--toolchain host goes on with this machine's",
		],
	});
}

/** How near a package's version is to what is wanted; null: another one. */
export function nearnessOf(wanted: Wanted, version: string): Nearness | null {
	if (wanted.packageVersion !== null && plain(version) === plain(wanted.packageVersion))
		return "same package";
	const found = upstream(version);
	if (!fitsVersion(wanted, found)) return null;
	return wanted.version !== null && sameStart(found, wanted.version) ? "same version" : "same major";
}

/** Without epoch, rebuild ("+b1") and the mark of a cross compiler's package ("cross1"). */
function plain(version: string): string {
	return version
		.replace(/^\d+:/, "")
		.replace(/\+b\d+$/, "")
		.replace(/cross\d+$/, "");
}

/** "1:19.1.7-3~deb12u1" → "19.1.7", "1.97.1+dfsg1-1" → "1.97.1". */
export function upstream(version: string): string {
	return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? version;
}

function sameStart(one: string, other: string): boolean {
	return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

async function offerOf({ suite, package: found, nearness, context }: Found, wanted: Wanted): Promise<Offer> {
	const own = tripletOf(thisArch()) ?? "";
	const { name, version } = found;
	const names = [`${name}=`, ...companionsOf(wanted, name, own)].map((it) =>
		it.endsWith("=") ? `${it}${version}` : it,
	);
	const { pieces, unpacked } = await aptClosure(names, unneeded(wanted), context);
	const taken = pieces.filter((piece) => !omitted(wanted).test(piece.name));
	return {
		...{
			provider: "apt",
			wanted,
			version: upstream(version),
			packageVersion: version,
			nearness,
			from: suite,
		},
		...{
			pieces: taken,
			size: taken.reduce((sum, { size }) => sum + size, 0),
			unpacked,
			env: context.env ?? {},
		},
	};
}

/** What is there with the right digest stays; all else is downloaded in one go and looked at before it gets its name. */
async function fetchPieces(pieces: Piece[], downloads: string, context: PackageContext): Promise<void> {
	const lacking: Piece[] = [];
	for (const piece of pieces) {
		const path = join(downloads, piece.file);
		if (existsSync(path) && (await sha256OfFile(path)) === piece.sha256) continue;
		rmSync(path, { force: true });
		lacking.push(piece);
	}
	if (lacking.length === 0) return;
	const total = lacking.reduce((sum, { size }) => sum + size, 0);
	context.progress.step("download", `${lacking.length} packages, ${sizeText(total)}`);
	const partial = join(downloads, "partial");
	rmSync(partial, { recursive: true, force: true });
	mkdirSync(partial, { recursive: true });
	let done = 0;
	const names = lacking.map(({ name, version }) => `${name}=${version}`);
	const result = await attempt(
		["apt-get", "-q", ...STRICT, "-o", "APT::Sandbox::User=root", "download", ...names],
		{
			...{ env: environment(context), progress: context.progress, signal: context.signal, cwd: partial },
			timeout: DOWNLOAD_MINUTES * 60_000,
			onLine(line) {
				if (!line.startsWith("Get:")) return;
				done++;
				context.progress.note(`${done} of ${lacking.length}`);
			},
		},
	);
	for (const piece of lacking) await accept(piece, partial, downloads);
	rmSync(partial, { recursive: true, force: true });
	context.signal?.throwIfAborted();
	const missing = lacking.filter(({ file }) => !existsSync(join(downloads, file)));
	if (missing.length > 0) throw notArrived(missing, result.stderr, downloads);
}

const DOWNLOAD_MINUTES = 60;

/** apt's name of a file may spell the colon of an epoch otherwise: the digest tells which it is. */
async function accept(piece: Piece, partial: string, downloads: string): Promise<void> {
	const file = readdirSync(partial).find((it) => decodeURIComponent(it) === decodeURIComponent(piece.file));
	if (file === undefined) return;
	const path = join(partial, file);
	if ((await sha256OfFile(path)) === piece.sha256) renameSync(path, join(downloads, piece.file));
	else rmSync(path);
}

/** apt's words for a mirror that does not answer (apt-pkg/methods: connect.cc, http.cc). */
const UNREACHABLE =
	/Temporary failure resolving|Could not resolve|(?:Could not|Unable to|Cannot initiate the) connect|Connection (?:failed|timed out|refused)|Network is unreachable/i;

function notArrived(missing: Piece[], stderr: string, folder: string): KprepError {
	const words = stderr.split("\n").filter((line) => /^(?:E|Err|W):/.test(line));
	const wrong = /hash sum mismatch|size mismatch|unexpected size/i.test(stderr);
	const found = words.length === 0 ? {} : { found: words.slice(0, 3).join("; ") };
	if (NO_SPACE.test(stderr)) return noCacheSpace(folder, found);
	if (!wrong && UNREACHABLE.test(stderr))
		return new KprepError(
			"missing",
			"download-failed",
			"the mirror of this machine's packages cannot be reached",
			{
				expected: `${missing.length} packages (${missing[0]?.file}, ...) from the mirrors of /etc/apt/sources.list`,
				...found,
				suggestions: [
					"look at the network (and at the proxy in apt's settings); then the same command again: what arrived is kept",
					"--toolchain host goes on with this machine's",
				],
			},
		);
	return new KprepError(
		"missing",
		wrong ? "wrong-checksum" : "download-failed",
		`${missing.length} of the packages did not arrive whole`,
		{
			expected: missing
				.slice(0, 3)
				.map(({ file, sha256 }) => `${file} with sha256 ${sha256}`)
				.join(", "),
			...found,
			suggestions: ["run the same command again: what has arrived whole is kept"],
		},
	);
}
