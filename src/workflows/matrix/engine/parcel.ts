import { basename, dirname, join, relative } from "node:path";
import { run } from "../../../host/process/run.ts";
import type { MatrixModule } from "../modules.ts";
import { copyRoot } from "../sources.ts";

/** What a build machine gets: an archive, and the words that name modules and targets file in its folder. */
export interface Parcel {
	archive: string;
	targets: string;
	/** In the order of the modules. */
	what: string[];
}

/**
 * Packs the project's folder (where its targets file is; .git and the files of `left` stay here), and every module that lies
 * elsewhere, into a tar in `folder`.
 */
export async function packProject(
	targetsFile: string,
	modules: readonly MatrixModule[],
	folder: string,
	left: readonly string[],
): Promise<Parcel> {
	const archive = join(folder, "project.tar");
	const project = dirname(targetsFile);
	const stay = ["./.git", ...left.map((path) => `./${relative(project, path)}`)];
	const put = (mode: string, from: string, what: string, as: string) =>
		run([
			...["tar", mode, archive, "-C", from, "--anchored", "--no-wildcards"],
			...stay.map((path) => `--exclude=${path}`),
			// A link's own aim stays.
			...[`--transform=s,^\\.,${as},S`, what],
		]);
	await put("-cf", project, ".", "project");
	const what: string[] = [];
	for (const [at, { path, kind }] of modules.entries()) {
		const root = copyRoot(path, targetsFile);
		if (root === project) what.push(join("project", relative(project, path)));
		else {
			const [from, name] = kind === "ko" ? [dirname(path), `./${basename(path)}`] : [path, "."];
			await put("-rf", from, name, `more${at}`);
			what.push(kind === "ko" ? `more${at}/${basename(path)}` : `more${at}`);
		}
	}
	return { archive, targets: join("project", relative(project, targetsFile)), what };
}
