import { statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../../errors.ts";
import { ARCH_OF_MACHINE } from "../../../formats/elf/elf.ts";
import { FormatError } from "../../../formats/error.ts";
import { readModinfo, readModuleSummary } from "../../../formats/module/module.ts";
import { readSignature } from "../../../formats/module/signature.ts";
import { readDecompressed } from "../../../host/archive/decompress.ts";
import { moduleFiles } from "../../../host/files/module-files.ts";
import { crcText } from "../../../kernel/symvers/symvers.ts";
import { parseVermagic } from "../../../kernel/vermagic/vermagic.ts";
import { readableFile, textOf } from "../../facts/look.ts";
import type { Evidence, Fact, Source } from "../../target.ts";
import type { EvidenceProvider, Subject } from "../provider.ts";
import { installedModules } from "./places.ts";

/** Modules larger than this are passed over in the choice: one small module says all that is asked here. */
const SMALL = 256 * 1024;
const LOOKED_AT = 40;

/** One module that was installed with the kernel: whatever its kernel checks before it loads a module, it has right. */
export const module: EvidenceProvider = {
	name: "module",
	cost: "quick",
	gives: [],
	async gather(subject) {
		const folder = installedModules(subject, subject.release);
		if (folder === null) return [];
		const path = chooseModule(subject, folder);
		if (path === null) return [];
		try {
			return [moduleEvidence(await readDecompressed(path), path)];
		} catch (error) {
			if (!(error instanceof FormatError) && !(error instanceof KprepError)) throw error;
			subject.unreadable(`${path}: ${error.message}`);
			return [];
		}
	},
};

function moduleEvidence(bytes: Uint8Array, path: string): Evidence {
	const source: Source = { kind: "module", path };
	const fact = <T>(value: T | null | undefined): Fact<T> | null => (value ? { value, source } : null);
	const { vermagic, versions, machine, thisModuleSize } = readModuleSummary(bytes);
	const { present, hash, signer } = readSignature(bytes);
	const arch = ARCH_OF_MACHINE[machine];
	const layout = versions?.find(({ symbol }) => symbol === "module_layout")?.crc;
	const parsed = vermagic === null ? null : parseVermagic(vermagic);
	return {
		release: fact(parsed?.release),
		arch: fact(arch),
		vermagic: fact(vermagic),
		randstructHash: fact(parsed?.randstruct),
		structModuleSize: fact(thisModuleSize),
		moduleSignature: fact(
			present ? `${hash ?? "unknown digest"} by ${signer ?? "a key without a name"}` : "none",
		),
		// Modpost writes it (add_retpoline, later add_header) from 4.15 on, for x86 only.
		retpoline: fact(arch === "x86" ? (readModinfo(bytes).has("retpoline") ? "yes" : "no") : null),
		moduleLayoutCrc: fact(layout ? crcText(layout) : null),
	};
}

/** The first small module of modules.order (kbuild's list, in-tree modules only), else of the folder. */
function chooseModule(subject: Subject, folder: string): string | null {
	const top = subject.root.inside(join(folder, ".."));
	const listed = top === null ? [] : (textOf(subject, `${top}/modules.order`)?.split("\n") ?? []);
	const names = listed.slice(0, LOOKED_AT).filter((line) => /^kernel\/[\w./+-]+\.ko$/.test(line));
	for (const name of names) {
		for (const ending of ["", ".xz", ".zst", ".gz"]) {
			const path = readableFile(subject, `${top}/${name}${ending}`);
			if (path !== null && statSync(path).size <= SMALL) return path;
		}
	}
	return moduleFiles(folder)[0] ?? null;
}
