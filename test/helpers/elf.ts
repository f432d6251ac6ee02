/** One section to write; `relocations` become a .rela (or .rel for 32 bits) section that applies to it. */
export interface SectionSpec {
	name: string;
	content: Uint8Array;
	type?: number;
	flags?: number;
	address?: bigint;
	/** Name of the section in sh_link. */
	linked?: string;
	relocations?: { offset: number; type: number; symbol: string; addend?: number }[];
}

export interface SymbolSpec {
	name: string;
	/** Name of its section, or a reserved index. */
	section: string | number;
	value?: bigint;
	bind?: number;
}

export interface ElfSpec {
	bits: 32 | 64;
	little: boolean;
	type?: number;
	machine?: number;
	sections: SectionSpec[];
	symbols?: SymbolSpec[];
}

/** Bytes of an ELF file with these sections: what tests and the fuzz driver parse, so that no binary lies in git. */
export function composeElf(spec: ElfSpec): Uint8Array {
	const wide = spec.bits === 64;
	const { little } = spec;
	const symbols = [{ name: "", section: 0, bind: 0 }, ...(spec.symbols ?? [])];
	const numbers = new Map(spec.sections.map(({ name }, index) => [name, index + 1]));
	const all: (SectionSpec & { link?: number; info?: number; entry?: number })[] = [...spec.sections];
	const symtabIndex =
		spec.sections.length + spec.sections.filter(({ relocations }) => relocations).length + 1;
	for (const section of spec.sections) {
		if (section.relocations === undefined) continue;
		all.push({
			name: `${wide ? ".rela" : ".rel"}${section.name}`,
			type: wide ? 4 : 9,
			link: symtabIndex,
			info: numbers.get(section.name) ?? 0,
			content: joined(
				section.relocations.map(({ offset, type, symbol, addend = 0 }) => {
					const index = symbols.findIndex(({ name }) => name === symbol);
					if (!wide) return words(little, [4, offset], [4, (index << 8) | type]);
					const info = (BigInt(index) << 32n) | BigInt(type);
					return words(little, [8, offset], [8, info], [8, BigInt.asUintN(64, BigInt(addend))]);
				}),
			),
		});
	}
	const strings = table(symbols.map(({ name }) => name));
	const symtab = symbols.map(({ name, section, value = 0n, bind = 1 }: SymbolSpec) => {
		const home = typeof section === "number" ? section : (numbers.get(section) ?? 0);
		const at = strings.offsets.get(name) ?? 0;
		return wide
			? words(little, [4, at], [1, bind << 4], [1, 0], [2, home], [8, value], [8, 0])
			: words(little, [4, at], [4, value], [4, 0], [1, bind << 4], [1, 0], [2, home]);
	});
	all.push({ name: ".symtab", type: 2, link: symtabIndex + 1, content: joined(symtab) });
	all.push({ name: ".strtab", type: 3, content: strings.bytes });
	const names = table(["", ...all.map(({ name }) => name), ".shstrtab"]);
	all.push({ name: ".shstrtab", type: 3, content: names.bytes });

	const header = wide ? 64 : 52;
	const shentsize = wide ? 64 : 40;
	let at = header;
	const places = all.map(({ content }) => {
		const place = Math.ceil(at / 8) * 8;
		at = place + content.length;
		return place;
	});
	const shoff = Math.ceil(at / 8) * 8;
	const bytes = new Uint8Array(shoff + (all.length + 1) * shentsize);
	const word = wide ? 8 : 4;
	bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1]);
	bytes.set(
		words(
			little,
			[2, spec.type ?? 1],
			[2, spec.machine ?? 62],
			[4, 1],
			[word, 0],
			[word, 0],
			[word, shoff],
			[4, 0],
			[2, header],
			[2, 0],
			[2, 0],
			[2, shentsize],
			[2, all.length + 1],
			[2, all.length],
		),
		16,
	);
	all.forEach((section, index) => {
		const place = places[index] as number;
		bytes.set(section.content, place);
		bytes.set(
			words(
				little,
				[4, names.offsets.get(section.name) ?? 0],
				[4, section.type ?? 1],
				[word, section.flags ?? 2],
				[word, section.address ?? 0n],
				[word, place],
				[word, section.content.length],
				[4, section.link ?? numbers.get(section.linked ?? "") ?? 0],
				[4, section.info ?? 0],
				[word, 1],
				[word, section.entry ?? 0],
			),
			shoff + (index + 1) * shentsize,
		);
	});
	return bytes;
}

/** Numbers of the given sizes in bytes, one after another. */
export function words(
	little: boolean,
	...parts: (readonly [size: number, value: number | bigint])[]
): Uint8Array {
	return joined(
		parts.map(([size, value]) => {
			const bytes = new Uint8Array(size);
			let rest = BigInt.asUintN(64, BigInt(value));
			for (let at = 0; at < size; at++) {
				bytes[little ? at : size - 1 - at] = Number(rest & 255n);
				rest >>= 8n;
			}
			return bytes;
		}),
	);
}

export function joined(parts: Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** Text as bytes, a byte a character. */
export function ascii(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, "latin1"));
}

function table(names: string[]): { bytes: Uint8Array; offsets: Map<string, number> } {
	const offsets = new Map<string, number>();
	let text = "\0";
	offsets.set("", 0);
	for (const name of names) {
		if (offsets.has(name)) continue;
		offsets.set(name, text.length);
		text += `${name}\0`;
	}
	return { bytes: ascii(text), offsets };
}
