import { lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { entriesOf, onDisk } from "../../../../src/host/files/names.ts";
import { fakeRoot } from "../../target/fake-root.ts";

it("a name that is not UTF-8 survives, in JSON too, and leads back to its file", () => {
	const folder = fakeRoot({ "plain-ü-🐧": "" });
	const odd = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x80]);
	writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), odd]), "mine");
	const names = entriesOf(folder).map(({ name }) => name);
	expect(names).toContain("plain-ü-🐧");
	const [name = ""] = names.filter((it) => it !== "plain-ü-🐧");
	const again = JSON.parse(JSON.stringify(name)) as string;
	expect(Buffer.from(onDisk(again))).toEqual(odd);
	expect(lstatSync(onDisk(join(folder, again))).size).toBe(4);
	expect(onDisk("plain-ü-🐧")).toBe("plain-ü-🐧");
});
