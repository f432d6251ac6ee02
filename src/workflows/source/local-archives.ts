import { basename } from "node:path";
import { Root } from "../../host/files/root.ts";
import { installedVersion } from "../../host/packages/apt-origin.ts";
import { stringOf } from "../../kernel/config/config.ts";
import { composeRelease } from "../../kernel/release/release.ts";
import {
	judgeTree,
	partsOfVersion,
	RULES_NOW,
	versionOfPackage,
} from "../../kernel/source/source-candidate.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";

/**
 * Tarballs of linux-source packages (Debian, Ubuntu) in the context's folders, /usr/src among them, and in /usr/src of
 * the target's root, also one folder deeper. The installed package's version tells the one inside; without it a
 * series ("6.1") is all that the name says.
 */
export function localArchives(wanted: Wanted, { folders }: SourceContext): Found[] {
	const here = new Root();
	const places = folders.map((folder) => ({ root: here, folder }));
	if (!wanted.root.isHost) places.push({ root: wanted.root, folder: "/usr/src" });
	return places.flatMap(({ root, folder }) =>
		[folder, ...pathsIn(folder, root)]
			.flatMap((place) => pathsIn(place, root))
			.flatMap((path) => archiveAt(path, root, wanted)),
	);
}

function pathsIn(folder: string, root: Root): string[] {
	try {
		return root.list(folder).map((name) => `${folder}/${name}`);
	} catch {
		// A folder of somebody else's.
		return [];
	}
}

const ARCHIVE = /^(linux-source-\d+\.\d+[\w.]*?)\.tar\.(?:xz|bz2|gz|zst)$/;

function archiveAt(path: string, root: Root, wanted: Wanted): Found[] {
	const name = ARCHIVE.exec(basename(path))?.[1];
	const archive = root.real(path);
	if (name === undefined || archive === null) return [];
	const held = path.startsWith("/usr/src/") ? installedVersion(root, name) : null;
	const exact = held !== null && held === wanted.origin?.sourceVersion;
	const version = held === null ? null : (versionOfPackage(held, "deb") ?? (exact ? wanted.version : null));
	const local = wanted.config === null ? "" : (stringOf(wanted.config, "LOCALVERSION") ?? "");
	const parts = partsOfVersion(version ?? name.slice("linux-source-".length), "", local);
	const { verdict, why } = judgeTree(wanted, parts, RULES_NOW);
	const untold = version === null && verdict !== "wrong-series";
	return [
		{
			candidate: {
				...{ kind: "package", where: archive, version },
				release: version === null ? null : composeRelease(parts, RULES_NOW),
				verdict: untold ? "wrong-sublevel" : verdict,
				why: `installed tarball${held === null ? "" : ` of ${name} ${held}`}${exact ? ", the very version that the target was built from" : ""}; ${untold ? "nothing tells the sublevel inside" : why}`,
			},
			rank: exact ? RANK.exact : RANK.package,
			way: { by: "archive", archive, patches: patchesBeside(path, root, wanted) },
		},
	];
}

/** Debian builds its RT flavours with a patch that lies beside the tarball: linux-patch-6.1-rt.patch.xz. */
function patchesBeside(path: string, root: Root, { release }: Wanted): string[] {
	if (!/-rt-[a-z0-9]+$/.test(release)) return [];
	const folder = path.slice(0, path.lastIndexOf("/"));
	const series = /linux-source-(\d+\.\d+)/.exec(path)?.[1] ?? "";
	return root
		.list(folder)
		.filter((name) => name.startsWith(`linux-patch-${series}`) && /-rt\.patch\.(?:xz|gz)$/.test(name))
		.flatMap((name) => root.real(`${folder}/${name}`) ?? []);
}
