#!/usr/bin/env node
// What `npm ci`, `npm install -g .` and `npm pack` run: builds, with the dependencies that the Node in use needs.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));
const { BROUGHT_FOR_NODE: brought } = process.env;

// `npm install -g .` links the clone and installs nothing in it; an older npm left out what an older Node cannot run.
if (!existsSync(`${top}/node_modules/esbuild`) || brought !== undefined) {
	const { npm_config_global: _, npm_config_location: __, npm_config_prefix: ___, ...env } = process.env;
	const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
		...{ cwd: top, env, stdio: ["ignore", 2, 2] },
	});
	if (status !== 0) process.exit(status ?? 1);
}
const { build } = await import("./build.js");
await build();
