/**
 * What sync plans, and the drift that it then finds, for each tree and target of the small lab, as JSON beside this
 * file: a change of the planner shows in review. `npx vitest run test/golden -u` writes them anew.
 */
import { join } from "node:path";
import { structuredPatch } from "diff";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type KprepError, plan, resolveTarget, type SyncReport, silent, sync } from "../../src/index.ts";
import { Bench, type Case } from "../helpers/kbuild/machine.ts";
import { ARCH } from "../helpers/kbuild/tree.ts";
import { lacks } from "../helpers/lacks.ts";

const CASES: [name: string, bench: Case, more?: { output?: string; variables?: Record<string, string> }][] = [
	["2.6.12-own-release", { era: "2.6.12", release: "2.6.12" }],
	["2.6.12-extraversion", { era: "2.6.12", release: "2.6.12-9-386" }],
	["2.6.18-extraversion", { era: "2.6.18", release: "2.6.18-4-686" }],
	["3.10-extraversion", { era: "3.10", release: "3.10.5-1.el7" }],
	["3.10-pin", { era: "3.10", release: "3.10.0-1160.el7" }],
	["3.10-make-variables", { era: "3.10", release: "3.10.5" }, { variables: { BOARD: "one two", EMPTY: "" } }],
	["6.6-own-release", { era: "6.6", release: "6.6.30" }],
	["6.6-extraversion", { era: "6.6", release: "6.6.30+deb12-amd64" }],
	["6.6-pin", { era: "6.6", release: "6.6.0-56-amd64" }],
	["6.6-pin-elsewhere", { era: "6.6", release: "6.6.0-56-amd64" }, { output: "out" }],
	[
		"6.6-drift",
		{
			...{ era: "6.6", release: "6.6.30-board" },
			config: ["CONFIG_GONE=y", "CONFIG_STRUCT_MEMBER=y"],
			kconfig: ["drop GONE", "drop STRUCT_MEMBER", "new FRESH y"],
		},
	],
];

/** What would be written, as the lines that come and go. */
function withLines(action: SyncReport["plan"][number]): object {
	if (action.kind !== "write") return action;
	const { before, content, ...rest } = action;
	const text = (part: string | Uint8Array | null) => (part === null ? "" : Buffer.from(part).toString());
	const { hunks } = structuredPatch("", "", text(before), text(content), "", "", { context: 0 });
	return { ...rest, lines: hunks.flatMap(({ lines }) => lines) };
}

/** Without what differs from machine to machine and run to run. */
function normalised(value: unknown, top: string): string {
	return `${JSON.stringify(value, null, "\t").replaceAll(top, "TOP").replaceAll(`Linux/${ARCH} `, "Linux/ARCH ")}\n`;
}

describe.skipIf(lacks("make"))("the plan and the drift", () => {
	afterEach(() => {
		vi.unstubAllEnvs();
	});

	it.each(CASES)("%s", async (name, options, { output, variables } = {}) => {
		const bench = new Bench(options);
		for (const [key, value] of Object.entries(bench.env())) vi.stubEnv(key, value);
		const spec = { target: bench.release, sysroot: bench.root };
		const request = {
			...{ tree: bench.tree, target: await resolveTarget(spec, silent), spec, jobs: 2, progress: silent },
			...(output === undefined ? {} : { output: join(bench.top, output) }),
			...(variables === undefined ? {} : { makeVariables: variables }),
		};
		const { strategy, reason, plan: actions, cures, warnings } = await plan(request);
		const drift = await sync({ ...request, until: "config" }).then(
			(report: SyncReport) => report.drift,
			({ code, expected, found }: KprepError) => ({ stopped: code, expected, found }),
		);
		const told = normalised(
			{ strategy, reason, plan: actions.map(withLines), cures, warnings, drift },
			bench.top,
		);
		await expect(told).toMatchFileSnapshot(`${name}.json`);
	});
});
