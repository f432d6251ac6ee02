import { readElf, sectionBytes, sectionNamed } from "../../formats/elf/elf.ts";
import { FormatError } from "../../formats/error.ts";
import { fileSource } from "../../host/files/file-source.ts";
import { readHead } from "../../host/files/files.ts";
import type { FileFact } from "../target.ts";
import { once } from "./file-fact.ts";

/** A file that has BTF in it, raw or as the .BTF section of an ELF file; read() gives the raw BTF. null for any other file. */
export function btfFact(file: FileFact | null): FileFact | null {
	if (file === null) return null;
	const magic = Buffer.from(readHead(file.value, 4)).toString("hex");
	if (magic.startsWith("9feb") || magic.startsWith("eb9f")) return file;
	if (magic !== "7f454c46" || btfSection(file.value) === null) return null;
	return { ...file, read: once(async () => btfSection(file.value)?.() ?? new Uint8Array(0)) };
}

/** A reader of the .BTF section; null when the ELF file has none or is damaged. */
function btfSection(path: string): (() => Uint8Array) | null {
	try {
		const elf = readElf(fileSource(path));
		const section = sectionNamed(elf, ".BTF");
		return section === null || section.size === 0 ? null : () => sectionBytes(elf, section);
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}
