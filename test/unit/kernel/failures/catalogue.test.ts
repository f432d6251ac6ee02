import { describe, expect, it } from "vitest";
import {
	catalogue,
	causeFor,
	commandsFor,
	entryOf,
	remedyFor,
} from "../../../../src/kernel/failures/catalogue.ts";
import { lineFilter } from "../../../../src/kernel/failures/diagnose.ts";
import { comparePlaces, LAST } from "../../../../src/kernel/failures/place.ts";

describe("catalogue", () => {
	it("has an id each", () => {
		expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
	});

	it.each(catalogue.map((entry) => [entry.id, entry] as const))(
		"%s says everything without any fact",
		(id, entry) => {
			for (const text of [remedyFor(id), causeFor(id)]) {
				expect(text).toMatch(/^[^{}[\]]{20,}[.!]$/);
				expect(text[0]).toBe(text[0]?.toUpperCase());
			}
			for (const command of commandsFor(id, {}, (tools) => `install ${tools.join(" ")}`)) {
				expect(command).not.toMatch(/\{\w+|\[\[/);
			}
			expect(entry.title).not.toMatch(/\.$/);
			expect(entry.origin).not.toBe("");
			expect(entry.check).not.toBe("");
		},
	);

	it("orders the bands of entries as the interface says", () => {
		const precedes = (a: string, b: string) =>
			comparePlaces(entryOf(a)?.place ?? LAST, entryOf(b)?.place ?? LAST) < 0;
		expect(precedes("lockdown", "signature-rejected")).toBe(true);
		expect(precedes("struct-module-size", "module-layout-version")).toBe(true);
		expect(precedes("module-layout-version", "vermagic-release")).toBe(true);
		for (const { id } of catalogue) expect(id === "benign-noise" || precedes(id, "benign-noise")).toBe(true);
	});

	it("makes a filter of all needles", () => {
		expect(() => lineFilter()).not.toThrow();
	});

	it("refuses an id that is not there", () => {
		expect(() => remedyFor("no-such-id")).toThrow(TypeError);
		expect(entryOf("no-such-id")).toBeNull();
	});
});

describe("texts", () => {
	it("fills facts, names the first few of many, and drops parts without facts", () => {
		expect(
			causeFor("vermagic-release", { module: "hello", release_module: "1.2.3", release_kernel: "1.2.4" }),
		).toBe("hello was built for 1.2.3, and the kernel that refused it is 1.2.4.");
		expect(causeFor("unknown-symbol", { symbol: ["a", "b", "c", "d", "e"] })).toContain("a, b, c and 2 more");
		expect(causeFor("vermagic-flags", { flags_missing: ["preempt"] })).toBe(
			"The option words of the version magic differ; the kernel has and the module lacks: preempt. The tree was configured from another kernel or flavour.",
		);
	});

	it("quotes values for a shell and takes none that could be an option", () => {
		expect(commandsFor("tree-not-clean", { path: "/a b/$(id)" })[0]).toContain("'/a b/$(id)'/.config");
		expect(commandsFor("toolchain-missing", { tool: "-rf" }).at(-1)).toBe("command -v gcc");
	});
});
