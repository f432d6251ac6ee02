#!/usr/bin/env node
import { readFileSync } from "node:fs";

const packageFile = new URL("../package.json", import.meta.url);
// --version must cost little more than node itself, so it is answered before oclif is loaded.
if (process.argv.length === 3 && ["--version", "-V", "-v", "version"].includes(process.argv[2])) {
	const { name, version } = JSON.parse(readFileSync(packageFile, "utf8"));
	console.log(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}`);
} else {
	const { main } = await import("../dist/main.js");
	await main(import.meta.url);
}
