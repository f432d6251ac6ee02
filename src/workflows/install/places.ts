import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { Root } from "../../host/files/root.ts";
import { isRelease } from "../../kernel/release/release.ts";

/**
 * The folder of a release's modules in a root, whether it is there or would be made; links of the root stay in it. Throws
 * KprepError `bad-release` for what names another place than a folder there.
 */
export function modulesOf(root: Root, release: string): string {
	requireRelease(release);
	const top = ["/lib/modules", "/usr/lib/modules"].find((it) => root.exists(it)) ?? "/lib/modules";
	return root.place(join(top, release));
}

/** Throws KprepError `bad-release` when a file of a target says that its release is what none can be, such as a path. */
export function requireRelease(release: string): void {
	if (isRelease(release)) return;
	throw new KprepError("missing", "bad-release", "the target's release is none that a folder is named by", {
		expected: "a digit first, then letters, digits and - + . _ ~ at most",
		found: release,
		suggestions: ["kprep target shows where it was read"],
	});
}

/** The folder `inner` below `folder`. Throws KprepError `link-outside` when a part of it is a link: nothing of kprep's is one. */
export function plainBelow(folder: string, inner: string): string {
	let at = folder;
	for (const part of inner.split("/")) {
		at = join(at, part);
		if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
		throw new KprepError("busy", "link-outside", `${at} is a link, and nothing is installed through one`, {
			expected: "a folder, or nothing",
			found: `a link to ${readlinkSync(at)}`,
			where: at,
		});
	}
	return at;
}
