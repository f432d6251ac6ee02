// The start of the single executable: unpacks kprep once into the user's cache, then runs it from there.
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { homedir, tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { getRawAsset } = require("node:sea");
const { gunzipSync } = require("node:zlib");

/** Told apart by content, so that another build of the same version is unpacked anew. */
const name = "app-@VERSION@-@DIGEST@";
createRequire(join(unpacked(), "start.cjs"))("./start.cjs");

/** The folder with kprep in it. Without a cache that can be written, a temporary one, removed at the end. */
function unpacked() {
	const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kprep");
	const folder = join(cache, name);
	if (existsSync(folder)) return folder;
	try {
		mkdirSync(cache, { recursive: true });
		return unpackAs(folder, mkdtempSync(join(cache, ".app-")));
	} catch {
		const temporary = mkdtempSync(join(tmpdir(), "kprep-app-"));
		process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));
		unpackInto(temporary);
		return temporary;
	}
}

/** Whole or not at all, also when two start at once: the second finds the first one's folder. */
function unpackAs(folder, fresh) {
	try {
		unpackInto(fresh);
		renameSync(fresh, folder);
	} catch (error) {
		rmSync(fresh, { recursive: true, force: true });
		if (!existsSync(folder)) throw error;
	}
	return folder;
}

function unpackInto(folder) {
	const bytes = gunzipSync(Buffer.from(getRawAsset("app")));
	const end = bytes.indexOf("\n");
	let at = end + 1;
	for (const [path, size] of JSON.parse(bytes.subarray(0, end).toString())) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), bytes.subarray(at, at + size));
		at += size;
	}
	writeFileSync(join(folder, "start.cjs"), 'import("./bin/run.js");\n');
}
