import { fileFact } from "../facts/file-fact.ts";
import { namesIn } from "../facts/look.ts";
import type { EvidenceProvider } from "./provider.ts";

/** Debian's linux-config-* packages: /usr/src/linux-config-6.1/config.amd64_rt_amd64.xz, for kernels that are not installed. */
export const configPackage: EvidenceProvider = {
	name: "config-package",
	cost: "quick",
	gives: [],
	async gather(subject) {
		const { release } = subject;
		if (release === null) return [];
		const folders = namesIn(subject, "/usr/src").filter((name) => belongs(name, release));
		const found = folders.flatMap((folder) =>
			namesIn(subject, `/usr/src/${folder}`)
				.map((name) => ({ path: `/usr/src/${folder}/${name}`, suffix: suffixOf(name) }))
				.filter(({ suffix }) => suffix !== null && release.endsWith(suffix)),
		);
		// "amd64" ends "cloud-amd64" too: the longest flavour is the one that is meant.
		const [best] = found.sort((a, b) => (b.suffix?.length ?? 0) - (a.suffix?.length ?? 0));
		const config = best === undefined ? null : fileFact(subject, best.path, "config-package");
		return config === null ? [] : [{ config }];
	},
};

/** linux-config-6.1 holds the configs of 6.1.0-56-..., not those of 6.12. */
function belongs(folder: string, release: string): boolean {
	const series = /^linux-config-(\d\S*)$/.exec(folder)?.[1];
	return series !== undefined && release.startsWith(series) && !/^\d/.test(release.slice(series.length));
}

/** config.ARCH_FEATURESET_FLAVOUR[.xz] → the end of the releases it is for: "-cloud-amd64", "-rt-amd64". */
function suffixOf(name: string): string | null {
	const [, featureset, flavour] = /^config\.[^_]+_([^_]+)_([^_]+?)(?:\.xz)?$/.exec(name) ?? [];
	if (flavour === undefined) return null;
	return featureset === "none" ? `-${flavour}` : `-${featureset}-${flavour}`;
}
