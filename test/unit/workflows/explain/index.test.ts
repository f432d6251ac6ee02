import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runningMachine } from "../../../../src/host/machine/running-machine.ts";
import { silent } from "../../../../src/host/progress.ts";
import { explain } from "../../../../src/workflows/explain/index.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-explain-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();

function log(text: string): string {
	const path = join(folder, "log");
	writeFileSync(path, text);
	return path;
}

/** A root with these files (path → content). */
function root(files: Record<string, string>): string {
	const at = mkdtempSync(join(folder, "root-"));
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(at, path)), { recursive: true });
		writeFileSync(join(at, path), content);
	}
	return at;
}

const machine = (files: Record<string, string>) =>
	runningMachine({ root: root(files), uname: "6.1.0-7-amd64", path: join(folder, "no-programs") });

describe("explain", () => {
	it.each([
		[
			"Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7",
			{ "/sys/kernel/security/lockdown": "none [integrity] confidentiality" },
			"confirmed",
		],
		[
			"Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7",
			{ "/sys/kernel/security/lockdown": "[none] integrity" },
			"contradicted",
		],
		[
			"Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7",
			{},
			"not-checkable",
		],
		["make: *** /lib/modules/6.1.0-7-amd64/build: No such file or directory.  Stop.", {}, "confirmed"],
		[
			"make: *** /lib/modules/6.1.0-7-amd64/build: No such file or directory.  Stop.",
			{ "/lib/modules/6.1.0-7-amd64/build/Makefile": "" },
			"contradicted",
		],
		["make: *** /lib/modules/5.5.5/build: No such file or directory.  Stop.", {}, "not-checkable"],
		[
			"x: disagrees about version of symbol module_layout",
			{ "/boot/config-6.1.0-7-amd64": "CONFIG_MODVERSIONS=y\n" },
			"confirmed",
		],
		[
			"x: disagrees about version of symbol module_layout",
			{ "/boot/config-6.1.0-7-amd64": "CONFIG_SMP=y\n" },
			"contradicted",
		],
		["/bin/sh: 1: flex: not found", {}, "confirmed"],
		[
			"insmod: ERROR: could not insert module a-b.ko: File exists",
			{ "/sys/module/a_b/refcnt": "0" },
			"confirmed",
		],
	])("asks the machine: %s %j → %s", async (text, files, verdict) => {
		const { diagnoses } = await explain(
			{ sources: [log(text)], probe: true, machine: machine(files) },
			silent,
			signal,
		);
		expect(diagnoses[0]?.machine?.verdict).toBe(verdict);
	});

	it("asks nothing with probe off, and gives the document of the contract", async () => {
		const text =
			"hello: version magic '6.1.0-6-amd64 SMP mod_unload ' should be '6.1.0-7-amd64 SMP mod_unload '";
		const { diagnoses, noise } = await explain({ sources: [log(text)], probe: false }, silent, signal);
		expect(diagnoses[0]).toMatchObject({
			id: "vermagic-release",
			certainty: "certain",
			machine: null,
			lines: [text],
			details: { module: "hello", release_module: "6.1.0-6-amd64", release_kernel: "6.1.0-7-amd64" },
			page: "docs/diagnoses/vermagic-release.md",
			commands: [
				"uname -r",
				"sudo apt install linux-headers-6.1.0-7-amd64",
				"sudo apt update && sudo apt install linux-image-amd64 linux-headers-amd64 && sudo reboot # when those are no longer to be had",
				"make clean && make # in the driver's own folder; without a Makefile of its own: make -C /lib/modules/6.1.0-7-amd64/build M=$PWD clean && make -C /lib/modules/6.1.0-7-amd64/build M=$PWD modules",
				"kprep source list -t 6.1.0-7-amd64",
				"kprep sync TREE --target 6.1.0-7-amd64",
			],
		});
		expect(noise).toEqual([]);
	});

	it("reads the logs below a folder, and several at once", async () => {
		const place = join(folder, "dkms/x/1.0/build");
		mkdirSync(place, { recursive: true });
		writeFileSync(join(place, "make.log"), "x.c:1:2: error: implicit declaration of function 'gone'\n");
		const other = log("hello: disagrees about version of symbol module_layout");
		const { diagnoses } = await explain(
			{ sources: [join(folder, "dkms"), other], probe: false },
			silent,
			signal,
		);
		expect(diagnoses.map(({ id }) => id)).toEqual(["module-layout-version", "kernel-api-changed"]);
		mkdirSync(join(folder, "empty"));
		await expect(explain({ sources: [join(folder, "empty")], probe: false }, silent, signal)).rejects.toThrow(
			/no log below/,
		);
	});

	it("puts nothing of a hostile log unquoted into a command", async () => {
		const text =
			"/bin/sh: 1: scripts/mod/$(touch\u00a0x)`id`: not found\nThe source tree is not clean, please run 'make mrproper'\n*** in /a;rm$IFS-rf";
		const { diagnoses } = await explain({ sources: [log(text)], probe: false }, silent, signal);
		const commands = diagnoses.flatMap((one) => one.commands).join("\n");
		expect(commands.replaceAll(/'[^']*'/g, "").replaceAll("$(uname -r)", "")).not.toMatch(/;rm|`|\$\(touch/);
	});

	it("throws for a log that is not there", async () => {
		await expect(
			explain({ sources: [join(folder, "none")], probe: false }, silent, signal),
		).rejects.toMatchObject({ code: "no-log", exitStatus: 3 });
	});
});
