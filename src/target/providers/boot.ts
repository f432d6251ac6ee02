import { parseRelease } from "../../kernel/release/release.ts";
import { fileFact, firstFile, rawFile } from "../facts/file-fact.ts";
import { namesIn, textOf } from "../facts/look.ts";
import { symversFact } from "../facts/symvers-fact.ts";
import type { Evidence, EvidenceKind } from "../target.ts";
import { imageReleaseFact } from "./image-head.ts";
import { installedReleases } from "./installed.ts";
import type { EvidenceProvider, Subject } from "./provider.ts";

/** Names of the files that go with a kernel called N in a folder of bootable kernels, best first. */
const CONFIGS = ["config-N", "kernel-config-N"] as const;
const IMAGES = [
	"vmlinuz-N",
	"bzImage-N",
	"vmlinux-N",
	"Image-N",
	"Image.gz-N",
	"zImage-N",
	"kernel-N",
] as const;
const SYMVERS = ["symvers-N", "Module.symvers-N"] as const;
const PACKED = ["", ".gz", ".xz", ".zst"] as const;

/** Folders of bootable kernels: who they belong to, and where they are. */
const FOLDERS: readonly [kind: EvidenceKind & ("boot" | "ostree"), folder: string][] = [
	["boot", "/boot"],
	["ostree", "/usr/lib/ostree-boot"],
];

/** /boot, named by release (nearly everybody) or by flavour (Alpine's /boot/config-lts, Arch's /boot/vmlinuz-linux). */
export const boot: EvidenceProvider = bootProvider("boot");

/** /usr/lib/ostree-boot, where a checksum may follow the release. */
export const ostree: EvidenceProvider = bootProvider("ostree");

function bootProvider(kind: "boot" | "ostree"): EvidenceProvider {
	return {
		name: kind,
		cost: "quick",
		gives: [],
		async gather(subject) {
			const { release } = subject;
			if (release === null) return [];
			return FOLDERS.filter(([of]) => of === kind).flatMap(([, folder]) => [
				...bootEvidence(subject, kind, folder, [release, ...checksummed(subject, folder, release)]),
				...flavourEvidence(subject, kind, folder, release),
			]);
		},
	};
}

function bootEvidence(subject: Subject, kind: EvidenceKind, folder: string, names: string[]): Evidence[] {
	const named = (patterns: readonly string[]) =>
		patterns.flatMap((pattern) =>
			names.flatMap((name) =>
				PACKED.map((ending) => `${folder}/${pattern.replace("N", () => name)}${ending}`),
			),
		);
	const config = firstFile(subject, named(CONFIGS), kind);
	const symvers = symversFact(firstFile(subject, named(SYMVERS), kind));
	const image = firstFile(subject, named(IMAGES), kind, rawFile);
	const evidence: Evidence[] = [];
	if (config !== null || symvers !== null) evidence.push({ config, symvers });
	if (image !== null) evidence.push({ image, release: imageReleaseFact(image) });
	return evidence;
}

/** ostree writes vmlinuz-R-CHECKSUM: R-CHECKSUM of the images that are there. */
function checksummed(subject: Subject, folder: string, release: string): string[] {
	const prefix = `vmlinuz-${release}-`;
	return namesIn(subject, folder)
		.filter((name) => name.startsWith(prefix) && /^[0-9a-f]{64}$/.test(name.slice(prefix.length)))
		.map((name) => name.slice("vmlinuz-".length));
}

/**
 * Files named by flavour say nothing of their release, so a config counts only when its title has the release's base,
 * and an image only when it names the release itself, or is the only kernel there.
 */
function flavourEvidence(subject: Subject, kind: EvidenceKind, folder: string, release: string): Evidence[] {
	const base = parseRelease(release)?.base ?? release;
	return flavours(subject, release).flatMap((flavour) => {
		const evidence: Evidence = {};
		const title = textOf(subject, `${folder}/config-${flavour}`)?.slice(0, 4096) ?? "";
		if (title.includes(` ${base} Kernel Configuration`))
			evidence.config = fileFact(subject, `${folder}/config-${flavour}`, kind);
		const image = rawFile(subject, `${folder}/vmlinuz-${flavour}`, kind);
		const told = image === null ? null : imageReleaseFact(image);
		if (told?.value === release || (image !== null && told === null && isOnly(subject, release)))
			Object.assign(evidence, { image, release: told });
		return Object.keys(evidence).length === 0 ? [] : [evidence];
	});
}

function flavours(subject: Subject, release: string): string[] {
	const packageBase = textOf(subject, `/usr/lib/modules/${release}/pkgbase`)?.trim();
	const words = [packageBase, release.split("-").at(-1)];
	return [...new Set(words.filter((word) => word !== undefined && /^[a-z][\w.-]*$/.test(word)))] as string[];
}

function isOnly(subject: Subject, release: string): boolean {
	const installed = installedReleases(subject.root);
	return installed.length === 1 && installed[0] === release;
}
