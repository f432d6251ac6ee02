import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** A PATH of this machine's programs less those that match: as if they were not installed. Made in the new `folder`. */
export function pathWithout(pattern: RegExp, folder: string): string {
	mkdirSync(folder, { recursive: true });
	for (const place of ["/usr/local/bin", "/usr/bin", "/usr/sbin"].filter((it) => existsSync(it)))
		for (const name of readdirSync(place))
			if (!pattern.test(name) && !existsSync(join(folder, name)))
				symlinkSync(join(place, name), join(folder, name));
	return folder;
}
