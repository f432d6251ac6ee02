import { readHead } from "../host/files.ts";
import type { FileFact } from "./target.ts";

/** A file that has BTF in it, raw or as the .BTF section of an ELF file; null for any other file. */
export function btfFact(file: FileFact | null): FileFact | null {
	if (file === null) return null;
	const [first, second, third, fourth] = readHead(file.value, 4);
	const raw = (first === 0x9f && second === 0xeb) || (first === 0xeb && second === 0x9f);
	const elf = first === 0x7f && second === 0x45 && third === 0x4c && fourth === 0x46;
	return raw || elf ? file : null;
}
