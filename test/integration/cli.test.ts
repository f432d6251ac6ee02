import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { lacks } from "../helpers/lacks.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(top, "oclif.manifest.json"), "utf8"));
const commands = Object.values(manifest.commands) as {
	id: string;
	hidden?: boolean;
	summary?: string;
	examples?: unknown[];
	flags: Record<string, { description?: string }>;
}[];
const kprep = (...args: string[]) => attempt([process.execPath, join(top, "bin/run.js"), ...args]);

describe("the command line itself", () => {
	it.each([[["--help"]], [["-h"]], [[]], [["help"]]])(
		"kprep %j lists the commands and first steps",
		async (args) => {
			const { status, stdout } = await kprep(...args);
			expect(status).toBe(0);
			for (const { id } of commands.filter(({ id, hidden }) => !id.includes(":") && !hidden))
				expect(stdout).toMatch(new RegExp(`^  ${id} `, "m"));
			expect(stdout).toContain("FIRST STEPS");
		},
	);

	it.each([["--version"], ["-V"]])("%s", async (flag) => {
		expect((await kprep(flag)).stdout).toMatch(/^kprep\/\d+\.\d+\.\d+ \S+ node-v\d+/);
	});

	it.each([
		[["docter"], "kprep doctor"],
		[["source", "lits"], "kprep source list"],
		[["xyzzy-plugh"], "kprep help"],
	])("%j is refused, and %s suggested", async (args, suggestion) => {
		const { status, stderr } = await kprep(...args);
		expect(status).toBe(2);
		expect(stderr).toContain(`try:      ${suggestion}`);
		const { status: again, stdout } = await kprep(...args, "--json");
		expect(again).toBe(2);
		const { error } = JSON.parse(stdout);
		expect(error.code).toBe("unknown-command");
		expect(error.suggestions).toContain(suggestion);
	});

	it("names the flag that was meant, and says so in JSON too", async () => {
		const { status, stdout } = await kprep("doctor", "--sysrot", "x", "--json");
		expect(status).toBe(2);
		expect(JSON.parse(stdout).error).toMatchObject({
			code: "usage",
			suggestions: expect.arrayContaining(["--sysroot instead of --sysrot"]),
		});
	});
});

describe.each(commands.filter(({ hidden }) => !hidden).map((it) => [it.id.replace(":", " "), it] as const))(
	"kprep %s --help",
	(name, { summary, examples, flags }) => {
		it("has a summary, a text for every flag, and examples that begin with this command", () => {
			expect(summary).toBeTruthy();
			for (const [flag, { description }] of Object.entries(flags)) expect(description, flag).toBeTruthy();
			expect(examples?.length).toBeGreaterThan(0);
			expect(JSON.stringify(examples)).toContain(`<%= config.bin %> ${name}`);
		});
	},
);

it("prints the help of a command, without running it", async () => {
	for (const args of [
		["doctor", "--help"],
		["doctor", "-h"],
		["help", "doctor"],
	]) {
		const { status, stdout } = await kprep(...args);
		expect(status).toBe(0);
		expect(stdout).toMatch(/USAGE\n {2}\$ kprep doctor/);
		expect(stdout).toContain("EXAMPLES");
	}
});

it.skipIf(lacks("man"))("the man page is clean troff, and has every command", async () => {
	const page = join(top, "dist/kprep.1");
	const { stderr } = await attempt(["man", "-l", "--warnings=w", page], {
		env: { MANWIDTH: "100", LC_ALL: "C.UTF-8" },
	});
	expect(stderr).toBe("");
	const text = readFileSync(page, "utf8");
	for (const { id } of commands) expect(text).toContain(`.SS "kprep ${id.replace(":", " ")}`);
});
