import { realpathSync, statSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import type { MatrixDocument } from "../../report/matrix/document.ts";

export type MatrixModule = MatrixDocument["modules"][number];

/** What WHAT names: folders of modules, which are built, and .ko files, which are checked. Throws "missing" for anything else. */
export function modulesNamed(what: readonly string[]): MatrixModule[] {
	const paths = what.map((given) => {
		const status = statSync(given, { throwIfNoEntry: false });
		const isKo = status?.isFile() === true && /\.ko(?:\.(?:xz|zst|gz))?$/.test(given);
		if (status?.isDirectory() || isKo)
			return { path: realpathSync(given), kind: isKo ? "ko" : "folder" } as const;
		throw new KprepError("missing", "no-module", `${given} is neither a module's folder nor a .ko file`, {
			where: resolve(given),
			...(status === undefined ? { found: "nothing" } : {}),
			suggestions: ["kprep matrix FOLDER-OF-THE-MODULE"],
		});
	});
	const unique = [...new Map(paths.map((one) => [one.path, one])).values()];
	const names = unique.map(({ path }) => basename(path));
	return unique.map((one, at) => {
		const name = names[at] as string;
		const alone = names.filter((other) => other === name).length === 1;
		return { name: alone ? name : relative(process.cwd(), one.path) || name, ...one };
	});
}
