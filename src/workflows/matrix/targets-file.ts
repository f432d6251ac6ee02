import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { type ProjectTarget, parseTargets, TARGETS_FILE } from "../../kernel/project/targets.ts";

export interface Project {
	/** Path of the targets file. */
	file: string;
	/** Its targets, paths made absolute, and as they are written. */
	targets: ProjectTarget[];
	written: ProjectTarget[];
}

/**
 * The targets of a project: the file that is `named`, else the one found upwards from `folder`. Throws KprepError "missing"
 * without one, and what parseTargets throws.
 */
export function readProject(folder: string, named?: string): Project {
	const file = named === undefined ? findUpwards(resolve(folder)) : resolve(named);
	if (file === null || !existsSync(file))
		throw new KprepError(
			"missing",
			"no-targets-file",
			`there is no ${file ?? TARGETS_FILE} to name the targets`,
			{
				expected: `${TARGETS_FILE} in the module's folder or above it, a section a target`,
				where: resolve(folder),
				suggestions: [
					`printf '[current]\\ntarget = %s\\n' "$(uname -r)" >${TARGETS_FILE}`,
					"the same command with --targets FILE",
				],
			},
		);
	const top = dirname(file);
	const written = parseTargets(readFileSync(file, "utf8"), file);
	return { file, written, targets: written.map((one) => placed(one, top)) };
}

function findUpwards(folder: string): string | null {
	for (let at = folder; ; at = dirname(at)) {
		const file = join(at, TARGETS_FILE);
		if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
		if (dirname(at) === at) return null;
	}
}

/** Paths are relative to the file; a target or source is a path when something is there, or when it is written as one. */
function placed(one: ProjectTarget, top: string): ProjectTarget {
	const path = (value: string) => resolve(top, value);
	const maybe = (value: string) => {
		if (isAbsolute(value) || /^[a-z][a-z0-9+]*:/.test(value)) return value;
		return value.includes("/") || existsSync(path(value)) ? path(value) : value;
	};
	return {
		...one,
		...(one.sysroot === undefined ? {} : { sysroot: path(one.sysroot) }),
		...(one.config === undefined ? {} : { config: path(one.config) }),
		...(one.target === undefined ? {} : { target: maybe(one.target) }),
		...(one.source === undefined ? {} : { source: maybe(one.source) }),
	};
}
