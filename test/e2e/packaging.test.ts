import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { lacks, skips } from "../helpers/lacks.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const REGISTRY_FAILED = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|E40[34]|network/i;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-packaging-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a newcomer does first, with the `kprep` of a package: all that needs templates, bundle, help and dependencies. */
async function worksAs(command: string[], path: string | undefined = process.env.PATH) {
	const home = mkdtempSync(join(folder, "home-"));
	const kprep = (...args: string[]) =>
		attempt([...command, ...args], { cwd: home, env: { PATH: path, HOME: home, XDG_CACHE_HOME: undefined } });
	expect((await kprep("--version")).stdout).toMatch(/^kprep\/\d/);
	const help = await kprep("--help");
	expect(help.stderr).toBe("");
	expect(help.stdout).toContain("FIRST STEPS");
	const made = await kprep("new", "hello", "--template", "platform", "--json");
	expect(made.status).toBe(0);
	expect(JSON.parse(made.stdout)).toMatchObject({ name: "hello", path: join(home, "hello") });
	expect(existsSync(join(home, "hello/hello.c"))).toBe(true);
	const typo = await kprep("docter", "--json");
	expect(typo.status).toBe(2);
	expect((await kprep("autocomplete", "bash")).stdout).toContain("complete -F _kprep kprep");
	mkdirSync(join(home, "empty"));
	// Loads the target's side and a program wrapper: the dependencies that are not in the bundle.
	const target = await kprep("target", "--sysroot", "empty", "--json");
	expect(target.status).toBe(3);
	expect(JSON.parse(target.stdout).error.code).toBe("target-not-found");
}

it("npm pack: installs in an empty folder with production dependencies, and runs", {
	timeout: 180_000,
}, async (context) => {
	const packed = await attempt(["npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
		cwd: top,
	});
	expect(packed.status).toBe(0);
	// An array until npm 11, an object by package name from npm 12 on.
	const [made] = Object.values<{ filename: string; files: { path: string }[] }>(JSON.parse(packed.stdout));
	const { filename = "", files = [] } = made ?? {};
	const paths = files.map(({ path }) => path);
	expect(paths).toEqual(
		expect.arrayContaining([
			"bin/run.js",
			"dist/main.js",
			"dist/kprep.1",
			"templates/module/basic/NAME.c",
			"LICENSE",
		]),
	);
	expect(paths.filter((path) => /^(src|test|build)\//.test(path))).toEqual([]);
	const prefix = join(folder, "npm");
	mkdirSync(prefix);
	const install = [
		"npm",
		"install",
		"--omit=dev",
		"--no-audit",
		"--no-fund",
		"--prefer-offline",
		join(folder, filename),
	];
	const installed = await attempt(install, { cwd: prefix, timeout: 120_000 });
	if (installed.status !== 0 && REGISTRY_FAILED.test(installed.stderr)) {
		console.log(`skipped: the npm registry cannot be reached: ${installed.stderr.split("\n")[0]}`);
		return context.skip();
	}
	expect(installed.stderr).not.toMatch(/npm error/);
	expect(existsSync(join(prefix, "node_modules/typescript"))).toBe(false);
	await worksAs([join(prefix, "node_modules/.bin/kprep")]);
});

const noDeb = lacks("dpkg-deb") || skips(process.getuid?.() !== 0, "only root may install a .deb");

describe.skipIf(noDeb)("deb", () => {
	it("installs with man page and completions, and runs", { timeout: 120_000 }, async () => {
		const built = await attempt([process.execPath, join(top, "bin/package/deb.js"), `--output=${folder}`]);
		expect(built.stderr).toBe("");
		const deb = built.stdout.trim();
		// A system of its own, so that this machine is left as it is; what it depends on is this machine's.
		const root = join(folder, "root");
		for (const path of ["var/lib/dpkg/updates", "var/lib/dpkg/info"])
			mkdirSync(join(root, path), { recursive: true });
		for (const name of ["status", "available"]) await attempt(["touch", join(root, "var/lib/dpkg", name)]);
		const dpkg = [
			"dpkg",
			`--root=${root}`,
			"--force-depends",
			"--force-script-chrootless",
			"--log=/dev/null",
			"-i",
			deb,
		];
		const installed = await attempt(dpkg);
		expect(installed.status, installed.stderr).toBe(0);
		for (const path of [
			"usr/share/man/man1/kprep.1.gz",
			"usr/share/bash-completion/completions/kprep",
			"usr/share/doc/kprep/copyright",
			"usr/share/doc/kprep/changelog.gz",
			"usr/share/zsh/vendor-completions/_kprep",
			"usr/share/fish/vendor_completions.d/kprep.fish",
		])
			expect(existsSync(join(root, path)), path).toBe(true);
		const { stdout } = await attempt(["dpkg-deb", "--field", deb, "Depends"]);
		expect(stdout.trim()).toBe("nodejs (>= 20.19)");
		await worksAs([join(root, "usr/bin/kprep")]);
	});
});

describe("single executable", () => {
	it("runs without any node on PATH, also when the cache cannot be written", {
		timeout: 180_000,
	}, async (context) => {
		const command = [process.execPath, join(top, "bin/package/sea.js"), `--output=${folder}`];
		const built = await attempt(command, { timeout: 150_000 });
		if (built.status !== 0 && REGISTRY_FAILED.test(built.stderr)) {
			console.log("skipped: no node that can build it is here, and the npm registry cannot be reached");
			return context.skip();
		}
		expect(built.status, built.stderr).toBe(0);
		const file = join(folder, "kprep");
		// What every Debian has: a minimal one lacks libatomic, which node needs from 25 on.
		const { stdout: libraries } = await attempt(["ldd", file]);
		expect(libraries).toMatch(/libc\.so/);
		expect(libraries).not.toMatch(/libatomic|libnode|not found/);
		await worksAs([file], "/nonexistent");
		const env = { PATH: "/nonexistent", HOME: "/dev/null", XDG_CACHE_HOME: "/dev/null/none" };
		expect((await attempt([file, "--version"], { env })).stdout).toMatch(/^kprep\/\d/);
	});
});
