#!/usr/bin/env node
// Bundles src/ into dist/ (one entry a command, shared chunks), so that a start reads few files and little code,
// and writes oclif.manifest.json, from which help is printed without loading any command, and from it the man page
// and the shell completions.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { completions } from "./texts/completions.js";
import { manPage } from "./texts/man.js";

const top = fileURLToPath(new URL("..", import.meta.url));

export async function build() {
	await bundle(`${top}/dist.new`);
	await bundleCore(`${top}/dist.new`);
	rmSync(`${top}/dist`, { recursive: true, force: true });
	renameSync(`${top}/dist.new`, `${top}/dist`);
	writeTexts(await writeManifest());
}

async function bundle(outdir) {
	const { build: esbuild } = await import("esbuild");
	rmSync(outdir, { recursive: true, force: true });
	const commands = readdirSync(`${top}/src/commands`, { recursive: true }).filter((file) =>
		file.endsWith(".ts"),
	);
	await esbuild({
		absWorkingDir: top,
		entryPoints: [
			"src/main.ts",
			"src/index.ts",
			"src/cli/help.ts",
			...commands.map((file) => `src/commands/${file}`),
		],
		outdir,
		outbase: "src",
		bundle: true,
		splitting: true,
		minifySyntax: true,
		minifyWhitespace: true,
		format: "esm",
		platform: "node",
		target: "node20.19",
		logLevel: "warning",
		plugins: [dependencies],
		// CommonJS dependencies call require(); an ES module has none of its own.
		banner: {
			js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
		},
	});
}

// By itself and without Node's own modules: what imports it may be a browser.
async function bundleCore(outdir) {
	const { build: esbuild } = await import("esbuild");
	await esbuild({
		...{ absWorkingDir: top, entryPoints: ["src/core.ts"], outfile: `${outdir}/core.js`, bundle: true },
		...{ minifySyntax: true, minifyWhitespace: true, format: "esm", platform: "neutral", target: "es2023" },
		...{ logLevel: "warning", mainFields: ["module", "main"] },
	});
}

// Every command stands on @oclif/core, so it is bundled; the packages that it loads at once but uses only for help,
// plugins and hooks are loaded when they are used. Everything else stays outside and is imported where it is needed.
const dependencies = {
	name: "dependencies",
	setup({ onResolve, onLoad }) {
		const bundled = new Set(["@oclif/core", "ansis", "indent-string", "escape-string-regexp"]);
		onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
			if (kind === "entry-point" || path.startsWith("node:")) return;
			const name = /^(@[^/]+\/)?[^/]+/.exec(path)[0];
			if (bundled.has(name)) return;
			return importer.includes("/node_modules/") && !builtin(name)
				? { path, namespace: "when-used" }
				: { path, external: true };
		});
		onLoad({ filter: /.*/, namespace: "when-used" }, ({ path }) => ({
			contents: `
				const { createRequire } = require("node:module");
				let module_;
				const use = () =>
					(module_ ??= createRequire(require.resolve(${JSON.stringify("@oclif/core/package.json")}))(${JSON.stringify(path)}));
				module.exports = new Proxy(function () {}, {
					get: (_, key) => (key === "__esModule" ? undefined : use()[key]),
					apply: (_, self, args) => use().apply(self, args),
					construct: (_, args) => new (use())(...args),
				});`,
		}));
	},
};

const builtin = (name) => createRequire(import.meta.url)("node:module").isBuiltin(name);

async function writeManifest() {
	const { Plugin } = await import("@oclif/core");
	const plugin = new Plugin({ root: top, ignoreManifest: true, errorOnManifestCreate: true });
	await plugin.load();
	writeFileSync(`${top}/oclif.manifest.json`, JSON.stringify(plugin.manifest));
	return plugin.manifest;
}

function writeTexts(manifest) {
	const pjson = JSON.parse(readFileSync(`${top}/package.json`, "utf8"));
	mkdirSync(`${top}/dist/completions`);
	writeFileSync(`${top}/dist/kprep.1`, manPage(manifest, pjson));
	for (const [shell, script] of Object.entries(completions(manifest)))
		writeFileSync(`${top}/dist/completions/kprep.${shell}`, script);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await build();
}
