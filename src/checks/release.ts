import { join } from "node:path";
import { isOn, stringOf } from "../kernel/config.ts";
import { composeRelease } from "../kernel/release.ts";
import { versionCode } from "../kernel/version-header.ts";
import { releaseParts } from "../tree/plan/release.ts";
import type { Tree } from "../tree/tree.ts";
import type { Check } from "./check.ts";
import { compare, sourcesOf } from "./compare.ts";

/** UTS_RELEASE of the prepared tree against the target's release. */
export const release: Check = {
	id: "release",
	run: ({ tree, target, syncCommand }) =>
		compare({
			id: "release",
			expected: target.release?.value ?? null,
			actual: tree.prepared?.release ?? null,
			evidence: [...sourcesOf(target.release), inTree(tree, "include/generated/utsrelease.h")],
			remedy: syncCommand,
		}),
};

/** LINUX_VERSION_CODE, as V.P.S: drivers compile different code by it. */
export const versionCodeCheck: Check = {
	id: "version-code",
	run({ tree, target, syncCommand }) {
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
			evidence: [...sourcesOf(target.version), inTree(tree, "include/generated/uapi/linux/version.h")],
			remedy: code === null ? syncCommand : "kprep source list finds the source of that version",
		});
	},
};

/** The V.P.S of the tree's Makefile against the target's. */
export const makefile: Check = {
	id: "makefile",
	run: ({ tree, target }) =>
		compare({
			id: "makefile",
			expected: target.version === null ? null : full(target.version.value),
			actual: full(tree.base),
			evidence: [...sourcesOf(target.version), { kind: "tree", path: join(tree.path, "Makefile") }],
			remedy: "kprep source list finds the source of that version",
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
			remedy: syncCommand,
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

function full(version: string): string {
	return [...version.split("."), "0"].slice(0, 3).join(".");
}

function inTree(tree: Tree, path: string): { kind: string; path: string } {
	return { kind: "tree", path: join(tree.output, path) };
}
