import { gzipSync } from "node:zlib";
import { ascii, composeElf, joined, type SectionSpec, words } from "./elf.ts";

export interface KernelSpec {
	release?: string;
	vermagic?: string;
	/** LINUX_VERSION_CODE in the vDSO's note. */
	versionCode?: number;
	config?: string;
	btf?: Uint8Array;
	exports: { symbol: string; crc: number; gpl?: boolean; namespace?: string }[];
	bits?: 32 | 64;
	little?: boolean;
	machine?: number;
	/** Name of one more section. */
	mark?: string;
	/** Export tables in the order of linking, as before 2.6.39. */
	shuffled?: boolean;
	/** Layout of the tables (FACTS: "Module.symvers and CRCs"). */
	relative?: boolean;
	namespaces?: boolean;
	flags?: boolean;
	crcs?: "plain" | "relative" | "long" | "none";
}

/** Where the made kernels are linked to run. */
const BASE = 0xc0008000;

interface Table {
	name: string;
	content: Uint8Array;
}

/** The uncompressed kernel as ELF with section headers, as an x86 bzImage holds it. */
export function composeVmlinux(spec: KernelSpec): Uint8Array {
	const { rodata, tables } = compose(spec);
	let address = BASE;
	const sections: SectionSpec[] = [{ name: ".rodata", content: rodata, address: BigInt(address) }];
	address += rodata.length;
	for (const { name, content } of tables) {
		sections.push({ name, content, address: BigInt(address) });
		address += content.length;
	}
	if (spec.mark !== undefined)
		sections.push({ name: spec.mark, content: new Uint8Array(8), address: BigInt(address) });
	if (spec.btf !== undefined) sections.push({ name: ".BTF", content: spec.btf, address: BigInt(address) });
	return composeElf({
		bits: spec.bits ?? 64,
		little: spec.little ?? true,
		type: 2,
		machine: spec.machine ?? 62,
		sections,
	});
}

/** The same kernel as it lies in memory, without any headers, as arm64, riscv and arm boot it. */
export function composeRaw(spec: KernelSpec): Uint8Array {
	const { rodata, tables } = compose(spec);
	return joined([
		rodata,
		...tables.map(({ content }) => content),
		spec.btf ?? new Uint8Array(),
		new Uint8Array(64),
	]);
}

/** A raw image with the header of an arm64 Image. */
export function composeArm64Image(spec: KernelSpec): Uint8Array {
	const bytes = composeRaw({ ...spec, machine: 183 });
	bytes.set(ascii("MZ"), 0);
	bytes.set(ascii("ARM\x64"), 0x38);
	return bytes;
}

/** A bzImage around an already compressed payload (Documentation/arch/x86/boot.rst, protocol 2.15). */
export function composeBzImage(payload: Uint8Array, release: string): Uint8Array {
	const setup = 1024 * 4;
	const bytes = new Uint8Array(setup + 512 + payload.length + 512);
	bytes.set([setup / 512 - 1], 0x1f1);
	bytes.set([0x55, 0xaa], 0x1fe);
	bytes.set(ascii("HdrS"), 0x202);
	bytes.set(words(true, [2, 0x020f]), 0x206);
	bytes.set(words(true, [2, 0x300]), 0x20e);
	bytes.set(words(true, [4, 512], [4, payload.length]), 0x248);
	bytes.set(ascii(`${release} (builder@host) #1 SMP\0`), 0x500);
	bytes.set(payload, setup + 512);
	return bytes;
}

function compose(spec: KernelSpec): { rodata: Uint8Array; tables: Table[] } {
	const release = spec.release ?? "6.1.0-1-test";
	const little = spec.little ?? true;
	const parts = [
		new Uint8Array(256),
		ascii(`%s version %s (builder) (cc) %s\n\0`),
		ascii(`Linux version ${release} (me@box) (gcc-12 (Made Up 12.2.0-1) 12.2.0, GNU ld (2.40)) #1 SMP\n\0`),
		ascii(`${release}\0`),
		spec.vermagic === undefined ? new Uint8Array() : ascii(`\0${spec.vermagic}\0`),
		spec.versionCode === undefined
			? new Uint8Array()
			: joined([
					words(little, [4, 6], [4, 4], [4, 0]),
					ascii("Linux\0\0\0"),
					words(little, [4, spec.versionCode]),
				]),
		spec.config === undefined
			? new Uint8Array()
			: joined([ascii("IKCFG_ST"), new Uint8Array(gzipSync(spec.config)), ascii("IKCFG_ED")]),
	];
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const rodata = joined([...parts, new Uint8Array(16 - (length % 16))]);
	return { rodata, tables: composeTables(spec, rodata) };
}

/** Byte-wise, as the linker's SORT does. */
function byName<T extends { symbol: string }>(list: T[]): T[] {
	return list.toSorted((a, b) => Buffer.compare(Buffer.from(a.symbol), Buffer.from(b.symbol)));
}

function composeTables(spec: KernelSpec, rodata: Uint8Array): Table[] {
	const little = spec.little ?? true;
	const relative = spec.relative ?? true;
	const width = relative ? 4 : (spec.bits ?? 64) / 8;
	const slots = (spec.namespaces ?? true) ? 3 : 2;
	const crcWidth = { plain: 4, relative: 4, long: 8, none: 0 }[spec.crcs ?? "plain"];
	const ordered = spec.shuffled ? <T>(list: T[]) => list.toReversed() : byName;
	const groups = spec.flags
		? [{ suffix: "", list: ordered(spec.exports) }]
		: [
				{ suffix: "", list: ordered(spec.exports.filter(({ gpl }) => !gpl)) },
				{ suffix: "_gpl", list: ordered(spec.exports.filter(({ gpl }) => gpl)) },
			];
	const all = groups.flatMap(({ list }) => list);
	const count = all.length;
	const stringsAt = rodata.length + count * (slots * width + crcWidth + (spec.flags ? 1 : 0));
	const offsets = new Map<string, number>();
	let strings = "";
	for (const text of [...all.flatMap(({ symbol, namespace = "" }) => [symbol, namespace])]) {
		if (offsets.has(text)) continue;
		offsets.set(text, strings.length);
		strings += `${text}\0`;
	}
	let at = rodata.length;
	const slot = (target: number) => {
		const value = relative
			? target - at
			: BigInt(target) + (width === 8 ? 0xffffffff00000000n : 0n) + BigInt(BASE);
		at += width;
		return words(little, [width, value]);
	};
	const tables: Table[] = groups.map(({ suffix, list }) => ({
		name: `__ksymtab${suffix}`,
		content: joined(
			list.flatMap(({ symbol, namespace = "" }) => {
				const targets = [
					16,
					stringsAt + (offsets.get(symbol) ?? 0),
					stringsAt + (offsets.get(namespace) ?? 0),
				];
				return targets.slice(0, slots).map(slot);
			}),
		),
	}));
	let crcAt = at;
	for (const { suffix, list } of groups) {
		if (crcWidth === 0) continue;
		const content = joined(
			list.map(({ crc, symbol }) => {
				const index = all.findIndex((one) => one.symbol === symbol);
				const value = spec.crcs === "relative" ? stringsAt + padded(strings.length) + index * 4 - crcAt : crc;
				crcAt += crcWidth;
				return words(little, [crcWidth, value]);
			}),
		);
		tables.push({ name: `__kcrctab${suffix}`, content });
	}
	if (spec.flags)
		tables.push({ name: "__kflagstab", content: Uint8Array.from(all, ({ gpl }) => (gpl ? 1 : 0)) });
	tables.push({ name: "__ksymtab_strings", content: ascii(strings) });
	if (spec.crcs === "relative") {
		tables.push({ name: ".pad", content: new Uint8Array(padded(strings.length) - strings.length) });
		tables.push({ name: "__crcs", content: words(little, ...all.map(({ crc }) => [4, crc] as const)) });
	}
	return tables;
}

function padded(size: number): number {
	return Math.ceil(size / 4) * 4;
}
