import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { parseRelease } from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import { cacheFolder } from "../machine/cache.ts";
import { asRoot } from "../process/as-root.ts";
import { aptDownload, aptNames, aptVersions, unpackDeb } from "./apt.ts";
import { aptArchive, aptOrigin } from "./apt-origin.ts";
import { privateApt } from "./apt-private.ts";
import { debianSuites } from "./apt-suites.ts";
import type {
	FetchedTree,
	PackageContext,
	PackageSource,
	PackageVersion,
	TreeOffer,
	TreeWanted,
} from "./package-source.ts";

/** Debian and Ubuntu: linux-source-* packages (a tarball of the patched source) and linux-headers-*. */
export const aptSource: PackageSource = {
	name: "apt",
	programs: ["apt-get", "apt-cache", "dpkg-deb"],
	origin: (root, release) => aptOrigin(root, release),

	async offers(wanted, context) {
		const own = await offersOf(wanted, context);
		const here = own.some((one) => isWanted(one, wanted));
		if (here || (wanted.origin === null && !DEBIAN_RELEASE.test(wanted.release))) return own;
		return [...own, ...(await elsewhere(wanted, own, context))];
	},

	archive: aptArchive,

	async configs({ release, origin }, folder, context) {
		if (origin === null) return null;
		const series = parseRelease(release)?.series ?? "";
		const names = await aptNames(/linux-config-\d[\w.]*/, context, "linux-config-");
		const ofSeries = names.filter(
			(name) => parseRelease(name.slice("linux-config-".length))?.series === series,
		);
		const versions = await aptVersions(ofSeries, context);
		const exact = versions.find(({ version }) => withoutRebuild(version) === origin.sourceVersion);
		if (exact === undefined) return null;
		const [deb] = await aptDownload([exact], folder, context);
		await unpackDeb(deb as string, folder, context);
		return `${exact.name}=${exact.version}`;
	},

	async fetch(offer, folder, context) {
		if (offer.kind === "headers") throw installInstead(offer);
		const [deb] = await aptDownload([offer.package], folder, {
			...context,
			env: { ...context.env, ...offer.env },
		});
		const unpacked = join(folder, "package");
		context.progress.step("open the package", `${offer.package.name} ${offer.package.version}`);
		await unpackDeb(deb as string, unpacked, context);
		return inPackage(join(unpacked, "usr/src"), offer);
	},
};

async function offersOf(wanted: TreeWanted, context: PackageContext): Promise<TreeOffer[]> {
	const series = parseRelease(wanted.release)?.series ?? "";
	const sources = await aptNames(/linux-source-\d[\w.]*/, context, "linux-source-");
	const ofSeries = sources.filter(
		(name) => parseRelease(name.slice("linux-source-".length))?.series === series,
	);
	const versions = await aptVersions([...ofSeries, `linux-headers-${wanted.release}`], context);
	return versions.map((version) => offer(version, wanted)).sort((a, b) => Number(b.exact) - Number(a.exact));
}

function offer(version: PackageVersion, { release, origin, version: wantedVersion }: TreeWanted): TreeOffer {
	const headers = version.name.startsWith("linux-headers-");
	const exact = origin !== null && withoutRebuild(version.version) === origin.sourceVersion;
	const install = headers ? "apt-get install" : "apt-get download";
	return {
		system: "apt",
		kind: headers ? "headers" : "archive",
		package: version,
		// The same source package has the same sublevel, also where its version does not say which.
		kernel: versionOfPackage(version.version, "deb") ?? (exact ? wantedVersion : null),
		exact,
		byHand: `${install} ${quoted(`${version.name}=${version.version}`)}`,
		// Debian builds its RT flavours with a patch that its source package carries beside the tarball.
		...(/-rt-[a-z0-9]+$/.test(release) && !headers ? { patch: "rt" } : {}),
	};
}

/** The exact version in suites that this machine does not use; needs the network, and says nothing when that fails. */
async function elsewhere(
	wanted: TreeWanted,
	own: TreeOffer[],
	context: PackageContext,
): Promise<TreeOffer[]> {
	const here = new Set(own.map((it) => it.package.version));
	try {
		const apt = await privateApt(
			{ folder: join(cacheFolder(), "apt-suites"), suites: debianSuites() },
			context,
		);
		const found = await offersOf(wanted, apt);
		return found
			.filter((one) => isWanted(one, wanted) && !here.has(one.package.version))
			.map((one) => ({ ...one, env: apt.env ?? {} }));
	} catch (error) {
		if (context.signal?.aborted) throw error;
		context.progress.verbose(`other suites cannot be asked: ${(error as Error).message}`);
		return [];
	}
}

/** A kernel that Debian built, by its name alone: "6.1.0-56-amd64", "6.12.117+deb12-cloud-amd64". */
const DEBIAN_RELEASE = /^\d+\.\d+(?:\.0-\d+|\.\d+\+deb\d+)-/;

/** The source that the target came from; where nothing tells it, any source of its V.P.S. */
function isWanted({ kind, exact, kernel }: TreeOffer, { origin, version }: TreeWanted): boolean {
	return kind === "archive" && (exact || (origin === null && kernel !== null && kernel === version));
}

/** A rebuild for one architecture ("+b1") has the source of the version without it. */
function withoutRebuild(version: string): string {
	return version.replace(/\+b\d+$/, "");
}

/** The tarball of a linux-source package (Ubuntu: one folder deeper), and the RT patch beside it for an RT kernel. */
function inPackage(folder: string, { package: { name, version }, patch }: TreeOffer): FetchedTree {
	const files = readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path)));
	const archive = files.find(
		(path) => /\/linux-source-[^/]*\.tar\.(?:xz|bz2|gz|zst)$/.test(path) && statSync(path).isFile(),
	);
	if (archive === undefined)
		throw new KprepError(
			"missing",
			"no-tree-inside",
			`${name} ${version} holds no archive of a kernel tree`,
			{
				expected: "usr/src/linux-source-*.tar.xz",
				where: folder,
			},
		);
	if (patch === undefined) return { form: "archive", archive, patches: [] };
	const patches = files.filter((path) =>
		new RegExp(`/linux-patch-.*-${patch}\\.patch\\.(?:xz|gz)$`).test(path),
	);
	if (patches.length === 0)
		throw new KprepError("missing", "no-patch-inside", `${name} ${version} has no ${patch} patch`, {
			expected: `usr/src/linux-patch-*-${patch}.patch.xz, for a kernel of the ${patch} set`,
			found: "the plain source only, with which no module loads on this kernel",
			suggestions: [`apt-get source ${quoted(`linux=${version}`)}   (needs deb-src in apt's sources)`],
		});
	return { form: "archive", archive, patches };
}

function installInstead({ package: { name }, byHand }: TreeOffer): KprepError {
	return new KprepError("usage", "installs-only", `${name} is split over folders with fixed names`, {
		expected: "a source package, which can be unpacked anywhere",
		suggestions: [asRoot(byHand.split(" ")).map(quoted).join(" "), "kprep source get package"],
	});
}
