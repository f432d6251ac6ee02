import type { Fields } from "../bytes.ts";
import { type Elf, type ElfSection, sectionFields, sectionNamed } from "./elf.ts";

/** A version of a library that a program was linked against: "GLIBC_2.38" of "libc.so.6". */
export interface NeededVersion {
	library: string;
	version: string;
}

/** What a program asks of the machine that is to start it (gABI "Dynamic Linking"; GNU symbol versioning). */
export interface DynamicNeeds {
	/** The dynamic loader; null: linked statically. */
	interpreter: string | null;
	/** DT_NEEDED. */
	libraries: string[];
	/** DT_RUNPATH and DT_RPATH, split at colons; $ORIGIN stands in it as written. */
	paths: string[];
	versions: NeededVersion[];
}

const [SHT_DYNAMIC, SHT_VERDEF, SHT_VERNEED] = [6, 0x6ffffffd, 0x6ffffffe];
const [DT_NEEDED, DT_RPATH, DT_RUNPATH] = [1, 15, 29];
/** A reference that may stay open (elf.h, VER_FLG_WEAK). */
const WEAK = 2;
/** No program or library comes near; a damaged chain must end. */
const MOST = 10_000;

/** What the program needs, by its sections. Throws FormatError when they do not lie in the file. */
export function dynamicNeeds(elf: Elf): DynamicNeeds {
	const interp = sectionNamed(elf, ".interp");
	const interpreter = interp === null ? null : sectionFields(elf, interp).cstring(0);
	const libraries: string[] = [];
	const paths: string[] = [];
	eachOf(elf, SHT_DYNAMIC, (fields, strings) => {
		const word = elf.bits / 8;
		const number = (at: number) => (word === 8 ? Number(fields.u64(at)) : fields.u32(at));
		for (let at = 0; at + 2 * word <= fields.length; at += 2 * word) {
			const tag = number(at);
			if (tag === 0) break;
			if (tag === DT_NEEDED) libraries.push(strings.cstring(number(at + word)));
			if (tag === DT_RPATH || tag === DT_RUNPATH)
				paths.push(...strings.cstring(number(at + word)).split(":"));
		}
	});
	return { interpreter, libraries, paths: paths.filter(Boolean), versions: neededVersions(elf) };
}

/** The versions that a library defines; empty for one without versions. Throws FormatError. */
export function definedVersions(elf: Elf): Set<string> {
	const found = new Set<string>();
	eachOf(elf, SHT_VERDEF, (fields, strings) =>
		// Elfxx_Verdef: vd_aux at 12, vd_next at 16; its first Elfxx_Verdaux names it.
		chain(fields, 0, 16, (at) => {
			found.add(strings.cstring(fields.u32(at + fields.u32(at + 12))));
		}),
	);
	return found;
}

function neededVersions(elf: Elf): NeededVersion[] {
	const found: NeededVersion[] = [];
	eachOf(elf, SHT_VERNEED, (fields, strings) =>
		// Elfxx_Verneed: vn_file at 4, vn_aux at 8, vn_next at 12; Elfxx_Vernaux: vna_flags at 4, vna_name at 8, vna_next at 12.
		chain(fields, 0, 12, (at) => {
			const library = strings.cstring(fields.u32(at + 4));
			chain(fields, at + fields.u32(at + 8), 12, (inner) => {
				if ((fields.u16(inner + 4) & WEAK) === 0)
					found.push({ library, version: strings.cstring(fields.u32(inner + 8)) });
			});
		}),
	);
	return found;
}

function eachOf(elf: Elf, type: number, visit: (fields: Fields, strings: Fields) => void): void {
	const section = elf.sections.find((it: ElfSection) => it.type === type);
	const strings = section === undefined ? undefined : elf.sections[section.link];
	if (section === undefined || strings === undefined || section.size === 0) return;
	visit(sectionFields(elf, section), sectionFields(elf, strings));
}

/** Entries that name the distance to the next one; 0 ends. */
function chain(fields: Fields, first: number, nextAt: number, visit: (at: number) => void): void {
	let at = first;
	for (let count = 0; count < MOST; count++) {
		visit(at);
		const next = fields.u32(at + nextAt);
		if (next === 0) return;
		at += next;
	}
}
