import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuiltinParameter } from "../../formats/image/parameters.ts";
import { parseBuiltinModinfo } from "../../formats/module/modinfo.ts";
import { readRegular } from "../../host/files/regular.ts";
import { identifier } from "../../kernel/module-name.ts";
import type { Target } from "../target.ts";
import { moduleName } from "./loader-exports.ts";

/** Far beyond what a kernel has. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Names that parts of the image itself have in /sys/module, so that no module may have them. The running kernel shows
 * them. Of another, `parameters` of its image tell (kernel/params.c: param_sysfs_builtin() makes a folder for those whose
 * mode is not 0), or modules.builtin.modinfo, which has no modes: what has parameters is there as a rule. What has a version is there
 * too (version_sysfs_builtin()). Drivers that are merely built in have a folder from 6.15 on
 * (lookup_or_create_module_kobject()): possibly, as not all are drivers. null: nothing is known of it.
 */
export function builtinNames(
	{ modules, release, version }: Pick<Target, "modules" | "release" | "version">,
	parameters: readonly BuiltinParameter[] | null,
): Map<string, "certain" | "possible"> | null {
	if (release?.source.kind === "proc") return shown("/sys/module");
	const folder = modules === null ? null : modulesTop(modules.value);
	const text = folder === null ? null : contentOf(join(folder, "modules.builtin.modinfo"));
	if (text === null && parameters === null) return null;
	const names = new Map<string, "certain" | "possible">();
	const [, major, minor] = /^(\d+)\.(\d+)/.exec(version?.value ?? "") ?? [];
	if (folder !== null && (Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 15))) {
		const list = contentOf(join(folder, "modules.builtin"))?.toString("latin1").split("\n") ?? [];
		for (const path of list.filter(Boolean)) names.set(moduleName(path), "possible");
	}
	for (const [name, tags] of text === null ? [] : parseBuiltinModinfo(text)) {
		const certain = tags.has("version") || (parameters === null && tags.has("parmtype"));
		if (certain) names.set(identifier(name), "certain");
	}
	for (const { name, mode } of parameters ?? [])
		if (mode !== 0)
			names.set(identifier(name.includes(".") ? name.slice(0, name.indexOf(".")) : "kernel"), "certain");
	return names;
}

/** Loadable modules have a state there, what is built in has none (kernel/module/sysfs.c). */
function shown(folder: string): Map<string, "certain" | "possible"> | null {
	try {
		const names = readdirSync(folder).filter((name) => !existsSync(join(folder, name, "initstate")));
		return new Map(names.map((name) => [name, "certain"]));
	} catch {
		return null;
	}
}

/** The folder of the release: facts name that of its modules, which may lie one deeper. */
function modulesTop(folder: string): string | null {
	return [folder, dirname(folder)].find((one) => existsSync(join(one, "modules.builtin.modinfo"))) ?? null;
}

function contentOf(path: string): Buffer | null {
	try {
		return readRegular(path, { limit: LARGEST });
	} catch {
		return null;
	}
}
