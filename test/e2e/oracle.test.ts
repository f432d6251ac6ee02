/**
 * The oracle: does `kprep check` say what the kernel says? For real kernels it makes module variants, predicts, loads
 * them all in one boot, and compares verdict, errno and log lines. KPREP_ORACLE=all goes through the whole list of
 * kernels and variants, real modules of each kernel on each other, and a kernel for arm64 (own, backports, older, newest:
 * those of one suite): over 1,000 pairs; without it the machine's own suite and fewer
 * compiled variants have to do. KPREP_ORACLE_KEEP=1 keeps the files.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baseDisagrees, type LabKernel, lab, type Wanted } from "../helpers/lab.ts";
import { lacks } from "../helpers/lacks.ts";
import { table } from "./oracle/compare.ts";
import { btfFile } from "./oracle/material.ts";
import { consult } from "./oracle/oracle.ts";

const MINUTES = 60_000;
const OWN: Wanted[] = [
	{ flavour: "cloud", suite: "own", fits: baseDisagrees },
	{ flavour: "cloud", suite: "backports" },
];
const OTHERS: Wanted[] = [
	{ flavour: "cloud", suite: "older", oldest: true },
	{ flavour: "cloud", suite: "newest" },
	{ flavour: "cloud", suite: "own", architecture: "arm64" },
];
const ASKED = process.env.KPREP_ORACLE;
const WANTED =
	ASKED === undefined
		? OWN.slice(0, 1)
		: [...OWN, ...OTHERS].filter(({ suite }) => ASKED === "all" || ASKED === suite);

const folder = mkdtempSync(join(tmpdir(), "kprep-oracle-"));
const kernels = new Map<Wanted, LabKernel | string>();

beforeAll(async () => {
	for (const wanted of WANTED) {
		const kernel = await lab.kernel(wanted);
		kernels.set(wanted, "skip" in kernel ? kernel.skip : kernel);
		if ("skip" in kernel) process.stderr.write(`oracle, ${wanted.suite}: skipped: ${kernel.skip}\n`);
	}
}, 15 * MINUTES);

afterAll(() => {
	if (process.env.KPREP_ORACLE_KEEP) process.stderr.write(`oracle: files are in ${folder}\n`);
	else rmSync(folder, { recursive: true, force: true });
});

describe("check foretells what the kernel says", () => {
	test.for(WANTED)(
		"$suite $flavour $architecture",
		{ timeout: (ASKED === undefined ? 10 : 40) * MINUTES },
		async (wanted, { skip }) => {
			const kernel = kernels.get(wanted);
			if (kernel === undefined || typeof kernel === "string") return skip(kernel);
			const tools =
				wanted.architecture === "arm64"
					? ["qemu-system-aarch64", "aarch64-linux-gnu-gcc"]
					: ["qemu-system-x86_64"];
			if (lacks(...tools)) return skip(`not installed here: one of ${tools.join(", ")}`);
			const [other] = [...kernels.values()].filter(
				(it) => typeof it !== "string" && it.release !== kernel.release,
			);
			const foreign = other === undefined || typeof other === "string" ? null : other;
			const work = join(folder, kernel.release);
			const btf = foreign === null ? null : await btfFile(foreign, join(folder, `${foreign.release}.btf`));
			const { release, rows, seconds } = await consult(kernel, work, {
				foreignBtf: btf,
				thorough: ASKED !== undefined,
				others: [...kernels.values()].filter((it) => typeof it !== "string" && it !== kernel) as LabKernel[],
			});
			process.stderr.write(`${table(release, rows, seconds)}\n`);
			expect(rows.length).toBeGreaterThanOrEqual(20);
			const wronglyLoads = rows.filter(
				({ predicted, actual }) => predicted === "loads" && actual !== "loads",
			);
			expect(wronglyLoads).toEqual([]);
			expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
		},
	);
});
