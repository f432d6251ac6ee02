import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

/** The tests' own way to a kernel of the distribution (test/helpers/lab.ts), bundled because Node cannot load TypeScript. */
export async function labKernel(wanted) {
	const { build } = await import("esbuild");
	const outfile = join(top, "node_modules/.cache/kprep-bench-lab.mjs");
	await build({
		entryPoints: [join(top, "test/helpers/lab.ts")],
		outfile,
		bundle: true,
		packages: "external",
		platform: "node",
		format: "esm",
		logLevel: "warning",
	});
	const { lab } = await import(pathToFileURL(outfile).href);
	return lab.kernel(wanted);
}
