import type { Banner } from "../banner.ts";

/**
 * V.P.S of a kernel by its LINUX_VERSION_CODE; null when it cannot be known for sure. The code holds SUBLEVEL in 8
 * bits: 255 may stand for any more (5.14 on, backported), which the release or the packaged version in the banner's
 * build text then tells, as does V.P of a release for older kernels, where a large SUBLEVEL ran over into P.
 */
export function versionOf(code: number | null, banner: Banner | null): string | null {
	if (code === null) return null;
	const [major, patch, sub] = [code >>> 16, (code >>> 8) & 255, code & 255];
	const hints = [banner?.release, banner?.version]
		.map((text) =>
			/^(\d+)\.(\d+)\.(\d+)/
				.exec(text ?? "")
				?.slice(1)
				.map(Number),
		)
		.filter((numbers) => numbers !== undefined) as [number, number, number][];
	const over = hints.find(([v, p, s]) => s >= 255 && codes(v, p, s).includes(code));
	if (over !== undefined) return over.join(".");
	return sub === 255 ? null : `${major}.${patch}.${sub}`;
}

/** The code as it was composed before and after SUBLEVEL was clamped. */
function codes(version: number, patchlevel: number, sublevel: number): number[] {
	const base = version * 65536 + patchlevel * 256;
	return [base + sublevel, base + Math.min(255, sublevel)];
}
