import { KprepError } from "../../../errors.ts";
import { FormatError } from "../../../formats/error.ts";
import { findIkconfig } from "../../../formats/image/parts.ts";
import { decompress, readDecompressed } from "../../../host/archive/decompress.ts";
import { readableFile } from "../../facts/look.ts";
import type { Evidence } from "../../target.ts";
import type { EvidenceProvider } from "../provider.ts";
import { installedModules } from "./places.ts";

/** It holds one .config, compressed. */
const LARGEST = 16 * 1024 * 1024;

/**
 * CONFIG_IKCONFIG=m: the config is in the module `configs` (kernel/configs.c), loaded or not. /proc/config.gz is not
 * there then until somebody loads it.
 */
export const configsModule: EvidenceProvider = {
	name: "configs-module",
	cost: "quick",
	gives: [],
	async gather(subject) {
		const folder = installedModules(subject, subject.release);
		const inside = folder === null ? null : subject.root.inside(folder);
		if (inside === null) return [];
		// kernel/configs.c; where modules lie flat it does too.
		const names = ["kernel/configs.ko", "configs.ko"].flatMap((name) =>
			["", ".xz", ".zst", ".gz"].map((ending) => `${inside}/${name}${ending}`),
		);
		for (const name of names) {
			const path = readableFile(subject, name);
			if (path === null) continue;
			try {
				return await configEvidence(path);
			} catch (error) {
				if (!(error instanceof FormatError) && !(error instanceof KprepError)) throw error;
				subject.unreadable(`${path}: ${error.message}`);
			}
		}
		return [];
	},
};

async function configEvidence(path: string): Promise<Evidence[]> {
	const bytes = await readDecompressed(path, { limit: LARGEST });
	const bounds = findIkconfig({ name: "", offset: 0, bytes });
	if (bounds === null) return [];
	const packed = bytes.subarray(bounds.offset, bounds.offset + bounds.size);
	const config = await decompress(packed, { what: `${path} (IKCONFIG)`, limit: LARGEST });
	return [{ config: { value: path, source: { kind: "module", path }, read: async () => config } }];
}
