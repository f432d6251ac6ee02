import { expect, test } from "vitest";
import { rust } from "../../../src/checks/rust.ts";
import { parseConfig } from "../../../src/kernel/config/config.ts";
import { contextOf, fakeTarget, treeFolder } from "./fake-context.ts";

const OURS = "rustc 1.97.1 (8bab26f4f 2026-07-14)";
const metadata = (text: string) => `rust\0\0\0\x0a\0\0\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`;
const CONFIG = `CONFIG_RUST=y\nCONFIG_RUSTC_VERSION_TEXT="${OURS}"\n`;

test.each<[what: string, config: string, core: string | null, kernel: string | null, status: string]>([
	["the target's own compiler", CONFIG, OURS, OURS, "match"],
	["another compiler", CONFIG, "rustc 1.63.0", "rustc 1.63.0", "note"],
	["half of them made again", CONFIG, OURS, "rustc 1.63.0", "note"],
	["no crates", CONFIG, null, null, "note"],
	["a target without Rust", "CONFIG_MODULES=y\n", null, null, "skipped"],
])("%s: %s", async (_, config, core, kernel, status) => {
	const files = {
		...(core === null ? {} : { "rust/libcore.rmeta": metadata(core) }),
		...(kernel === null ? {} : { "rust/libkernel.rmeta": metadata(kernel) }),
	};
	const context = await contextOf(treeFolder(undefined, files), await fakeTarget());
	const found = await rust.run({ ...context, targetConfig: parseConfig(config) });
	expect(found).toMatchObject({ id: "rust", status });
	if (status === "note") {
		expect(found.why).toMatch(/only modules in Rust/);
		expect(found.advice?.commands).toEqual(["kprep sync TREE --toolchain fetch"]);
	}
});
