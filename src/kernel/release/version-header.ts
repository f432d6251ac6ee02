/** Where UTS_RELEASE of a prepared tree may be, newest place first (FACTS section 1). */
export const RELEASE_HEADERS = [
	"include/generated/utsrelease.h",
	"include/linux/utsrelease.h",
	"include/linux/version.h",
] as const;

/** Where LINUX_VERSION_CODE may be, newest place first. */
export const VERSION_HEADERS = ["include/generated/uapi/linux/version.h", "include/linux/version.h"] as const;

/** UTS_RELEASE of a header's text; null when it does not define one. */
export function parseUtsRelease(header: string): string | null {
	return /^#define[ \t]+UTS_RELEASE[ \t]+"([^"\n]*)"/m.exec(header)?.[1] ?? null;
}

/** LINUX_VERSION_CODE of a header's text; null when it does not define one. */
export function parseVersionCode(header: string): number | null {
	const code = /^#define[ \t]+LINUX_VERSION_CODE[ \t]+(\d+)/m.exec(header)?.[1];
	return code === undefined ? null : Number(code);
}

/**
 * "6.1.192" behind a version header: LINUX_VERSION_MAJOR/PATCHLEVEL/SUBLEVEL when they are there (the code is
 * clamped at 255), else the code taken apart.
 */
export function parseVersion(header: string): string | null {
	const parts = ["MAJOR", "PATCHLEVEL", "SUBLEVEL"].map(
		(name) => new RegExp(`^#define[ \\t]+LINUX_VERSION_${name}[ \\t]+(\\d+)`, "m").exec(header)?.[1],
	);
	if (parts.every((part) => part !== undefined)) return parts.join(".");
	const code = parseVersionCode(header);
	return code === null ? null : `${code >> 16}.${(code >> 8) & 255}.${code & 255}`;
}

/** KERNEL_VERSION(a, b, c) as the kernel counts it; a SUBLEVEL above 255 counts as 255 where the tree clamps (5.14 on, backported). */
export function versionCode(version: string, clamps = true): number {
	const [major = 0, minor = 0, sublevel = 0] = version.split(".").map(Number);
	return major * 65536 + minor * 256 + (clamps ? Math.min(sublevel, 255) : sublevel);
}
