import { fileFact, firstFile, rawFile } from "../../facts/file-fact.ts";
import { folderOf, readableFile } from "../../facts/look.ts";
import { symversFact } from "../../facts/symvers-fact.ts";
import type { Evidence } from "../../target.ts";
import { imageReleaseFact } from "../image-head.ts";
import type { EvidenceProvider, Subject } from "../provider.ts";
import { signatureCheckFact } from "./builtin-modinfo.ts";
import { hasModules, moduleFolders } from "./places.ts";

const IMAGES = ["vmlinuz", "vmlinux", "Image", "Image.gz"] as const;
const SYMVERS = ["symvers.gz", "symvers.xz", "symvers.zst", "Module.symvers"] as const;
/** A folder with one of these holds installed modules; a lone `build` link does not. */
const MARKS = ["modules.order", "modules.dep", "modules.builtin"] as const;

/** /lib/modules/R and its kin (places.ts): where the modules are, and on many systems the config, the image and the symvers. */
export const modulesDir: EvidenceProvider = {
	name: "modules-dir",
	cost: "quick",
	gives: [],
	async gather(subject) {
		const { release } = subject;
		if (release === null) return [];
		const seen = new Set<string>();
		return moduleFolders(subject, release).flatMap((folder) => {
			const real = folderOf(subject, folder);
			if (real === null || seen.has(real)) return [];
			seen.add(real);
			return folderEvidence(subject, folder, real);
		});
	},
};

function folderEvidence(subject: Subject, folder: string, real: string): Evidence[] {
	const inFolder = (names: readonly string[]) => names.map((name) => `${folder}/${name}`);
	const there =
		folderOf(subject, `${folder}/kernel`) !== null ||
		hasModules(subject, folder) ||
		inFolder(MARKS).some((path) => readableFile(subject, path) !== null);
	const evidence: Evidence[] = [
		{
			modules: there ? { value: real, source: { kind: "modules-dir", path: real } } : null,
			config: fileFact(subject, `${folder}/config`, "modules-dir"),
			signatureCheck: signatureCheckFact(subject, folder),
			symvers: symversFact(firstFile(subject, inFolder(SYMVERS), "modules-dir")),
		},
	];
	const image = firstFile(subject, inFolder(IMAGES), "modules-dir", rawFile);
	if (image !== null) evidence.push({ image, release: imageReleaseFact(image) });
	return evidence;
}
