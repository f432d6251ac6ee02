#!/usr/bin/env node
// Writes build/kprep: one executable with node and all of kprep in it, for machines without Node. Node's own
// `--build-sea` makes it (Node 25.5 and later); this machine's node is used when it can, else that of the npm package.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pjson, stage, top } from "./stage.js";

const NODE_PACKAGE = `node-linux-${process.arch}@26`;
const output =
	process.argv.find((word) => word.startsWith("--output="))?.slice("--output=".length) ?? join(top, "build");

const work = mkdtempSync(join(tmpdir(), "kprep-sea-"));
try {
	stage(join(work, "app"));
	const packed = archive(join(work, "app"));
	writeFileSync(join(work, "app.gz"), packed);
	const main = join(work, "main.cjs");
	const text = readFileSync(new URL("./sea-main.cjs", import.meta.url), "utf8");
	writeFileSync(main, text.replace("@VERSION@", pjson.version).replace("@DIGEST@", digest(packed)));
	mkdirSync(output, { recursive: true });
	const file = join(output, "kprep");
	const config = {
		main,
		output: file,
		disableExperimentalSEAWarning: true,
		assets: { app: join(work, "app.gz") },
	};
	writeFileSync(join(work, "sea.json"), JSON.stringify(config));
	execFileSync(nodeThatBuilds(work), ["--build-sea", join(work, "sea.json")], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	chmodSync(file, 0o755);
	console.log(file);
} finally {
	rmSync(work, { recursive: true, force: true });
}

function digest(bytes) {
	return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** All files of a folder in one: a line of JSON with [path, size] pairs, then their contents; gzip. */
function archive(folder) {
	const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
		statSync(join(folder, path)).isFile(),
	);
	const contents = paths.map((path) => readFileSync(join(folder, path)));
	const index = JSON.stringify(paths.map((path, at) => [path, contents[at].length]));
	return gzipSync(Buffer.concat([Buffer.from(`${index}\n`), ...contents]), { level: 9 });
}

/** Path of a node that has --build-sea. */
function nodeThatBuilds(folder) {
	if (process.allowedNodeEnvironmentFlags.has("--build-sea") || canBuild(process.execPath))
		return process.execPath;
	execFileSync("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", NODE_PACKAGE], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	return join(folder, "node_modules", `node-linux-${process.arch}`, "bin/node");
}

function canBuild(node) {
	return execFileSync(node, ["--help"], { encoding: "utf8" }).includes("--build-sea");
}
