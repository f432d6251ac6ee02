import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { foreignPrograms } from "../../../src/tree/host-programs.ts";
import { dynamicElf, LOADER, machineWith } from "../host/machine/dynamic-elf.ts";
import { addFiles, fakeRoot } from "../target/fake-root.ts";

it("names the programs that cannot start, and why", () => {
	const folder = fakeRoot();
	const put = (path: string, bytes: Uint8Array | string) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), bytes);
		chmodSync(join(folder, path), 0o755);
	};
	put("scripts/basic/fixdep", dynamicElf({}));
	put("scripts/mod/modpost", dynamicElf({ machine: 183 }));
	put("scripts/kallsyms", "");
	addFiles(folder, {
		"scripts/sorttable": { link: "/dev/zero" },
		"scripts/recordmcount": { link: "nowhere" },
	});
	expect(foreignPrograms(folder, machineWith({ [LOADER]: null }))).toEqual([
		{ path: "scripts/mod/modpost", why: "it was compiled for arm64, and this machine is x86" },
		{ path: "scripts/kallsyms", why: "it is empty" },
		{ path: "scripts/recordmcount", why: "it is a link that leads nowhere" },
		{ path: "scripts/sorttable", why: "it is not a regular file" },
	]);
});

it("a tree in which nothing was built has none", () => {
	expect(foreignPrograms(fakeRoot())).toEqual([]);
});
