import { expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { cacheFailure, inCache } from "../../../../src/host/machine/cache.ts";
import { failure } from "../../../helpers/failure.ts";

const folder = "/home/somebody/.cache/kprep";
const refused = (code: string, path?: string, syscall = "open") =>
	Object.assign(new Error(code), { code, syscall, ...(path === undefined ? {} : { path }) });

test.each([
	["EROFS", "read-only"],
	["EACCES", "no-permission"],
	["EPERM", "no-permission"],
	["ENOSPC", "no-space"],
	["EDQUOT", "no-space"],
])("%s below the cache is %s, and tells how to keep it elsewhere", (errno, code) => {
	const error = cacheFailure(refused(errno, `${folder}/apt/own`), { folder });
	expect(error).toMatchObject({ kind: "missing", code, where: `${folder}/apt/own` });
	expect(error?.suggestions.join("\n")).toContain("XDG_CACHE_HOME=DIR");
	expect(cacheFailure(refused(errno, "/srv/linux/.config"), { folder })).toBeNull();
	expect(cacheFailure(refused(errno, `${folder}-of-another/x`), { folder })).toBeNull();
});

test("what is no such failure stays as it is", async () => {
	expect(cacheFailure(refused("ENOENT", `${folder}/x`), { folder })).toBeNull();
	expect(cacheFailure(new Error("x"), { folder })).toBeNull();
	const own = new KprepError("command", "command-failed", "dpkg-deb ended with status 2");
	await expect(inCache(() => Promise.reject(own), folder)).rejects.toBe(own);
});

test("inside the cache a full disk needs no path, and a program's words tell it too", async () => {
	expect(cacheFailure(refused("ENOSPC", undefined, "write"), { folder })).toBeNull();
	const written = await failure(inCache(() => Promise.reject(refused("ENOSPC", undefined, "write")), folder));
	expect(written).toMatchObject({ code: "no-space", where: folder });
	expect(written.suggestions).toContain("kprep cache prune");
	const words = "dpkg-deb -x gcc.deb root ended with status 2\n    dpkg-deb: error: No space left on device";
	const unpacking = inCache(() => Promise.reject(new KprepError("command", "command-failed", words)), folder);
	expect(await failure(unpacking)).toMatchObject({ code: "no-space" });
});
