import { expect, it } from "vitest";
import type { Conflict, Evidence } from "../../../src/target/target.ts";
import { weigh } from "../../../src/target/weigh/index.ts";

const version = (value: string, kind: "headers" | "image" | "boot"): Evidence => ({
	version: { value, source: { kind, path: `/${kind}` } },
});
const release = (value: string): Evidence => ({
	release: { value, source: { kind: "image", path: "/image" } },
});

it.each([
	["the .config's title", [version("5.10.255", "image"), version("5.10.262", "boot")], "5.10.262"],
	["the release", [version("5.10.255", "image"), release("5.10.262-0605-generic")], "5.10.262"],
	["nothing", [version("5.10.255", "image"), release("5.10.0-40-amd64")], "5.10.255"],
	["another series", [version("5.10.255", "image"), release("5.15.262-x")], "5.10.255"],
])("a SUBLEVEL above 255 is known by %s", (_, evidence, expected) => {
	const conflicts: Conflict[] = [];
	expect(weigh("version", [evidence], conflicts)?.value).toBe(expected);
	expect(conflicts).toEqual([]);
});
