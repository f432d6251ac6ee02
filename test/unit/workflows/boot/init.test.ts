import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { buildInit } from "../../../../src/host/boot/init.ts";
import { machineFor } from "../../../../src/host/boot/machines.ts";
import { silent } from "../../../../src/host/progress.ts";
import { lacks } from "../../../helpers/lacks.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-init-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.arch !== "x64" || lacks("gcc", "qemu-system-x86_64"))("buildInit", () => {
	it("takes a compiler that was brought along where the machine has none, and says so where neither is", async () => {
		const machine = { ...machineFor("x86"), compilers: [["no-such-gcc"]], triple: "no-such" };
		const given = { compiler: ["env", "gcc"], progress: silent };
		expect(existsSync(await buildInit(machine, folder, given))).toBe(true);
		await expect(
			buildInit({ ...machine, compilers: [["no-such-gcc"]] }, folder, { progress: silent }),
		).rejects.toThrow(/no compiler for x86|command/);
	});
});
