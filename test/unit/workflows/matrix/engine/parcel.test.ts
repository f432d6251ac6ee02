import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packProject } from "../../../../../src/workflows/matrix/engine/parcel.ts";
import { shell } from "../../../../helpers/shell.ts";

let top = "";
beforeEach(() => {
	top = mkdtempSync(join(tmpdir(), "kprep-parcel-"));
	for (const folder of ["p/.git", "p/driver", "other", "out"])
		mkdirSync(join(top, folder), { recursive: true });
	for (const file of [
		"p/kprep-targets.ini",
		"p/.git/HEAD",
		"p/kprep.xml",
		"p/driver/Kbuild",
		"other/Kbuild",
		"b.ko",
	])
		writeFileSync(join(top, file), file);
	symlinkSync("./driver/Kbuild", join(top, "p/link"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

test("the project without .git and reports, and modules from elsewhere, by words that hold in the archive", async () => {
	const modules = [
		{ name: "driver", path: join(top, "p/driver"), kind: "folder" as const },
		{ name: "other", path: join(top, "other"), kind: "folder" as const },
		{ name: "b.ko", path: join(top, "b.ko"), kind: "ko" as const },
	];
	const { archive, targets, what } = await packProject(
		join(top, "p/kprep-targets.ini"),
		modules,
		join(top, "out"),
		[join(top, "p/kprep.xml")],
	);
	expect(targets).toBe("project/kprep-targets.ini");
	expect(what).toEqual(["project/driver", "more1", "more2/b.ko"]);
	await shell(["tar", "-xf", archive, "-C", join(top, "out")]);
	const files = await shell(["find", "project", "more1", "more2", "!", "-type", "d"], {
		cwd: join(top, "out"),
	});
	expect(files.split("\n").sort()).toEqual(
		[
			"more1/Kbuild",
			"more2/b.ko",
			"project/driver/Kbuild",
			"project/kprep-targets.ini",
			"project/link",
		].sort(),
	);
	expect(await shell(["readlink", join(top, "out/project/link")])).toBe("./driver/Kbuild");
});
