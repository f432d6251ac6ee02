import { describe, expect, test } from "vitest";
import { remedyFor } from "../../../../src/kernel/failures/catalogue.ts";
import { withRemedies } from "../../../../src/kernel/loader/remedies.ts";
import type { Verdict } from "../../../../src/kernel/loader/verdict.ts";

function verdict(id: string, message: string | null, expected = "", actual = ""): Verdict & { name: string } {
	return {
		name: "probe",
		verdict: "refused",
		errno: "ENOEXEC",
		message,
		messages: message === null ? [] : [message],
		reasons: [{ id, expected, actual, remedy: "" }],
		taints: [],
		warnings: [],
		caveats: [],
		needs: [],
	};
}

describe("withRemedies", () => {
	test.each<[string, Verdict & { name: string }, string]>([
		["elf", verdict("elf", "Invalid ELF header magic: != \x7fELF"), remedyFor("elf-header-invalid")],
		[
			"a namespace, by its name",
			verdict("namespace", "probe: module uses symbol (x) from namespace DMA_BUF, but does not import it."),
			remedyFor("symbol-namespace", { namespace: "DMA_BUF" }),
		],
		[
			"another release",
			verdict("vermagic", null, "'6.1.0-56 SMP '", "'6.1.192 SMP '"),
			remedyFor("vermagic-release", { release_module: "6.1.192", release_kernel: "6.1.0-56" }),
		],
		[
			"a flag",
			verdict("vermagic", null, "'6.1 SMP '", "'6.1 '"),
			remedyFor("vermagic-flags", { release_kernel: "6.1" }),
		],
		[
			"a CRC",
			verdict("symbol-version", null, "0x1", "0x00000002"),
			remedyFor("symbol-version-mismatch", { module: "probe" }),
		],
		["no CRC", verdict("symbol-version", null, "a CRC", "none"), remedyFor("symbol-version-missing")],
	])("%s: the catalogue's own words", (_name, given, expected) => {
		expect(withRemedies(given)[0]?.remedy).toBe(expected);
	});
	test.each(["file", "livepatch", "export-flags", "writable-code", "anything"])("%s has one too", (id) => {
		expect(withRemedies(verdict(id, null))[0]?.remedy).not.toBe("");
	});
	test("what is not known is asked for", () => {
		const unknown = {
			...verdict("vermagic", null, "the target's vermagic", "x"),
			verdict: "unknown" as const,
		};
		expect(withRemedies(unknown)[0]?.remedy).toContain("the target's vermagic");
	});
});
