import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDebianVersions } from "../../../../src/kernel/source/debian-version.ts";

// In ascending order, as `dpkg --compare-versions` has them.
const ORDER = [
	"0~",
	"1.0~rc1-1",
	"1.0-1",
	"1.0-1+b1",
	"1.0-1.1",
	"1.0a-1",
	"5.15.0-91.101",
	"5.15.0-101.111",
	"6.1.9-1",
	"6.1.192-1~bpo11+1",
	"6.1.192-1",
	"6.1.192-2",
	"6.12.95-1~bpo12+1",
	"6.12.95-1",
	"1:0.1-1",
];

test.each(ORDER.slice(1).map((newer, index) => [ORDER[index] as string, newer]))(
	"%s < %s",
	(older, newer) => {
		expect(compareDebianVersions(older, newer)).toBeLessThan(0);
		expect(compareDebianVersions(newer, older)).toBeGreaterThan(0);
	},
);

test("is an order", () => {
	const version = fc.stringMatching(/^(\d:)?\d[\w.+~]{0,8}(-[\w.+~]{1,5})?$/);
	fc.assert(
		fc.property(version, version, (a, b) => {
			expect(compareDebianVersions(a, a)).toBe(0);
			expect(Math.sign(compareDebianVersions(a, b))).toBe(-Math.sign(compareDebianVersions(b, a)) || 0);
		}),
	);
});
