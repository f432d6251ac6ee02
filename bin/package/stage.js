// What every package of kprep holds, laid out in one folder.
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const top = fileURLToPath(new URL("../..", import.meta.url));
export const pjson = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));

const OWN = [
	"package.json",
	"LICENSE",
	"README.md",
	"oclif.manifest.json",
	"bin/run.js",
	"dist",
	"templates",
];

/**
 * Copies the built kprep into the new folder `folder` with exactly the production dependencies that
 * package-lock.json names, from node_modules/, without their types and source maps. Needs no network.
 */
export function stage(folder) {
	mkdirSync(folder, { recursive: true });
	for (const path of OWN) if (existsSync(join(top, path))) copy(path, folder);
	for (const path of productionDependencies()) copy(path, folder);
}

function productionDependencies() {
	const { packages } = JSON.parse(readFileSync(join(top, "package-lock.json"), "utf8"));
	return Object.entries(packages)
		.filter(([path, { dev, devOptional, optional }]) => path !== "" && !dev && !devOptional && !optional)
		.map(([path]) => path);
}

const UNUSED =
	/\.(d\.[cm]?ts|map|flow)$|\/(README|CHANGELOG|HISTORY)[^/]*$|\/(test|tests|__tests__|docs|\.github|\.npmignore|\.eslintrc[^/]*)$/i;

function copy(path, folder) {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	cpSync(join(top, path), join(folder, path), {
		...{ recursive: true, dereference: true, preserveTimestamps: true },
		// A dependency's own node_modules are named by the lock file, where they belong to production.
		filter: (source) => {
			const inside = source.slice(join(top, path).length);
			return !(path.startsWith("node_modules/") && (UNUSED.test(inside) || inside.includes("/node_modules")));
		},
	});
}
