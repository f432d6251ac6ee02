import { expect, it } from "vitest";
import { aptArchive } from "../../../../src/host/packages/apt-origin.ts";
import { builtAs } from "../../../../src/workflows/source/built-as.ts";

const fact = (value: string) => ({ value, source: { kind: "profile" as const, path: "/tmp/p.kprep" } });

it("builtAs: the banner's package is the origin, its source is linux of the same version", async () => {
	const origin = await builtAs({ packageVersion: fact("6.1.192-2"), image: null }, "6.1.0-56-amd64");
	expect(origin).toMatchObject({
		name: "linux-image-6.1.0-56-amd64",
		source: "linux",
		sourceVersion: "6.1.192-2",
		where: "/tmp/p.kprep",
	});
});

it("builtAs: no package, no image; an image that cannot be read", async () => {
	expect(await builtAs({ packageVersion: null, image: null }, "6.1.1")).toBeNull();
	const image = { ...fact("/no/such/image"), read: async () => new Uint8Array() };
	expect(await builtAs({ packageVersion: null, image }, "6.1.1")).toBeNull();
});

it.each([
	["linux-image-6.1.0-51-amd64", "6.1.170-3", "https://snapshot.debian.org/package/linux/6.1.170-3/"],
	[
		"linux-image-5.15.0-91-generic",
		"5.15.0-91.101",
		"https://launchpad.net/ubuntu/+source/linux/5.15.0-91.101",
	],
	["kernel-core", "6.11.4-301.fc41", null],
])("aptArchive of %s %s", (name, sourceVersion, url) => {
	expect(aptArchive({ name, version: sourceVersion, source: "linux", sourceVersion, where: "" })).toBe(url);
});
