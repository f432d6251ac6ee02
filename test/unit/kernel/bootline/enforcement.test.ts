import { describe, expect, test } from "vitest";
import { type BootFacts, blacklistOf, enforcementOf } from "../../../../src/kernel/bootline/enforcement.ts";

const NOTHING: BootFacts = { commandLine: null, lockdown: null, sigEnforce: null, secureBoot: null };
const DEBIAN: Record<string, string> = { SECURITY_LOCKDOWN_LSM: "y", LOCK_DOWN_IN_EFI_SECURE_BOOT: "y" };

describe("enforcementOf", () => {
	test.each<[string, Partial<BootFacts>, Record<string, string> | null, string | null]>([
		["nothing is known", {}, DEBIAN, null],
		["no config", { commandLine: "quiet" }, null, null],
		["no lockdown in it", { commandLine: "quiet" }, {}, "none"],
		["nothing on the line, Secure Boot may be on", { commandLine: "quiet" }, DEBIAN, null],
		["nothing on the line, Secure Boot off", { commandLine: "quiet", secureBoot: false }, DEBIAN, "none"],
		["Secure Boot on", { commandLine: "quiet", secureBoot: true }, DEBIAN, "lockdown"],
		["lockdown on the line", { commandLine: "ro lockdown=integrity" }, DEBIAN, "lockdown"],
		["a lockdown that is not built in", { commandLine: "lockdown=integrity" }, {}, "none"],
		["sig_enforce, bare", { commandLine: "module.sig_enforce" }, DEBIAN, "signature"],
		["sig_enforce=1", { commandLine: "module.sig_enforce=1 quiet" }, null, "signature"],
		["sig_enforce=0", { commandLine: "module.sig_enforce=0", secureBoot: false }, DEBIAN, "none"],
		["sig_enforce for init", { commandLine: "quiet -- module.sig_enforce" }, {}, "none"],
		["the kernel says so itself", { sigEnforce: "Y\n" }, DEBIAN, "signature"],
		["locked down", { lockdown: "none [integrity] confidentiality\n" }, DEBIAN, "lockdown"],
		["not locked down", { lockdown: "[none] integrity\n", sigEnforce: "N\n" }, DEBIAN, "none"],
		["forced by the config", {}, { ...DEBIAN, LOCK_DOWN_KERNEL_FORCE_INTEGRITY: "y" }, "lockdown"],
	])("%s", (_name, facts, config, expected) => {
		const symbol = config === null ? null : (name: string) => config[name];
		expect(enforcementOf({ ...NOTHING, ...facts }, symbol)).toBe(expected);
	});

	test("module_blacklist: the last one counts, and only names", () => {
		expect(blacklistOf("a module_blacklist=x module_blacklist=floppy,pcspkr,\x1b[31m")).toEqual([
			"floppy",
			"pcspkr",
		]);
		expect(blacklistOf("quiet")).toEqual([]);
	});
});
