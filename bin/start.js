#!/usr/bin/env node
// What `npm start` runs: on a bare clone it installs and builds first, then shows the whole story on a real kernel.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));

if (!existsSync(`${top}/node_modules`)) {
	console.error("npm start: installing the dependencies (npm ci)");
	npm("ci", "--no-audit", "--no-fund");
}
// Under a second, and after a `git pull` the bundle is what the sources say.
npm("run", "--silent", "build");
process.argv.splice(2, 0, "try");
const { main } = await import("../dist/main.js");
await main(new URL("run.js", import.meta.url).href);

function npm(...words) {
	// npm's own output belongs to what is shown on the way, not to the result on stdout.
	const { status } = spawnSync("npm", words, { cwd: top, stdio: ["ignore", 2, 2] });
	if (status !== 0) process.exit(status ?? 1);
}
