import { lstatSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setTimes } from "../../../../src/host/files/times.ts";
import { fakeRoot } from "../../target/fake-root.ts";

it("sets times to the nanosecond, of links and odd names too", () => {
	const folder = fakeRoot({ "it's; $(touch x)\n": "", plain: "" });
	symlinkSync("plain", join(folder, "link"));
	const mtime = 1_500_000_000_123_456_789n;
	const wanted = ["it's; $(touch x)\n", "plain", "link", "not there"].map((name) => ({
		path: join(folder, name),
		mtime,
	}));
	setTimes(wanted.map((it) => ({ ...it, atime: 1_400_000_000_000_000_001n })));
	for (const { path } of wanted.slice(0, 3)) {
		const status = lstatSync(path, { bigint: true });
		expect([status.mtimeNs, status.atimeNs]).toEqual([mtime, 1_400_000_000_000_000_001n]);
	}
	expect(lstatSync(join(folder, "x"), { throwIfNoEntry: false })).toBeUndefined();
});
