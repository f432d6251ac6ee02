import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { configText, fakeRoot, resolveIn } from "../../fake-root.ts";

const RELEASE = "6.1.0-1-test";
const FOLDER = `lib/modules/${RELEASE}`;
const CONFIG = configText("6.1.192", ["CONFIG_IKCONFIG=m"]);

/** As kernel/configs.c lays it into the module's .rodata. */
function configsModule(packed = gzipSync(CONFIG)): Uint8Array {
	return Buffer.concat([
		Buffer.from("\x7fELF and so on IKCFG_ST"),
		packed,
		Buffer.from("IKCFG_ED and the rest"),
	]);
}

test.each<[string, Uint8Array]>([
	["configs.ko", configsModule()],
	["configs.ko.gz", gzipSync(configsModule())],
])("the config is in %s, and counts before a copy in /boot", async (name, bytes) => {
	const sysroot = fakeRoot({
		[`${FOLDER}/kernel/kernel/${name}`]: bytes,
		[`boot/config-${RELEASE}`]: configText("6.1.192", ["CONFIG_EDITED=y"]),
	});
	const { config, conflicts, unreadable } = await resolveIn({ sysroot });
	expect(config?.source).toEqual({ kind: "module", path: expect.stringContaining(`/kernel/kernel/${name}`) });
	expect(new TextDecoder().decode(await config?.read())).toBe(CONFIG);
	expect(conflicts).toContainEqual(
		expect.objectContaining({ fact: "config", why: expect.stringContaining("CONFIG_EDITED") }),
	);
	expect(unreadable.filter((line) => line.includes("IKCONFIG"))).toEqual([]);
});

test.each<[string, Uint8Array, RegExp | null]>([
	["without a config in it", Buffer.from("\x7fELF of something else"), null],
	["damaged", configsModule(gzipSync(CONFIG).fill(0xff, 20)), /configs\.ko.*damaged/],
])("a module configs that is %s gives none, and harms nothing", async (_, bytes, told) => {
	const sysroot = fakeRoot({ [`${FOLDER}/kernel/kernel/configs.ko`]: bytes });
	const { config, unreadable } = await resolveIn({ sysroot });
	expect(config).toBeNull();
	const about = unreadable.filter((line) => line.includes("IKCONFIG"));
	if (told === null) expect(about).toEqual([]);
	else expect(about).toEqual([expect.stringMatching(told)]);
});
