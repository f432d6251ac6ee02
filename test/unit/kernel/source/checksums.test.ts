import { expect, test } from "vitest";
import { clearsigned, sha256Of } from "../../../../src/kernel/source/checksums.ts";

const digest = "AB".repeat(32);

test.each<[text: string, found: string | null]>([
	[`${digest}  linux-6.1.tar.xz`, digest.toLowerCase()],
	[`${digest} *linux-6.1.tar.xz\r`, digest.toLowerCase()],
	[`${digest}  linux-6.1.tar.xz.sign`, null],
	[`${digest}  x/linux-6.1.tar.xz`, null],
	[`${digest.slice(1)}  linux-6.1.tar.xz`, null],
	["", null],
])("the sum in %j", (text, found) => {
	expect(sha256Of("linux-6.1.tar.xz", text)).toBe(found);
});

test("only what is signed counts, dash escapes undone", () => {
	const message =
		"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\na\n- -b\n-----BEGIN PGP SIGNATURE-----\nx\n";
	expect(clearsigned(`${message}after`)).toBe("a\n-b");
	expect(clearsigned(`before\n${message}`)).toBeNull();
	expect(clearsigned("a\nb\n")).toBeNull();
});
