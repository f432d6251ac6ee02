import { describe, expect, test } from "vitest";
import { configMissing } from "../../../../src/target/facts/no-config.ts";
import { configPlaces, VENDORS } from "../../../../src/target/facts/vendors.ts";
import { fakeRoot, resolveIn, symversText, utsRelease, versionHeader } from "../fake-root.ts";

describe("configPlaces", () => {
	test.each([
		["5.15.167.4-microsoft-standard-WSL2", "WSL2"],
		["6.6.31+rpt-rpi-v8", "Raspberry Pi"],
		["6.1.21-v8+", "Raspberry Pi"],
		["5.10.120-tegra", "NVIDIA Jetson"],
		["6.1.75-android14-11-g1234", "Android"],
		["6.8.12-4-pve", "Proxmox VE"],
		["6.1.115-126.197.amzn2023.x86_64", "Amazon Linux"],
		["6.11.4-301.fc41.x86_64", "Fedora or Red Hat"],
		["5.14.0-503.el9.x86_64", "Fedora or Red Hat"],
		["6.8.0-45-generic", "Ubuntu"],
		["6.12.1-arch1-1", "Arch Linux"],
		["6.6.30-0-lts", "Alpine Linux"],
		["6.6.54-1-lts", "Alpine Linux"],
		["6.4.0-150600.21-default", "openSUSE or SLE"],
		["6.1.0-56-amd64", "Debian"],
		["6.12.117+deb12-cloud-amd64", "Debian"],
		["6.6.44-current-rockchip64", "Armbian"],
		["6.18.44-fc-v669", "Firecracker"],
		["6.1.5-vendor", null],
	])("%s: %s", (release, vendor) => {
		const [first = ""] = configPlaces(release);
		expect(VENDORS.find(({ name }) => first.startsWith(`${name}: `))?.name ?? null).toBe(vendor);
	});

	test("names the release and the series", () => {
		expect(configPlaces("6.1.0-56-amd64").slice(0, 2)).toEqual([
			"Debian: /usr/src/linux-config-6.1 of the package linux-config-6.1 (kprep source get brings it)",
			"Debian: the package linux-headers-6.1.0-56-amd64",
		]);
	});
});

test("no config anywhere: says what can still be proven, and exits 3", async () => {
	const build = "lib/modules/6.1.5-vendor/build";
	const target = await resolveIn({
		sysroot: fakeRoot({
			[`${build}/include/generated/utsrelease.h`]: utsRelease("6.1.5-vendor"),
			[`${build}/include/generated/uapi/linux/version.h`]: versionHeader("6.1.5"),
			[`${build}/Module.symvers`]: symversText(),
		}),
	});
	const error = configMissing(target);
	expect(error).toMatchObject({ code: "config-missing", exitStatus: 3 });
	expect(error.found).toBe(
		"without it these can still be proven: the release, LINUX_VERSION_CODE, exports and their CRCs, the CRC of module_layout",
	);
	expect(error.suggestions[0]).toContain("--config FILE");
});
