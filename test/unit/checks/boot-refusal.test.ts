import { expect, it } from "vitest";
import { explainedRefusal } from "../../../src/checks/boot-refusal.ts";

it.each([
	[["kprep_probe: version magic '6.1.1 SMP ' should be '6.1.2 SMP '"], "ENOEXEC", "vermagic-release"],
	[["kprep_probe: disagrees about version of symbol module_layout"], "ENOEXEC", "module-layout-version"],
	[["Loading of unsigned module is rejected"], "EKEYREJECTED", "signature-rejected"],
	[[], "EPERM", "operation-not-permitted"],
	[[], "ENOEXEC", null],
	[["kprep_probe: loading out-of-tree module taints kernel."], null, "benign-noise"],
] as const)("%j %s is %s", (log, errno, id) => {
	expect(explainedRefusal(log, errno).about).toBe(id);
});

it("gives the facts of the log to the words of the remedy", () => {
	const { facts } = explainedRefusal(["kprep_probe: Unknown symbol gone (err -2)"], "ENOENT");
	expect(facts).toMatchObject({ symbol: ["gone"], module: ["kprep_probe"] });
});
