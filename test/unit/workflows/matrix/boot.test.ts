import { describe, expect, test } from "vitest";
import type { BootResult } from "../../../../src/kernel/log/bootlog.ts";
import type { Cell } from "../../../../src/report/matrix/document.ts";
import { withBoot } from "../../../../src/workflows/matrix/boot.ts";
import { cell } from "../../report/matrix/made.ts";

function answer(change: Partial<BootResult> = {}): BootResult {
	return {
		...{ loaded: false, errno: null, stage: "loader", panic: null, dependency: null },
		...{ accelerator: "tcg", seconds: 4, log: [] },
		...change,
	};
}

const LOADED = answer({ loaded: true, stage: "loaded" });
const INIT = answer({ stage: "init", errno: "ENODEV", log: ["a: no device"] });
const UNASKED = answer({
	...{ errno: "ENOENT", log: ["b: Unknown symbol a_lock (err -2)"] },
	dependency: { name: "a", errno: "ENODEV", stage: "init", log: [] },
});
const REFUSED = answer({ errno: "ENOEXEC", log: ["c: loading out-of-tree module taints kernel.", "c: bad"] });

const said = (answers: BootResult[], given: Partial<Cell> = {}) => {
	const { stage, verdict, errno, message, boot } = withBoot(
		cell({ target: "t", module: "m", ...given }),
		answers,
	);
	return { stage, verdict, errno, message, boot: boot && [boot.loaded, boot.stage, boot.errno] };
};
const nothing = { stage: "boot", errno: null, message: null };

describe("what the kernel said, in a cell of the matrix", () => {
	test("an init function that fails in the emulator is no refusal of the loader", () => {
		expect(said([LOADED, INIT])).toEqual({
			...{ ...nothing, verdict: "loads", boot: [false, "init", "ENODEV"] },
		});
		// What was foretold to be refused and is taken loads.
		expect(said([INIT], { verdict: "refused", errno: "EINVAL", message: "x" })).toEqual({
			...{ ...nothing, verdict: "loads", boot: [false, "init", "ENODEV"] },
		});
	});

	test("a loader that could not be asked changes nothing", () => {
		const boot = [false, "loader", "ENOENT"];
		expect(said([UNASKED])).toEqual({ ...nothing, verdict: "loads", boot });
		expect(said([LOADED, UNASKED], { verdict: "unknown" })).toEqual({ ...nothing, verdict: "unknown", boot });
	});

	test("the module that the loader refuses is the cell's, whatever stands before it", () => {
		expect(said([INIT, UNASKED, REFUSED, LOADED])).toEqual({
			...{ stage: "boot", verdict: "refused", errno: "ENOEXEC", message: "c: bad" },
			boot: [false, "loader", "ENOEXEC"],
		});
		expect(said([answer({ stage: "crashed" })]).message).toBe("the kernel went down with it");
		expect(said([LOADED], { verdict: "unsafe" }).verdict).toBe("unsafe");
	});
});
