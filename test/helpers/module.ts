import { ascii, composeElf, type ElfSpec, joined, words } from "./elf.ts";

export interface ModuleSpec {
	bits: 32 | 64;
	little: boolean;
	machine?: number;
	modinfo?: [key: string, value: string][];
	exports?: { symbol: string; crc?: number; gpl?: boolean; namespace?: string }[];
	versions?: { symbol: string; crc: number }[];
	/** As 6.14+ writes long names. */
	extendedVersions?: { symbol: string; crc: number }[];
	imports?: { symbol: string; weak?: boolean }[];
	structModule?: number;
	/** What lies in it at its name's place; the name of modinfo when absent. */
	structName?: Uint8Array;
	/** Bytes of per-CPU variables. */
	perCpu?: number;
	/** Of the relocation for init in it; R_X86_64_64 when absent. */
	relocationType?: number;
	/** Layout of an export entry (FACTS: "Module.symvers and CRCs"). */
	relative?: boolean;
	namespaces?: boolean;
	/** As 7.0 and later: one table and a byte of flags an entry. */
	flags?: boolean;
	/** CRC words filled by relocations against absolute symbols, as up to 5.18. */
	relocatedCrcs?: boolean;
}

/** Bytes of a kernel module as the build of some era would write it. */
export function composeModule(spec: ModuleSpec): Uint8Array {
	const { bits, little } = spec;
	const word = bits / 8;
	const elf: ElfSpec = { bits, little, machine: spec.machine ?? 62, sections: [], symbols: [] };
	const add = (name: string, content: Uint8Array) => {
		const section = { name, content };
		elf.sections.push(section);
		return section;
	};
	add(".text", new Uint8Array(64));
	add(".modinfo", ascii((spec.modinfo ?? []).map(([key, value]) => `${key}=${value}\0`).join("")));
	if (spec.versions !== undefined) {
		const entries = spec.versions.map(({ symbol, crc }) =>
			joined([words(little, [word, crc]), padded(ascii(symbol), 64 - word)]),
		);
		add("__versions", joined(entries));
	}
	if (spec.extendedVersions !== undefined) {
		add("__version_ext_crcs", words(little, ...spec.extendedVersions.map(({ crc }) => [4, crc] as const)));
		add("__version_ext_names", ascii(spec.extendedVersions.map(({ symbol }) => `${symbol}\0`).join("")));
	}
	addExports(spec, elf);
	if (spec.structModule !== undefined) {
		const content = new Uint8Array(spec.structModule);
		const name = ascii(spec.modinfo?.find(([key]) => key === "name")?.[1] ?? "made_up");
		// After the state and the list, in every era.
		const at = word === 8 ? 24 : 12;
		if (content.length > at + name.length) content.set(spec.structName ?? name, at);
		const section = {
			name: ".gnu.linkonce.this_module",
			content,
			relocations: [{ offset: 16, type: spec.relocationType ?? 1, symbol: "init_module" }],
		};
		elf.sections.push(section);
		elf.symbols?.push({ name: "init_module", section: ".text" });
	}
	if (spec.perCpu !== undefined) add(".data..percpu", new Uint8Array(spec.perCpu));
	for (const { symbol, weak } of spec.imports ?? [])
		elf.symbols?.push({ name: symbol, section: 0, bind: weak ? 2 : 1 });
	return composeElf(elf);
}

function addExports(spec: ModuleSpec, elf: ElfSpec): void {
	const exports = spec.exports ?? [];
	if (exports.length === 0) return;
	const relative = spec.relative ?? true;
	const width = relative ? 4 : spec.bits / 8;
	const slots = (spec.namespaces ?? true) ? 3 : 2;
	let strings = "";
	const string = (label: string, text: string) => {
		elf.symbols?.push({ name: label, section: "__ksymtab_strings", value: BigInt(strings.length), bind: 0 });
		strings += `${text}\0`;
	};
	const groups = spec.flags
		? [{ suffix: "", list: exports }]
		: [
				{ suffix: "", list: exports.filter(({ gpl }) => !gpl) },
				{ suffix: "_gpl", list: exports.filter(({ gpl }) => gpl) },
			];
	for (const { suffix, list } of groups) {
		if (list.length === 0) continue;
		const relocations = list.flatMap(({ symbol, namespace = "" }, index) => {
			elf.symbols?.push({ name: symbol, section: ".text" });
			string(`__kstrtab_${symbol}`, symbol);
			string(`__kstrtabns_${symbol}`, namespace);
			const at = index * slots * width;
			return [symbol, `__kstrtab_${symbol}`, `__kstrtabns_${symbol}`]
				.slice(0, slots)
				.map((name, slot) => ({ offset: at + slot * width, type: relative ? 2 : 1, symbol: name }));
		});
		elf.sections.push({
			name: `__ksymtab${suffix}`,
			content: new Uint8Array(list.length * slots * width),
			relocations,
		});
		if (spec.flags)
			elf.sections.push({ name: "__kflagstab", content: Uint8Array.from(list, ({ gpl }) => (gpl ? 1 : 0)) });
		if (list.every(({ crc }) => crc === undefined)) continue;
		if (!spec.relocatedCrcs) {
			const content = words(spec.little, ...list.map(({ crc }) => [4, crc ?? 0] as const));
			elf.sections.push({ name: `__kcrctab${suffix}`, content });
			continue;
		}
		for (const { symbol, crc } of list)
			elf.symbols?.push({ name: `__crc_${symbol}`, section: 0xfff1, value: BigInt(crc ?? 0) });
		elf.sections.push({
			name: `__kcrctab${suffix}`,
			content: new Uint8Array(list.length * 4),
			relocations: list.map(({ symbol }, index) => ({
				offset: index * 4,
				type: 10,
				symbol: `__crc_${symbol}`,
			})),
		});
	}
	elf.sections.push({ name: "__ksymtab_strings", content: ascii(strings) });
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
	const result = new Uint8Array(size);
	result.set(bytes.subarray(0, size));
	return result;
}
