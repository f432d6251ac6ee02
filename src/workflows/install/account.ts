import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** Which file came from which sources: what kprep may take away again. */
export const ACCOUNT = ".kprep-modules.json";

const Account = v.record(v.string(), v.object({ from: v.string(), sha256: v.string() }));

/** File name → where it came from and what it was; empty when there is none, or none that can be believed. */
export function readAccount(folder: string): v.InferOutput<typeof Account> {
	const path = join(folder, ACCOUNT);
	if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return {};
	try {
		const read = v.parse(Account, JSON.parse(readFileSync(path, "utf8")));
		return Object.fromEntries(Object.entries(read).filter(([name]) => /^[\w.+-]+$/.test(name)));
	} catch {
		return {};
	}
}

/** "foo_bar.ko.xz" and "foo-bar.ko" are one module. */
export function stem(name: string): string {
	return name.replace(/\.ko(\..*)?$/, "").replaceAll("-", "_");
}
