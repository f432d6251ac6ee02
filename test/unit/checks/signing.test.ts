import { expect, it } from "vitest";
import { signing } from "../../../src/checks/signing.ts";
import { contextOf, fakeTarget, fileFact, treeFolder } from "./fake-context.ts";

it.each([
	["MODULE_SIG", undefined, "match", null],
	["MODULE_SIG", "none", "match", null],
	["MODULE_SIG", "signature", "mismatch", "EKEYREJECTED"],
	["MODULE_SIG", "lockdown", "mismatch", "EPERM"],
	["MODULE_SIG_FORCE", "none", "mismatch", "EKEYREJECTED"],
	["SMP", "signature", "match", null],
] as const)("CONFIG_%s, --enforce %s: %s", async (symbol, enforce, status, errno) => {
	const target = await fakeTarget({ config: fileFact(`CONFIG_${symbol}=y\n`) });
	const finding = await signing.run({ ...(await contextOf(treeFolder(), target)), enforce });
	expect(finding.status).toBe(status);
	expect(finding.effect ?? null).toEqual(
		errno === null ? null : expect.objectContaining({ kind: "refused", errno }),
	);
});
