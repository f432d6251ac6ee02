import { expect, test } from "vitest";
import { commitIn, tagsFor } from "../../../../src/kernel/source/source-tags.ts";

test.each<[release: string, version: string | null, source: string | null, tags: string[]]>([
	["6.9.1-arch1-1", "6.9.1", null, ["v6.9.1-arch1-1", "v6.9.1-arch1", "v6.9.1"]],
	[
		"5.0.0-27-generic",
		"5.0.21",
		"5.0.0-27.28",
		[
			"v5.0.0-27-generic",
			"v5.0.0-27",
			"Ubuntu-5.0.0-27.28",
			"debian/5.0.0-27.28",
			"kernel-5.0.0-27.28",
			"v5.0.21",
		],
	],
	["6.8.0", "6.8.0", "6.8~rc1-1", ["debian/6.8_rc1-1", "v6.8"]],
	["6.8.5 -x;y", null, "..", []],
])("tags of %s", (release, version, source, tags) => {
	expect(tagsFor(release, version, source)).toEqual(expect.arrayContaining(tags));
	expect(tagsFor(release, version, source).filter((tag) => /[~;\s]|\.\./.test(tag))).toEqual([]);
});

test.each([
	["6.8.5-g123456789abc", "123456789abc"],
	["6.8.0-rc1-00123-gdeadbeef0123-dirty", "deadbeef0123"],
	["6.8.5-generic", null],
	["6.8.5-g12", null],
	["6.1.0-56-amd64", null],
])("the commit in %s is %s", (release, commit) => {
	expect(commitIn(release)).toBe(commit);
});
