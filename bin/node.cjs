#!/usr/bin/env node
"use strict";
// What every npm script runs first: `node bin/node.cjs SCRIPT ARGUMENT...`. On a Node that kprep runs on it goes on
// with SCRIPT; on an older one it brings a fitting Node, with the npm of its time, into the user's cache, and goes on
// with that. Written for Node 12, and CommonJS: no `?.`, no `??`, nothing that an old parser stops at.
const { spawn, spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { pathToFileURL } = require("url");

const top = path.resolve(__dirname, "..");

/** The last line of releases whose builds need nothing that a minimal Debian lacks: from 25 on they need libatomic. */
const LINE = "24";
const NODE_PACKAGE = "node-linux-" + process.arch + "@" + LINE;
/** An npm that knows this Node: the old one's would leave out every binary whose package names a newer Node. */
const NPM_PACKAGE = "npm@11";

/** Whether the version `version` ("v18.19.0") is what package.json asks for (">=20.19"). */
function fits(version, wanted) {
	const numbers = (text) =>
		text
			.replace(/^[^0-9]*/, "")
			.split(".")
			.map(Number);
	const have = numbers(version);
	const want = numbers(wanted);
	for (let at = 0; at < want.length; at++) if (have[at] !== want[at]) return have[at] > want[at];
	return true;
}

function wanted() {
	return JSON.parse(fs.readFileSync(path.join(top, "package.json"), "utf8")).engines.node;
}

/** The folder with a fitting node, npm and npx; brought when it is not there. Exits with one sentence when it cannot be had. */
function bring() {
	const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
	const home = path.join(cache, "kprep", "node", LINE + "-" + process.arch);
	const bin = path.join(home, "node_modules", ".bin");
	if (answers(bin)) return bin;
	say(
		"this is Node " +
			process.version +
			"; bringing Node " +
			LINE +
			" (about 50 MB) from the npm registry into " +
			home,
	);
	const fresh = home + "." + process.pid;
	fs.mkdirSync(fresh, { recursive: true });
	const words = ["install", "--prefix", fresh, "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
	const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--loglevel=error"];
	// npm hands its own settings on to what it runs; a global or offline one of the outer call is not meant here.
	const env = Object.assign({}, process.env, { npm_config_global: "", npm_config_location: "project" });
	const got = spawnSync("npm", words.concat(patience, [NODE_PACKAGE, NPM_PACKAGE]), {
		cwd: fresh,
		env: env,
		encoding: "utf8",
		stdio: ["ignore", "ignore", "pipe"],
	});
	const there = path.join(fresh, "node_modules", ".bin");
	if (got.status !== 0 || !answers(there)) {
		remove(fresh);
		const code = /code (E[A-Z0-9_]+)/.exec(got.stderr || "");
		refuse(
			code === null
				? got.error
					? "npm is not on PATH"
					: "what came does not run here"
				: "npm says " + code[1],
		);
	}
	try {
		remove(home);
		fs.renameSync(fresh, home);
	} catch (error) {
		// Another npm start was faster.
		remove(fresh);
		if (!answers(bin)) throw error;
	}
	return bin;
}

function answers(bin) {
	const { status, stdout } = spawnSync(path.join(bin, "node"), ["--version"], { encoding: "utf8" });
	return status === 0 && fits(stdout.trim(), wanted()) && fs.existsSync(path.join(bin, "npm"));
}

function refuse(why) {
	say(
		"kprep needs Node " +
			wanted().replace(">=", "") +
			" or later, this is " +
			process.version +
			", and a newer one could not be brought (" +
			why +
			"): install one, or take the single executable (npm run package:sea) or the .deb with its own node" +
			" (npm run package:deb -- --with-node), which any machine with a newer Node makes",
	);
	process.exit(3);
}

function say(text) {
	process.stderr.write("kprep: " + text + "\n");
}

function remove(folder) {
	// fs.rmSync is younger than Node 12.
	spawnSync("rm", ["-rf", "--", folder]);
}

/** Runs `words` with the brought Node first on PATH, and ends as it ends. */
function goOn(bin, words) {
	const env = Object.assign({}, process.env, {
		PATH: bin + path.delimiter + process.env.PATH,
		BROUGHT_FOR_NODE: process.version,
	});
	// Told by the outer, older npm.
	for (const name of ["npm_execpath", "npm_node_execpath", "NODE"]) delete env[name];
	for (const name of Object.keys(env))
		if (/^npm_config_(user_agent|npm_version|init_version|node_gyp)$/i.test(name)) delete env[name];
	const child = spawn(path.join(bin, "node"), words, { env: env, stdio: "inherit" });
	// Ctrl-C reaches the child from the terminal; this process waits for how it ends.
	process.on("SIGINT", () => {});
	for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
	child.on("close", (status, signal) =>
		process.exit(status === null ? 128 + os.constants.signals[signal] : status),
	);
}

function main() {
	const script = path.resolve(process.argv[2]);
	if (!fits(process.version, wanted())) return goOn(bring(), process.argv.slice(2));
	// Says to bin/prepare.js that an old npm installed; what that starts in turn has the new one.
	delete process.env.BROUGHT_FOR_NODE;
	process.argv.splice(1, 2, script);
	import(pathToFileURL(script).href).catch((error) => {
		console.error(error);
		process.exitCode = 1;
	});
}

module.exports = { fits, bring, NODE_PACKAGE };
if (require.main === module) main();
