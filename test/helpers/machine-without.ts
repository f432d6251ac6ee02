import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Every compiler but the machine's own gcc, and what goes with them. */
export const COMPILERS =
	/^(?:(?:aarch64|riscv64|arm|x86_64)-linux-gnu\w*-.*|gcc-(?!12$).*|clang.*|lld.*|ld\.lld.*|llvm-.*|rustc|bindgen|cargo)$/;

/** A PATH of this machine's programs less those that match: as if they were not installed. Made in the new `folder`. */
export function pathWithout(pattern: RegExp, folder: string): string {
	mkdirSync(folder, { recursive: true });
	for (const place of ["/usr/local/bin", "/usr/bin", "/usr/sbin"].filter((it) => existsSync(it)))
		for (const name of readdirSync(place))
			if (!pattern.test(name) && !existsSync(join(folder, name)))
				symlinkSync(join(place, name), join(folder, name));
	return folder;
}
