import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../bin/node.cjs", import.meta.url));
const { fits } = createRequire(import.meta.url)(entry);
let clone: string;

beforeEach(() => {
	clone = mkdtempSync(join(tmpdir(), "kprep-node-"));
	for (const name of ["bin", "programs", "cache"]) mkdirSync(join(clone, name));
	copyFileSync(entry, join(clone, "bin/node.cjs"));
	writeFileSync(
		join(clone, "script.js"),
		'console.log("ran", process.argv.slice(2).join(" "), process.env.BROUGHT_FOR_NODE ? "brought" : "own")',
	);
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

test.each([
	["v20.19.0", ">=20.19", true],
	["v20.18.3", ">=20.19", false],
	["v22.0.0", ">=20.19", true],
	["v18.20.8", ">=20.19", false],
	["v12.22.12", ">=20.19", false],
])("%s fits %s: %j", (version, wanted, expected) => {
	expect(fits(version, wanted)).toBe(expected);
});

test("on a Node that fits goes on with the script", () => {
	wants(">=18");
	expect(run("a", "b")).toMatchObject({ status: 0, stdout: "ran a b own\n", stderr: "" });
});

describe("on a Node that is too old", () => {
	beforeEach(() => wants(">=9999"));

	test("brings one, says so in one sentence, goes on with it, and keeps it", () => {
		npm(`
node=$3/node_modules/.bin/node
mkdir -p "\${node%/*}"
: > "\${node%node}npm"
printf '#!/bin/sh\\n[ "$1" = --version ] && echo v9999.1.0 || exec ${process.execPath} "$@"\\n' > "$node"
chmod +x "$node"`);
		const first = run("a");
		expect(first).toMatchObject({ status: 0, stdout: "ran a brought\n" });
		expect(first.stderr).toMatch(
			/^kprep: this is Node v\S+; bringing Node \d+ .* from the npm registry into .*\n$/,
		);
		npm("exit 1");
		expect(run("b")).toMatchObject({ status: 0, stdout: "ran b brought\n", stderr: "" });
	});

	test("without network one sentence says what is needed and what else works", () => {
		npm("echo 'npm error code ENOTFOUND' >&2; exit 1");
		const { status, stdout, stderr } = run();
		expect([status, stdout]).toEqual([3, ""]);
		expect(stderr.trim().split("\n").at(-1)).toMatch(
			/^kprep: kprep needs Node 9999 or later, this is v\S+, and .* \(npm says ENOTFOUND\): .*package:sea.*package:deb/,
		);
		expect(existsSync(join(clone, "cache/kprep/node"))).toBe(true);
	});
});

function wants(node: string): void {
	writeFileSync(join(clone, "package.json"), JSON.stringify({ type: "module", engines: { node } }));
}

function npm(body: string): void {
	writeFileSync(join(clone, "programs/npm"), `#!/bin/sh\n${body}\n`);
	chmodSync(join(clone, "programs/npm"), 0o755);
}

function run(...words: string[]) {
	return spawnSync(process.execPath, [join(clone, "bin/node.cjs"), join(clone, "script.js"), ...words], {
		encoding: "utf8",
		env: {
			PATH: `${join(clone, "programs")}:${dirname(process.execPath)}:/usr/bin:/bin`,
			XDG_CACHE_HOME: join(clone, "cache"),
		},
	});
}
