import fc from "fast-check";
import { expect, it } from "vitest";
import {
	parseUtsRelease,
	parseVersion,
	parseVersionCode,
	versionCode,
} from "../../../../src/kernel/release/version-header.ts";

it.each([
	['#define UTS_RELEASE "6.1.0-56-amd64"\n', "6.1.0-56-amd64"],
	['/* x */\n#define UTS_RELEASE\t"2.6.12-rc2"\n#define LINUX_VERSION_CODE 132620\n', "2.6.12-rc2"],
	['#define UTS_RELEASE ""\n', ""],
	['#undef UTS_RELEASE\n// #define UTS_RELEASE "x"\n', null],
	['#define UTS_RELEASE "broken\n"', null],
	["", null],
])("UTS_RELEASE of %j", (text, release) => {
	expect(parseUtsRelease(text)).toBe(release);
});

it.each([
	["#define LINUX_VERSION_CODE 393664\n", 393664, "6.1.192"],
	[
		"#define LINUX_VERSION_CODE 132620\n#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))\n",
		132620,
		"2.6.12",
	],
	[
		"#define LINUX_VERSION_CODE 330239\n#define LINUX_VERSION_MAJOR 5\n#define LINUX_VERSION_PATCHLEVEL 9\n#define LINUX_VERSION_SUBLEVEL 300\n",
		330239,
		"5.9.300",
	],
	["#define LINUX_VERSION_CODE KERNEL_VERSION(6,1,0)\n", null, null],
	["", null, null],
])("version of %j", (text, code, version) => {
	expect(parseVersionCode(text)).toBe(code);
	expect(parseVersion(text)).toBe(version);
});

it.each([
	["6.1.192", true, 393664],
	["6.1.300", true, 6 * 65536 + 256 + 255],
	["6.1.300", false, 6 * 65536 + 256 + 300],
	["5.15", true, 331520],
])("versionCode of %s, clamped: %s", (version, clamps, code) => {
	expect(versionCode(version, clamps)).toBe(code);
});

it("parseVersion takes apart what versionCode put together", () => {
	const part = fc.integer({ min: 0, max: 255 });
	fc.assert(
		fc.property(part, part, part, (...parts) => {
			const version = parts.join(".");
			expect(parseVersion(`#define LINUX_VERSION_CODE ${versionCode(version)}\n`)).toBe(version);
		}),
	);
});
