import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../files/regular.ts";

/**
 * Whether the kernel hands a program that begins with `head` to an interpreter that was registered for it, as qemu-user
 * is for programs of other machines (Documentation/admin-guide/binfmt-misc.rst).
 */
export function runsElsewhere(head: Uint8Array, folder = "/proc/sys/fs/binfmt_misc"): boolean {
	return namesIn(folder)
		.filter((name) => name !== "register" && name !== "status")
		.some((name) => matches(head, readRegular(join(folder, name)).toString("latin1")));
}

function matches(head: Uint8Array, entry: string): boolean {
	if (!entry.startsWith("enabled")) return false;
	const bytes = (key: string) =>
		Buffer.from(new RegExp(`^${key} ([0-9a-f]+)$`, "m").exec(entry)?.[1] ?? "", "hex");
	const offset = Number(/^offset (\d+)$/m.exec(entry)?.[1] ?? 0);
	const [magic, mask] = [bytes("magic"), bytes("mask")];
	if (magic.length === 0 || offset + magic.length > head.length) return false;
	return magic.every((byte, at) => {
		const bits = mask[at] ?? 0xff;
		return ((head[offset + at] ?? 0) & bits) === (byte & bits);
	});
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
