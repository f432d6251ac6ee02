import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { aptDownload } from "../../../../src/host/packages/apt.ts";
import { silent } from "../../../../src/host/progress.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-apt-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An apt-get that takes its time, and writes the package into the folder that it was called in. */
function slowApt(): string {
	const bin = join(folder, "bin");
	mkdirSync(bin);
	const script = [
		"#!/bin/sh",
		"for word; do case $word in *=*) wanted=$word ;; esac; done",
		"sleep 0.3",
		"sleep 0.3",
		'name=${wanted%%=*}; echo "$wanted" > "${name%%:*}_1_all.deb"',
	];
	writeFileSync(join(bin, "apt-get"), `${script.join("\n")}\n`);
	chmodSync(join(bin, "apt-get"), 0o755);
	return bin;
}

describe("aptDownload", () => {
	it("two at once into one folder: each gets its own package, and nothing half-made is left", async () => {
		const context = { progress: silent, env: { PATH: `${slowApt()}:${process.env.PATH}` } };
		const packages = ["linux-image-a", "linux-image-b"].map((name) => ({
			...{ name, version: "1", arch: "all", repository: "x", kind: "binary" as const },
		}));
		const downloads = join(folder, "downloads");
		const later = new Promise((done) => setTimeout(done, 300));
		const files = await Promise.all(
			packages.map(async (one, at) => {
				if (at === 1) await later;
				return aptDownload([one], downloads, context);
			}),
		);
		for (const [at, [file = ""]] of files.entries())
			expect(readFileSync(file, "utf8")).toContain(packages[at]?.name);
		expect(readdirSync(downloads)).toHaveLength(2);
	});
});
