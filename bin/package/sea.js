#!/usr/bin/env node
// Writes build/kprep: one executable with node and all of kprep in it, for machines without Node.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inject, portableNode } from "./runtime.js";
import { pjson, stage, top } from "./stage.js";

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
	const blob = join(work, "sea.blob");
	const config = {
		main,
		output: blob,
		disableExperimentalSEAWarning: true,
		assets: { app: join(work, "app.gz") },
	};
	writeFileSync(join(work, "sea.json"), JSON.stringify(config));
	const node = portableNode(work);
	// The form of the blob is that of the node which will read it.
	execFileSync(node, ["--experimental-sea-config", join(work, "sea.json")], {
		stdio: ["ignore", "ignore", "ignore"],
	});
	// Made beside and renamed: the file may be running.
	const fresh = `${file}.new`;
	copyFileSync(node, fresh);
	chmodSync(fresh, 0o755);
	inject(fresh, blob, work);
	renameSync(fresh, file);
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
