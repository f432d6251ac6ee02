import { versionOf } from "../../formats/image/version.ts";
import { decompress } from "../../host/archive/decompress.ts";
import { type OpenedKernel, openKernel } from "../../host/files/kernel-image.ts";
import { crcText } from "../../kernel/symvers/symvers.ts";
import { parseVermagic } from "../../kernel/vermagic/vermagic.ts";
import { once, outerFile } from "../facts/file-fact.ts";
import { rebuiltSymvers } from "../facts/rebuilt-symvers.ts";
import type { Evidence, Fact, FileFact, Source } from "../target.ts";
import { boardImages } from "./board-images.ts";
import { boot, ostree } from "./boot.ts";
import { modulesDir } from "./modules/modules-dir.ts";
import { installedModules } from "./modules/places.ts";
import type { EvidenceProvider, Subject } from "./provider.ts";

/**
 * The kernel image: what boots says who it is. Decompresses it (0.3 to 0.8 s), so it is asked only when the user
 * named an image or nothing cheaper knows one of `gives`; the exports of the installed modules are read later still.
 */
export const image: EvidenceProvider = {
	name: "image",
	cost: "slow",
	gives: ["version", "arch", "vermagic", "compiler", "config", "symvers", "image"],
	async gather(subject) {
		if (subject.image !== null) return [await imageEvidence(subject, subject.image)];
		const named = await installedImages(subject);
		for (const path of [...named, ...(named.length > 0 ? [] : boardImages(subject))]) {
			try {
				const evidence = await imageEvidence(subject, path);
				// A file whose name tells no release may be any kernel's.
				if (named.length > 0 || evidence.release?.value === subject.release) return [evidence];
			} catch (error) {
				subject.unreadable(`${path}: ${error instanceof Error ? error.message : error}`);
			}
		}
		return [];
	},
};

/** The images that the quick providers find for this release; the first is the one that boots. */
async function installedImages(subject: Subject): Promise<string[]> {
	const found: Evidence[] = [];
	for (const provider of [modulesDir, boot, ostree]) found.push(...(await provider.gather(subject)));
	return found.flatMap(({ image: fact }) => (fact ? [fact.value] : [])).slice(0, 1);
}

async function imageEvidence(subject: Subject, path: string): Promise<Evidence> {
	subject.progress.step("reading the kernel image", path);
	const source: Source = { kind: "image", path };
	const fact = (value: string | null | undefined): Fact | null => (value ? { value, source } : null);
	const kernel = await openKernel(path);
	try {
		const { banner, vermagic, exports } = kernel;
		if (exports === null && vermagic !== null) subject.unreadable(`${path}: ${NO_EXPORTS}`);
		const layout = exports?.find(({ symbol }) => symbol === "module_layout")?.crc;
		const release = banner?.release ?? null;
		return {
			release: fact(release),
			version: fact(versionOf(kernel.versionCode, banner)),
			arch: fact(kernel.arch),
			vermagic: fact(vermagic),
			compiler: fact(banner?.compiler),
			packageVersion: fact(banner?.packaged?.version),
			config: await configFact(kernel, source),
			symvers:
				exports === null
					? null
					: rebuiltSymvers(exports, installedModules(subject, release), source, subject.progress),
			btf: kernel.btf === null ? null : btfFact(path, source),
			image: outerFile(path, "image"),
			randstructHash: fact(vermagic === null ? null : parseVermagic(vermagic).randstruct),
			moduleLayoutCrc: fact(layout ? crcText(layout) : null),
		};
	} finally {
		kernel.close();
	}
}

/** __ksymtab and __ksymtab_gpl lie side by side; only where each is sorted by name (2.6.39 on) is their border to be seen. */
const NO_EXPORTS =
	"what it exports cannot be told: it has no section headers, and no export tables in it are sorted by name (before 2.6.39 none were)";

async function configFact(kernel: OpenedKernel, source: Source): Promise<FileFact | null> {
	if (kernel.ikconfig === null) return null;
	const config = await decompress(kernel.content(kernel.ikconfig), { what: `${source.path} (IKCONFIG)` });
	return { value: source.path, source, read: async () => config };
}

/** Opened again when it is read: the uncompressed kernel is not held for it. */
function btfFact(path: string, source: Source): FileFact {
	return {
		value: path,
		source,
		read: once(async () => {
			const kernel = await openKernel(path);
			try {
				return kernel.btf === null ? new Uint8Array() : Uint8Array.from(kernel.content(kernel.btf));
			} finally {
				kernel.close();
			}
		}),
	};
}
