import type { CheckContext } from "../../../src/checks/check.ts";
import { parseConfig } from "../../../src/kernel/config/config.ts";
import type { Fact, FileFact, Target } from "../../../src/target/target.ts";
import { driftOf } from "../../../src/tree/drift.ts";
import { readTree } from "../../../src/tree/read.ts";
import { addFiles, type Files, fakeRoot, headersFolder, resolveIn } from "../target/fake-root.ts";
import { fakeTree } from "../tree/fake-tree.ts";

export const RELEASE = "6.1.0-1-test";
const VERSION = "6.1.192";

/** A target of which its headers are here, with these facts instead of those that they tell. */
export async function fakeTarget(facts: Partial<Target> = {}, files: Files = {}): Promise<Target> {
	const build = `lib/modules/${RELEASE}/build`;
	const root = fakeRoot({ ...headersFolder(build, RELEASE, VERSION), ...files });
	return { ...(await resolveIn({ sysroot: root })), ...facts };
}

/** Everything unknown but the release: a kernel of which nothing is here. */
export function strangeTarget(known: Target): Target {
	const facts = Object.fromEntries(
		Object.entries(known).map(([name, value]) => [name, Array.isArray(value) ? [] : null]),
	) as unknown as Target;
	return { ...facts, release: known.release };
}

/** A tree of that version, with more files when given. */
export function treeFolder(version = VERSION, files: Files = {}): string {
	return fakeTree(version, files);
}

/** What a check gets for the tree in `folder`. */
export async function contextOf(folder: string, target: Target): Promise<CheckContext> {
	const text = target.config === null ? null : new TextDecoder().decode(await target.config.read());
	const tree = readTree(folder);
	const config = text === null ? null : parseConfig(text);
	return {
		...{ tree, target, targetConfig: config, proof: null },
		drift: () =>
			config === null || tree.config === null
				? []
				: driftOf({
						...{ srctree: tree.path, base: tree.base, arch: "x86", config: tree.config.symbols },
						target: { config, compiler: null, version: null },
					}),
		syncCommand: "kprep sync TREE",
		verifyCommand: "kprep verify TREE",
		sourceCommand: "kprep source list",
	};
}

export function fact(value: string): Fact {
	return { value, source: { kind: "flag", path: "test" } };
}

export function fileFact(text: string): FileFact {
	return { ...fact("/file"), read: async () => new TextEncoder().encode(text) };
}

/** Adds what preparing for `release` leaves in a tree. */
export function prepare(folder: string, release: string, version = VERSION, more: Files = {}): void {
	addFiles(folder, { ...headersFolder(".", release, version), ...more });
}
