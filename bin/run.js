#!/usr/bin/env node
import { readFileSync } from "node:fs";

const packageFile = new URL("../package.json", import.meta.url);
// --version must cost little more than node itself, so it is answered before oclif is loaded.
if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V")) {
	const { name, version } = JSON.parse(readFileSync(packageFile, "utf8"));
	console.log(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}`);
} else {
	const { main } = await import("../dist/main.js");
	await main(import.meta.url);
}
