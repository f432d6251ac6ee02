/**
 * Names of git tags that may stand for the source of a kernel, the most exact first: the release itself and what is
 * left of it without packaging numbers ("v6.9.1-arch1" for 6.9.1-arch1-1), the source package's version as Ubuntu,
 * Debian and Fedora tag it, and last the plain V.P.S of the stable trees.
 */
export function tagsFor(release: string, version: string | null, sourceVersion: string | null): string[] {
	const tags: string[] = [];
	const words = release.split("-");
	for (let count = words.length; count > 1; count--) tags.push(`v${words.slice(0, count).join("-")}`);
	if (sourceVersion !== null) {
		const plain = sourceVersion.replace(/^\d+:/, "");
		// git allows no tilde in a name: Debian's packagers write an underscore.
		tags.push(`Ubuntu-${plain}`, `debian/${plain.replaceAll("~", "_")}`, `kernel-${plain}`);
	}
	if (version !== null) tags.push(`v${version.replace(/^(\d+\.\d+)\.0$/, "$1")}`);
	return [...new Set(tags)].filter((tag) => /^[\w./+-]+$/.test(tag) && !tag.includes(".."));
}

/** The commit that CONFIG_LOCALVERSION_AUTO left in a release: "6.8.0-rc1-00123-gdeadbeef0123" → "deadbeef0123". */
export function commitIn(release: string): string | null {
	return /-g([0-9a-f]{7,40})(?=$|[-.+])/.exec(release)?.[1] ?? null;
}
