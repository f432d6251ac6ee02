import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { isOn, parseConfig, stringOf } from "../../kernel/config/config.ts";
import {
	composeGnumakefile,
	isSettingFolder,
	isSettingValue,
	type MakeSettings,
} from "../../kernel/kbuild/settings.ts";
import { isRelease, planRelease, type ReleaseParts, type ReleasePlan } from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Tree } from "../tree.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** The strategy for the release. With -O the source tree's Makefile must stay, so the release is pinned in objtree. */
export function decideRelease({ tree, facts }: Omit<PlanContext, "release">): ReleasePlan {
	if (!isRelease(facts.release)) {
		throw new KprepError("missing", "bad-release", "the target's release cannot be given to kbuild", {
			expected: "at most 64 letters, digits and . _ + ~ : @ , % -",
			found: facts.release,
		});
	}
	if (tree.output !== tree.path)
		return { strategy: "pin", reason: "with -O the source tree stays untouched" };
	const config = parseConfig(facts.config.text);
	const parts = releaseParts(tree, {
		configLocalversion: stringOf(config, "LOCALVERSION") ?? "",
		auto: isOn(config, "LOCALVERSION_AUTO"),
		extraversion: "",
		localversion: null,
	});
	return planRelease(facts.release, parts, tree.rules);
}

/** The tree's part of what makes a release, with what a configuration adds. */
export function releaseParts(
	tree: Tree,
	rest: Pick<ReleaseParts, "configLocalversion" | "auto" | "extraversion" | "localversion">,
): ReleaseParts {
	return {
		base: tree.base,
		localversionFiles: tree.localversions.map(({ text }) => text).join(""),
		scm: tree.git,
		...rest,
	};
}

/** The GNUmakefile in objtree that carries the pin, the compiler and the architecture to every make; null when none is needed. */
export function planSettings(context: PlanContext): WriteAction | null {
	const { tree, facts, release, options } = context;
	const settings: MakeSettings = {
		release: release.strategy === "pin" ? facts.release : null,
		// On a clean tag as well: an edited Makefile makes it dirty, and the next commit leaves it.
		quietScm: tree.git !== null && tree.rules.plus,
		variables: options.variables,
		environment: options.environment,
		path: options.path,
	};
	const path = join(tree.output, "GNUmakefile");
	requireKeepable(settings);
	const needed =
		settings.release !== null ||
		settings.quietScm ||
		[settings.variables, settings.environment ?? {}, settings.path ?? []].some(
			(it) => Object.keys(it).length > 0,
		);
	if (!needed && tree.settings === null) return null;
	if (tree.foreignGnumakefile) {
		throw new KprepError(
			"busy",
			"foreign-gnumakefile",
			"a GNUmakefile that kprep did not write is in the way",
			{
				where: path,
				suggestions: [`rename it: mv ${quoted(path)} ${quoted(`${path}.old`)}`],
			},
		);
	}
	const what = [
		settings.release === null ? "" : `pin the release to ${settings.release}`,
		settings.quietScm ? "keep git's '+' away" : "",
		...Object.entries({ ...settings.variables, ...settings.environment }).map(
			([name, value]) => `${name}=${value}`,
		),
		...(settings.path ?? []).map((folder) => `${folder} first on PATH`),
	].filter(Boolean);
	return write(context, path, composeGnumakefile(settings), {
		id: settings.release === null ? "make-settings" : "pin",
		summary: what.join(", "),
		reason: settings.release === null ? "so that a bare make does the same" : release.reason,
	});
}

/** Throws KprepError "usage" for a value that a makefile cannot carry to later makes. */
function requireKeepable({ variables, environment, path }: MakeSettings): void {
	const values = Object.entries({ ...variables, ...environment }).filter(
		([, value]) => value !== "" && !isSettingValue(value),
	);
	const folders = (path ?? []).filter((folder) => !isSettingFolder(folder));
	const [name, value] = values[0] ?? ["PATH", folders[0]];
	if (value === undefined) return;
	throw new KprepError("usage", "bad-value", `${name} cannot be kept for later makes`, {
		expected:
			name === "PATH" ? "a folder without spaces and colons" : "plain words with single spaces between them",
		found: value,
	});
}
