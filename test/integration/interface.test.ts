import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kprep-interface-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the package says of itself, installed for a program beside it, types made as `npm pack` makes them. */
beforeAll(() => {
	const own = join(folder, "node_modules/kprep");
	mkdirSync(own, { recursive: true });
	for (const name of ["package.json", "dist", "templates"]) symlinkSync(join(top, name), join(own, name));
	symlinkSync(join(top, "node_modules"), join(own, "node_modules"));
	execFileSync(
		join(top, "node_modules/.bin/tsc"),
		["-p", "tsconfig.types.json", "--outDir", join(own, "types")],
		{
			cwd: top,
		},
	);
	writeFileSync(join(folder, "package.json"), '{"type":"module"}');
});

const PROGRAM = `
import { checkModules, KprepError, plan, resolveTarget, silent, verify } from "kprep";
import { parseRelease, predict, readModule } from "kprep/core";

const release: string | undefined = parseRelease("6.1.0-9-amd64")?.tail;
console.log(release, typeof plan, typeof verify, typeof checkModules, typeof predict, typeof readModule);
try {
	await resolveTarget({ target: "6.1.0-none", sysroot: process.argv[2] }, silent);
} catch (error) {
	if (error instanceof KprepError) console.log(error.code, error.exitStatus);
	else throw error;
}
`;

it("a program imports the workflows, typed, and ends by itself", { timeout: 120_000 }, async () => {
	writeFileSync(join(folder, "program.ts"), PROGRAM);
	mkdirSync(join(folder, "empty"));
	const flags = "--noEmit --strict --module nodenext --target es2023 --skipLibCheck --types node".split(" ");
	const types = ["--typeRoots", join(top, "node_modules/@types")];
	const checked = await attempt([join(top, "node_modules/.bin/tsc"), ...flags, ...types, "program.ts"], {
		cwd: folder,
	});
	expect(checked.stdout).toBe("");
	expect(checked.status).toBe(0);
	writeFileSync(join(folder, "program.js"), PROGRAM.replace(": string | undefined", ""));
	const ran = await attempt([process.execPath, "program.js", "empty"], { cwd: folder });
	expect(ran.stderr).toBe("");
	expect(ran.stdout).toBe("-9-amd64 function function function function function\ntarget-not-found 3\n");
});

it("a wrong type is an error of the program's own compiler", async () => {
	writeFileSync(join(folder, "wrong.ts"), 'import { plan } from "kprep";\nplan({ tree: 1 });\n');
	const flags = "--noEmit --strict --module nodenext --target es2023 --skipLibCheck".split(" ");
	const checked = await attempt([join(top, "node_modules/.bin/tsc"), ...flags, "wrong.ts"], { cwd: folder });
	expect(checked.stdout).toContain("wrong.ts(2,");
});

it("the core runs where there is neither Node nor Buffer, and stays small", async () => {
	const entry = `
		import { LogReader, parseRelease, compareVermagic, readModule, FormatError } from ${JSON.stringify(join(top, "src/core.ts"))};
		globalThis.result = (text, bytes) => {
			const reader = new LogReader();
			reader.feed(new TextEncoder().encode(text));
			let code = null;
			try { readModule(bytes); } catch (error) { code = error instanceof FormatError ? error.code : String(error); }
			return JSON.stringify([reader.finish().diagnoses.map(({ entry }) => entry.id), parseRelease("5.0.21").base,
				compareVermagic("5.0.21 SMP mod_unload ", "5.0.0-27-generic SMP mod_unload ") !== null, code]);
		};`;
	const { outputFiles } = await build({
		stdin: { contents: entry, resolveDir: top },
		...{ bundle: true, write: false, minify: true, format: "iife", platform: "browser", target: "es2023" },
	});
	const code = outputFiles?.[0]?.text ?? "";
	expect(code).not.toMatch(/require\(|node:/);
	console.log(`the pure core as a browser takes it: ${Math.round(code.length / 1000)} kB`);
	expect(code.length).toBeLessThan(450_000);
	const context = { TextEncoder, TextDecoder, result: undefined as unknown as (...all: unknown[]) => string };
	runInNewContext(code, context);
	const line = "hello: version magic '5.0.21 SMP mod_unload ' should be '5.0.0-27-generic SMP mod_unload '\n";
	const damaged = readFileSync(process.execPath).subarray(0, 200);
	expect(JSON.parse(context.result(line, new Uint8Array(damaged)))).toEqual([
		[expect.stringMatching(/^vermagic/)],
		"5.0.21",
		true,
		expect.any(String),
	]);
});
