import { execFileSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const start = fileURLToPath(new URL("../../bin/start.js", import.meta.url));
let clone: string;

beforeEach(() => {
	clone = mkdtempSync(join(tmpdir(), "kprep-start-"));
	for (const name of ["bin", "programs"]) mkdirSync(join(clone, name));
	copyFileSync(start, join(clone, "bin/start.js"));
	writeFileSync(join(clone, "package.json"), '{"type":"module"}');
	// Stands for npm: installs an empty folder, and builds a kprep that says what it was asked for.
	writeFileSync(
		join(clone, "programs/npm"),
		`#!/bin/sh
echo "$1" >> ${clone}/npm.log
case $1 in
ci) mkdir node_modules ;;
run) mkdir -p dist; echo 'export const main = async () => console.log(process.argv.slice(2).join(" "))' > dist/main.js ;;
esac
`,
	);
	chmodSync(join(clone, "programs/npm"), 0o755);
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe("npm start", () => {
	test("on a bare clone installs, builds, then tries", () => {
		expect(run()).toBe("try --json\n");
		expect(npmCalls()).toEqual(["ci", "run"]);
	});

	test("installs only once", () => {
		run();
		run();
		expect(npmCalls()).toEqual(["ci", "run", "run"]);
	});

	test("ends with npm's own status when the installation fails", () => {
		writeFileSync(join(clone, "programs/npm"), "#!/bin/sh\nexit 7\n");
		expect(() => run()).toThrow(expect.objectContaining({ status: 7 }));
	});
});

function run(): string {
	return execFileSync(process.execPath, [join(clone, "bin/start.js"), "--json"], {
		...{ cwd: clone, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
		env: { PATH: `${join(clone, "programs")}:${dirname(process.execPath)}:/usr/bin:/bin` },
	});
}

function npmCalls(): string[] {
	return readFileSync(join(clone, "npm.log"), "utf8").trim().split("\n");
}
