import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freshSchemas } from "./schemas.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));

/** Before any test: bundles the sources when they are newer than the bundle, so that bin/run.js is what src/ says, and the schemas too. */
export default async function setup(): Promise<void> {
	const built = statSync(join(top, "dist/main.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	const sources = readdirSync(join(top, "src"), { recursive: true, encoding: "utf8" }).map((name) =>
		join("src", name),
	);
	const newest = Math.max(...["bin/build.js", ...sources].map((name) => statSync(join(top, name)).mtimeMs));
	if (newest >= built) execFileSync(process.execPath, [join(top, "bin/build.js")], { stdio: "inherit" });
	await freshSchemas(newest);
}
