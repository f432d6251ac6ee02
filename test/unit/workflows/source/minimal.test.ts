import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unpackArchive } from "../../../../src/host/archive/unpack.ts";
import { silent } from "../../../../src/host/progress.ts";
import { unpackMinimal } from "../../../../src/workflows/source/minimal.ts";
import { tar } from "../../../helpers/tar.ts";

/** The rounds that it took, and what of `paths` is there. */
async function unpacked(files: Record<string, string>, paths: string[]) {
	const folder = mkdtempSync(join(tmpdir(), "kprep-minimal-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const archive = join(folder, "linux.tar");
	writeFileSync(
		archive,
		tar(Object.entries(files).map(([path, content]) => ({ name: `linux/${path}`, content }))),
	);
	const tree = join(folder, "tree");
	let rounds = 0;
	const { files: count } = await unpackMinimal(
		(to, wanted) => {
			rounds++;
			return unpackArchive(archive, to, { progress: silent, wanted });
		},
		tree,
		"x86",
	);
	return { rounds, count, there: paths.filter((path) => existsSync(join(tree, path))) };
}

const TREE = {
	Makefile: "",
	"drivers/net/dummy.c": "",
	"drivers/base/base.h": "",
	"include/linux/module.h": "",
};

test("what rust/ includes from other folders comes along, and what that includes in turn", async () => {
	const files = {
		...TREE,
		"rust/bindings/bindings_helper.h":
			'#include <linux/module.h>\n#include <../../drivers/base/base.h>\n#include "../../fs/odd/odd.h"\n',
		"fs/odd/odd.h": '#include "events.h"\n#include "not-there.h"\n',
		"fs/odd/events.h": "",
		"fs/odd/other.h": "",
	};
	const { there, count } = await unpacked(files, Object.keys(files));
	expect(there.sort()).toEqual(
		Object.keys(files)
			.filter((path) => !["drivers/net/dummy.c", "fs/odd/other.h"].includes(path))
			.sort(),
	);
	expect(count).toBe(there.length);
});

test("a tree without such includes is gone through once", async () => {
	const { rounds } = await unpacked(
		{ ...TREE, "rust/exports.c": '#include "../drivers/base/base.h"\n#include "exports_generated.h"\n' },
		[],
	);
	expect(rounds).toBe(1);
});
