import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../../host/files/files.ts";
import { Root } from "../../host/files/root.ts";
import { findProgram } from "../../host/process/program.ts";
import { configPackage } from "../../target/providers/config-package.ts";
import type { SourceContext, Wanted, Way } from "./candidate.ts";

export interface ConfigBeside {
	/** The file, for --config. */
	path: string;
	/** The package that it came in. */
	from: string;
}

/**
 * For a target whose .config is nowhere, and whose distribution has the configs of exactly that version as a package:
 * writes its config as the new file `TREE.config`. null when there is none, or another file of that name.
 */
export async function configBeside(
	tree: string,
	wanted: Wanted,
	way: Way,
	context: SourceContext,
): Promise<ConfigBeside | null> {
	const folder = mkdtempSync(join(tmpdir(), "kprep-config-"));
	try {
		const env = way.by === "package" ? way.offer.env : undefined;
		for (const system of context.systems) {
			if (!system.programs.every((program) => findProgram(program) !== null)) continue;
			const from = await system.configs?.(wanted, folder, { ...context, ...(env && { env }) });
			const config = from == null ? null : await configIn(folder, wanted.release, context);
			if (from == null || config === null) continue;
			const path = `${tree}.config`;
			if (existsSync(path) && !readFileSync(path).equals(config)) {
				context.progress.warn(`${path} is there already, and is not the config of ${from}`);
				return null;
			}
			await writeAtomically(path, config);
			return { path, from: `${system.name}:${from}` };
		}
		return null;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function configIn(
	folder: string,
	release: string,
	{ progress }: SourceContext,
): Promise<Uint8Array | null> {
	const [evidence] = await configPackage.gather({
		...{ root: new Root(folder), release, running: false, image: null, profile: null, config: null },
		...{ progress, unreadable: (what: string) => progress.warn(what) },
	});
	return (await evidence?.config?.read()) ?? null;
}
