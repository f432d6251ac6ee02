import { join } from "node:path";
import { isOn, stringOf } from "../kernel/config/config.ts";
import { composeRelease } from "../kernel/release/release.ts";
import { versionCode } from "../kernel/release/version-header.ts";
import { releaseParts } from "../tree/plan/release.ts";
import type { Tree } from "../tree/tree.ts";
import type { Advice, Check, CheckContext } from "./check.ts";
import { compare, sourcesOf, unpreparedOf } from "./compare.ts";

const UTSRELEASE = "include/generated/utsrelease.h";
const VERSION_H = "include/generated/uapi/linux/version.h";

/** UTS_RELEASE of the prepared tree against the target's release. */
export const release: Check = {
	id: "release",
	run: ({ tree, target, syncCommand }) =>
		compare({
			id: "release",
			expected: target.release?.value ?? null,
			actual: tree.prepared?.release ?? null,
			evidence: [...sourcesOf(target.release), inTree(tree, UTSRELEASE)],
			differs: otherRelease(tree.prepared?.release ?? null, target, syncCommand),
			absent: unpreparedOf(UTSRELEASE, syncCommand),
			fact: "its release",
		}),
};

/** LINUX_VERSION_CODE, as V.P.S: drivers compile different code by it. */
export const versionCodeCheck: Check = {
	id: "version-code",
	run({ tree, target, syncCommand, sourceCommand }) {
		const expected = target.version?.value ?? null;
		const code = tree.prepared?.versionCode ?? null;
		const actual = code === null ? null : `${code} (${tree.prepared?.version})`;
		const wanted =
			expected === null ? null : versionCode(expected, code === null || code === versionCode(expected, true));
		return compare({
			id: "version-code",
			expected:
				wanted === null
					? null
					: wanted === code
						? `${code} (${tree.prepared?.version})`
						: `${wanted} (${expected})`,
			actual,
			evidence: [...sourcesOf(target.version), inTree(tree, VERSION_H)],
			differs: otherSource(tree, expected, sourceCommand),
			absent: unpreparedOf(VERSION_H, syncCommand),
			fact: "the version behind its LINUX_VERSION_CODE",
		});
	},
};

/** The V.P.S of the tree's Makefile against the target's. */
export const makefile: Check = {
	id: "makefile",
	run: ({ tree, target, sourceCommand }) =>
		compare({
			id: "makefile",
			expected: target.version === null ? null : full(target.version.value),
			actual: full(tree.base),
			evidence: [...sourcesOf(target.version), { kind: "tree", path: join(tree.path, "Makefile") }],
			differs: otherSource(tree, target.version?.value ?? null, sourceCommand),
			fact: "the version of its source",
		}),
};

/** What a bare `make kernelrelease` would print, computed: reading a tree runs none of its code. */
export const kernelrelease: Check = {
	id: "kernelrelease",
	run: ({ tree, target, syncCommand }) =>
		compare({
			id: "kernelrelease",
			expected: target.release?.value ?? null,
			actual: predictKernelrelease(tree),
			evidence: [...sourcesOf(target.release), { kind: "tree", path: join(tree.path, "Makefile") }],
			differs: otherRelease(predictKernelrelease(tree), target, syncCommand),
			absent: unpreparedOf(".config", syncCommand),
			fact: "its release",
		}),
};

/** What `make -s kernelrelease` in objtree prints; null when there is no configuration yet. */
export function predictKernelrelease(tree: Tree): string | null {
	if (tree.settings?.release) return tree.settings.release;
	if (tree.config === null) return null;
	const { symbols } = tree.config;
	const parts = releaseParts(tree, {
		extraversion: tree.block.extraversion,
		configLocalversion: stringOf(symbols, "LOCALVERSION") ?? "",
		auto: isOn(symbols, "LOCALVERSION_AUTO"),
		localversion: tree.settings?.quietScm ? "" : (process.env.LOCALVERSION ?? null),
	});
	return composeRelease(parts, tree.rules);
}

/** The same two names that a loader would compare, if it looked at nothing else. */
function otherRelease(
	ours: string | null,
	{ release: theirs }: CheckContext["target"],
	syncCommand: string,
): Advice {
	return { about: { ours: ours ?? "", theirs: theirs?.value ?? "" }, commands: [syncCommand] };
}

/** Nothing makes a tree of one version into one of another. */
function otherSource(tree: Tree, wanted: string | null, sourceCommand: string): Advice {
	const facts = { release_module: tree.base, ...(wanted === null ? {} : { release_kernel: wanted }) };
	return { about: "vermagic-release", facts, commands: [sourceCommand] };
}

function full(version: string): string {
	return [...version.split("."), "0"].slice(0, 3).join(".");
}

function inTree(tree: Tree, path: string): { kind: string; path: string } {
	return { kind: "tree", path: join(tree.output, path) };
}
