import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Boot, boot } from "../../../../src/host/boot/emulator.ts";
import { machineFor } from "../../../../src/host/boot/machines.ts";
import { silent } from "../../../../src/host/progress.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-emulator-"));
	vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
	vi.stubEnv("KPREP_ACCELERATOR", "tcg");
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

describe("boot", () => {
	test("gives the lines of the serial port, with its carriage returns off", async () => {
		program("qemu-system-x86_64", 'printf "one\\r\\ntwo\\n\\nrest"');
		const { lines, accelerator, timedOut } = await boot(request());
		expect({ lines, accelerator, timedOut }).toEqual({
			...{ lines: ["one", "two", "", "rest"], accelerator: "tcg", timedOut: false },
		});
	});

	test("hands over image, initramfs and kernel arguments without a shell", async () => {
		program("qemu-system-x86_64", 'for word; do echo "$word"; done');
		const { lines } = await boot({ ...request(), image: "/a b", kernelArguments: ["quiet", "x=1"] });
		expect(lines).toContain("/a b");
		expect(lines).toContain("console=ttyS0 panic=-1 quiet x=1");
		expect(lines[lines.indexOf("-m") + 1]).toBe("323");
	});

	test("user-mode Linux is started itself, its first console on our pipe", async () => {
		program("linux", 'for word; do echo "$word"; done');
		const machine = machineFor("um");
		const { lines, accelerator } = await boot({ ...request(), machine, image: join(folder, "linux") });
		expect(accelerator).toBe("none");
		expect(lines).toEqual([
			...["mem=259M", "initrd=/initramfs", "con=null", "con0=null,fd:1", "ssl=null"],
			...["console=tty0", "panic=-1"],
		]);
	});

	test("a machine without end is stopped", async () => {
		program("qemu-system-x86_64", "echo up; exec sleep 60");
		const { lines, timedOut } = await boot({ ...request(), timeout: 300 });
		expect({ lines, timedOut }).toEqual({ lines: ["up"], timedOut: true });
	});

	test("an emulator that refuses its job is a failed command with its own words", async () => {
		program("qemu-system-x86_64", "echo 'could not load kernel' >&2; exit 1");
		await expect(boot(request())).rejects.toMatchObject({
			...{ kind: "command", code: "emulator-failed", found: "could not load kernel" },
		});
	});

	test("is stopped by the signal", async () => {
		program("qemu-system-x86_64", "echo up; exec sleep 60");
		const abort = new AbortController();
		setTimeout(() => abort.abort(), 200);
		await expect(boot({ ...request(), signal: abort.signal })).rejects.toMatchObject({
			kind: "interrupted",
		});
	});
});

function request(): Boot {
	return {
		...{ machine: machineFor("x86"), image: "/image", initramfs: "/initramfs", initramfsSize: 1 },
		...{ kernelArguments: [], timeout: 10_000, alive: () => true, progress: silent },
	};
}

function program(name: string, script: string): void {
	writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
	chmodSync(join(folder, name), 0o755);
}
