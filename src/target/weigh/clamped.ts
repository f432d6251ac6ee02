import { parseRelease } from "../../kernel/release/release.ts";
import type { Evidence, Fact } from "../target.ts";

/**
 * Versions as LINUX_VERSION_CODE tells them stop at SUBLEVEL 255 (5.10.262 reads as 5.10.255): where the .config's title,
 * a Makefile or the release knows a higher sublevel of the same series, that one speaks, and the clamped ones are no
 * contradiction.
 */
export function unclamped(voices: Fact[], evidence: readonly Evidence[]): Fact[] {
	const [first] = voices;
	const head = /^(\d+\.\d+)\.255$/.exec(first?.value ?? "")?.[1];
	if (first === undefined || head === undefined) return voices;
	const outgrown = (version: string) => {
		const [, series, sublevel] = /^(\d+\.\d+)\.(\d+)$/.exec(version) ?? [];
		return series === head && Number(sublevel) > 255;
	};
	const known = voices.find(({ value }) => outgrown(value)) ?? fromRelease(evidence, outgrown);
	if (known === null) return voices;
	return [known, ...voices.filter((voice) => voice !== known && voice.value !== first.value)];
}

function fromRelease(evidence: readonly Evidence[], fits: (version: string) => boolean): Fact | null {
	for (const { release } of evidence) {
		const base = release == null ? undefined : parseRelease(release.value)?.base;
		if (release != null && base !== undefined && fits(base)) return { value: base, source: release.source };
	}
	return null;
}
