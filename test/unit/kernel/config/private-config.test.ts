import fc from "fast-check";
import { expect, test } from "vitest";
import { withoutPrivate } from "../../../../src/kernel/config/private-config.ts";

test.each([
	['CONFIG_MODULE_SIG_KEY="/home/jane/keys/my.pem"', 'CONFIG_MODULE_SIG_KEY="my.pem"'],
	[
		'CONFIG_SYSTEM_TRUSTED_KEYS="/root/certs/a.pem:/home/joe/b.pem"',
		'CONFIG_SYSTEM_TRUSTED_KEYS="a.pem:b.pem"',
	],
	['CONFIG_INITRAMFS_SOURCE="/home/joe/"', 'CONFIG_INITRAMFS_SOURCE=""'],
	['CONFIG_DEFAULT_HOSTNAME="janes-laptop"', 'CONFIG_DEFAULT_HOSTNAME="(none)"'],
	['CONFIG_DEFAULT_HOSTNAME="(none)"', 'CONFIG_DEFAULT_HOSTNAME="(none)"'],
	['CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"', 'CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"'],
	['CONFIG_UEVENT_HELPER_PATH="/sbin/hotplug"', 'CONFIG_UEVENT_HELPER_PATH="/sbin/hotplug"'],
	["# made in /home/jane/linux", "# made in /home/jane/linux"],
])("%s", (line, expected) => {
	const { text, symbols } = withoutPrivate(`CONFIG_A=y\n${line}\n`);
	expect(text).toBe(`CONFIG_A=y\n${expected}\n`);
	expect(symbols.length).toBe(line === expected ? 0 : 1);
});

test("changes nothing twice, and nothing without a string symbol", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			const once = withoutPrivate(text).text;
			expect(withoutPrivate(once).text).toBe(once);
			if (!text.includes('="')) expect(once).toBe(text);
		}),
	);
});
