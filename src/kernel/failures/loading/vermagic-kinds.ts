import { parseRelease } from "../../release/release.ts";
import { compareVermagic, parseVermagic } from "../../vermagic/vermagic.ts";

/** The diagnoses that two strings can lead to. */
export type Kind = "vermagic-release" | "vermagic-localversion" | "vermagic-flags" | "vermagic-randstruct";

/** The diagnoses of one pair of strings, the certain one first (same_magic skips the release when both carry modversions). */
export function vermagicKinds(ours: string, theirs: string): Kind[] {
	const difference = compareVermagic(ours, theirs);
	if (difference === null) return [];
	const { release, randstruct } = difference;
	const words = wordsOf(ours, theirs);
	const differ = words.missing.length + words.extra.length > 0 || difference.spacing;
	const ofWords: Kind[] = randstruct !== null ? ["vermagic-randstruct"] : differ ? ["vermagic-flags"] : [];
	const ofRelease: Kind[] =
		release === null
			? []
			: [sameVersion(release.module, release.kernel) ? "vermagic-localversion" : "vermagic-release"];
	const skips = [ours, theirs].every((text) => parseVermagic(text).flags.includes("modversions"));
	return skips && ofWords.length > 0 ? [...ofWords, ...ofRelease] : [...ofRelease, ...ofWords];
}

/** Words behind the release that only one side has; a RANDSTRUCT word only when the other side has none at all. */
export function wordsOf(ours: string, theirs: string): { missing: string[]; extra: string[] } {
	const [module, kernel] = [ours, theirs].map((text) => {
		const { flags, arch, gcc, randstruct } = parseVermagic(text);
		return { words: [...flags, ...arch, ...(gcc === null ? [] : [`gcc-${gcc}`])], randstruct };
	}) as [{ words: string[]; randstruct: string | null }, { words: string[]; randstruct: string | null }];
	return {
		missing: kernel.words.filter((word) => !module.words.includes(word)),
		extra: module.words.filter((word) => !kernel.words.includes(word)),
	};
}

/**
 * True when two releases have one version and only the local part differs: one is the other with a tail or without one,
 * or a commit, -dirty, + or a self-chosen name differs. Differing build numbers of a distribution are another release.
 */
function sameVersion(a: string, b: string): boolean {
	const [first, second] = [parseRelease(a), parseRelease(b)];
	if (first === null || second === null) return a.startsWith(b) || b.startsWith(a);
	if (first.base !== second.base) return false;
	const [x, y] = [first.tail, second.tail];
	if (x.startsWith(y) || y.startsWith(x) || x.endsWith(y) || y.endsWith(x)) return true;
	const [plainX, plainY] = [withoutScm(x), withoutScm(y)];
	if (plainX === plainY || plainX.startsWith(plainY) || plainY.startsWith(plainX)) return true;
	const [abiX, abiY] = [plainX, plainY].map((tail) => /^[-.~]?(?:rc)?\d[\d.]*/.exec(tail)?.[0] ?? "");
	return abiX === "" && abiY === "";
}

/** A local part without what git adds: -00012-gabcdef, -gabcdef, -dirty, +. */
function withoutScm(tail: string): string {
	return tail
		.replace(/(?:-\d{5})?[-+]g[0-9a-f]{6,40}/, "")
		.replace(/-dirty/, "")
		.replace(/\++$/, "");
}
