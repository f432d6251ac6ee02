import type { Root } from "../../host/files/root.ts";
import { isRelease } from "../../kernel/release/release.ts";
import { flatReleases, RELEASE_FOLDERS } from "./modules/places.ts";

/** What makes a folder of a release more than a leftover. */
const MODULES_MARKS = [
	"kernel",
	"build",
	"modules.dep",
	"modules.order",
	"modules.builtin",
	"vmlinuz",
	"config",
] as const;

/** Names of single files and folders that end with a release. */
const NAMED: readonly [folder: string, pattern: RegExp, mark: string][] = [
	["/boot", /^(?:vmlinuz|vmlinux|bzImage|zImage|Image|Image\.gz|config|kernel)-(\d+\.\d+.*?)$/, ""],
	["/usr/lib/ostree-boot", /^vmlinuz-(\d+\.\d+.*?)(?:-[0-9a-f]{64})?$/, ""],
	["/usr/src", /^linux-headers-(\d+\.\d+.*)$/, "/.config"],
	["/usr/src/kernels", /^(\d+\.\d+.*)$/, "/.config"],
];

/** Releases of the kernels that are installed in the root (modules, images, configs or headers), sorted. */
export function installedReleases(root: Root): string[] {
	const found = new Set<string>(flatReleases(root).filter(isRelease));
	for (const folder of RELEASE_FOLDERS) {
		for (const name of quietly(() => root.list(folder))) {
			const there = () =>
				MODULES_MARKS.some((mark) => root.exists(`${folder}/${name}/${mark}`)) ||
				root.list(`${folder}/${name}`).some((file) => file.endsWith(".ko"));
			if (isRelease(name) && quietly(() => (there() ? [name] : [])).length > 0) found.add(name);
		}
	}
	for (const [folder, pattern, mark] of NAMED) {
		for (const name of quietly(() => root.list(folder))) {
			const release = pattern
				.exec(name)?.[1]
				?.replace(/\.(?:old|bak|efi\.signed|signed|dpkg-\w+|gz|xz|zst)$/, "");
			if (release !== undefined && isRelease(release) && root.exists(`${folder}/${name}${mark}`))
				found.add(release);
		}
	}
	return [...found].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function quietly(look: () => string[]): string[] {
	try {
		return look();
	} catch {
		return [];
	}
}
