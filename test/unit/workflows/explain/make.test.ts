import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { explainMake, MakeListener } from "../../../../src/workflows/explain/make.ts";

const tree = mkdtempSync(join(tmpdir(), "kprep-make-"));
afterAll(() => rmSync(tree, { recursive: true }));
writeFileSync(join(tree, "Module.symvers"), "0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n");

const facts = {
	...{ release: "1.2.3-target", arch: "arm64", tree },
	config: "CONFIG_CFG80211=m\n# CONFIG_MAC80211 is not set\n",
};

describe("explainMake", () => {
	it("says that the option of an undefined symbol is off in the target", () => {
		const [first] = explainMake('ERROR: modpost: "ieee80211_alloc_hw_nm" [/m/x.ko] undefined!', facts);
		expect(first?.id).toBe("modpost-undefined");
		expect(first?.machine).toEqual({
			verdict: "confirmed",
			evidence: [
				"Module.symvers of 1.2.3-target does not have ieee80211_alloc_hw_nm",
				"CONFIG_MAC80211, which brings ieee80211_alloc_hw_nm, is off in the target",
			],
		});
	});

	it("has commands for the tree and the target, whatever kernel runs here", () => {
		const log = 'ERROR: modpost: "gone_function" [/m/x.ko] undefined!';
		const [known] = explainMake(log, facts);
		const commands = known?.commands.join("\n") ?? "";
		expect(commands).toContain(`grep -w gone_function ${tree}/Module.symvers`);
		expect(commands).not.toContain("uname -r");
		const [unknown] = explainMake(log, { ...facts, release: null });
		expect(unknown?.commands.join("\n")).toContain(`-C ${tree} M=`);
	});

	it("asks the tree for its files and never the kernel that runs here", () => {
		const [first] = explainMake(
			"make[1]: *** No rule to make target 'scripts/basic/fixdep', needed by 'scripts_basic'.  Stop.",
			facts,
		);
		expect(first?.id).toBe("host-tools-missing");
		expect(first?.machine?.evidence[0]).toBe(`${tree}/scripts/basic/fixdep is not there`);
		const [signing] = explainMake("sign-file: certs/signing_key.pem: No such file or directory", facts);
		expect(signing?.machine).toEqual({ verdict: "not-checkable", evidence: [] });
	});

	it("has nothing to say of a make that ended well", () => {
		const listener = new MakeListener();
		for (const line of [
			"  LD [M]  x.ko",
			"Skipping BTF generation for x.ko due to unavailability of vmlinux",
		])
			listener.line(line);
		expect(listener.explain(facts)).toEqual([]);
	});
});
