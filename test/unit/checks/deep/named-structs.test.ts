import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layoutCheck } from "../../../../src/checks/deep/layout-check.ts";
import { namedStructs } from "../../../../src/checks/deep/named-structs.ts";
import { KprepError } from "../../../../src/errors.ts";
import { COMMON_STRUCTS } from "../../../../src/kernel/layout/common-structs.ts";

const HEADERS = {
	"include/linux/a.h": "struct bio;\nextern struct bio *a(struct bio *);\nstruct bio_vec {\n\tint x;\n};\n",
	"include/linux/blk_types.h": "struct bio {\n\tint x;\n};\n",
	"include/uapi/linux/stat.h": "struct stat {\n\tint x;\n};\n",
	"include/linux/stat.h": "struct stat\n{\n\tlong x;\n};\n",
	"include/drm/drm_device.h": "struct drm_device {\n};\n",
	"include/linux/attribute.h": "struct padded __aligned {\n\tint x;\n};\n",
};

let tree: string;
beforeAll(() => {
	tree = mkdtempSync(join(tmpdir(), "kprep-structs-"));
	for (const [path, text] of Object.entries(HEADERS)) {
		mkdirSync(dirname(join(tree, path)), { recursive: true });
		writeFileSync(join(tree, path), text);
	}
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe("a structure's header is found by its definition", () => {
	test.each([
		["bio", "linux/blk_types.h"],
		["struct bio", "linux/blk_types.h"],
		["bio_vec", "linux/a.h"],
		["stat", "linux/stat.h"],
		["drm_device", "drm/drm_device.h"],
		["padded", "linux/attribute.h"],
	])("%s in %s", (word, header) => {
		expect(namedStructs(tree, [word])).toEqual([{ name: word.replace("struct ", ""), header }]);
	});

	test("one of the common ones is that one, and named twice counts once", () => {
		expect(namedStructs(tree, ["module", "struct module"])).toEqual([COMMON_STRUCTS[0]]);
	});

	test.each([
		["nowhere", "no-such-struct"],
		["a b", "bad-struct"],
		["bio; int x", "bad-struct"],
		["(.*)*", "bad-struct"],
		["", "bad-struct"],
	])("%j is a usage error", (word, code) => {
		const error = thrownBy(() => namedStructs(tree, [word]));
		expect(error).toBeInstanceOf(KprepError);
		expect(error).toMatchObject({ kind: "usage", code });
	});
});

test("a named structure that cannot be compared is no match", () => {
	const context = { target: { btf: null, image: null }, syncCommand: "kprep sync" };
	const check = (asked: { name: string }[]) =>
		layoutCheck(
			context as never,
			{ compared: new Set(["module"]), findings: [], different: [] },
			null,
			asked,
		);
	expect(check([{ name: "module" }])).toMatchObject({ status: "match" });
	expect(check([{ name: "bio" }])).toMatchObject({
		status: "unknown",
		actual: expect.stringContaining("bio"),
	});
});

function thrownBy(work: () => unknown): unknown {
	try {
		return work();
	} catch (error) {
		return error;
	}
}
