#!/usr/bin/env node
// Bundles src/ into dist/ (one entry a command, shared chunks) so that a start reads few files.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));

export async function build() {
	const { build: bundle } = await import("esbuild");
	rmSync(`${top}/dist`, { recursive: true, force: true });
	const commands = existsSync(`${top}/src/commands`)
		? readdirSync(`${top}/src/commands`, { recursive: true }).filter((file) => String(file).endsWith(".ts"))
		: [];
	await bundle({
		absWorkingDir: top,
		entryPoints: ["src/main.ts", ...commands.map((file) => `src/commands/${file}`)],
		outdir: "dist",
		outbase: "src",
		bundle: true,
		packages: "external",
		splitting: true,
		minifySyntax: true,
		format: "esm",
		platform: "node",
		target: "node20.19",
		logLevel: "warning",
		// CommonJS dependencies call require(); an ES module has none of its own.
		banner: {
			js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
		},
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await build();
}
