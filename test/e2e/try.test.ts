import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { cacheFolder } from "../helpers/cache.ts";
import { isDebian, prepareMachine } from "../helpers/machine.ts";

const run = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

describe("kprep try", () => {
	test("a module refused before the sync loads after it", { timeout: 8 * 60_000 }, async ({ skip }) => {
		const lacks = isDebian() ? await prepareMachine() : "not Debian or Ubuntu";
		if (lacks !== null) {
			process.stderr.write(`kprep try is not tested: ${lacks}\n`);
			return skip(lacks);
		}
		const words = [run, "try", "--cache", cacheFolder(), "--quiet", "--json"];
		const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 24 });
		const story = JSON.parse(stdout);
		expect(story.before.boot).toMatchObject({ loaded: false, errno: "ENOEXEC" });
		expect(story.before.vermagic).not.toContain(`${story.release} `);
		expect(story.sync.verdict).toBe("match");
		expect(story.after.boot).toMatchObject({ loaded: true, errno: null });
		expect(story.after.vermagic.startsWith(`${story.release} `)).toBe(true);
	});
});
