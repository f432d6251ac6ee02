import { Edit } from "./edit.ts";

/** What variants of one kernel are made of. */
export interface Material {
	/** Compiled against the target's headers, by the names of sources.ts. */
	modules: Record<string, Uint8Array>;
	/** hello.c compiled with something switched off, by what was changed. */
	changed: Map<string, Uint8Array>;
	/** hello.ko with BTF made on the target's own BTF, and on that of another kernel. */
	btf: { own: Uint8Array | null; foreign: Uint8Array | null };
	/** A small module of the distribution, signed by it where it signs. */
	installed: Uint8Array | null;
	/** hello.ko with a sound signature by a key that no kernel knows, by RSA and by an elliptic curve. */
	signed: Uint8Array | null;
	curved: Uint8Array | null;
	/** hello.c under names that parts of the image have. */
	builtin: Map<string, Uint8Array>;
}

export interface Variant {
	id: string;
	bytes: Uint8Array;
	/** How the file is handed to check; the kernel gets it decompressed, as modprobe would do. */
	compress?: "xz" | "zst";
	/** What must be loaded before it, for the boot. */
	before?: { name: string; bytes: Uint8Array }[];
}

/** Every variant that can be made for this kernel. */
export function variantsOf(material: Material): Variant[] {
	const hello = material.modules.hello as Uint8Array;
	const { gplonly, importer, namespaced } = material.modules;
	const edit = () => new Edit(hello);
	const vermagic = (from: string | RegExp, to: string) =>
		edit().text(".modinfo", /vermagic=[^\0]*/, vermagicOf(hello).replace(from, to)).bytes;
	const plain: Record<string, () => Uint8Array | null | undefined> = {
		right: () => hello,
		"release-wrong": () => vermagic(/=\d+\.\d+/, "=6.9"),
		"release-wrong-unversioned": () =>
			edit().has("__versions")
				? new Edit(vermagic(/=\d+\.\d+/, "=6.9")).rename("__versions", "__Versions").bytes
				: null,
		"flag-off-SMP": () => withoutFlag(hello, "SMP"),
		"flag-off-preempt": () => withoutFlag(hello, "preempt"),
		"flag-off-mod_unload": () => withoutFlag(hello, "mod_unload"),
		"flag-off-modversions": () => withoutFlag(hello, "modversions"),
		"vermagic-no-trailing-space": () => vermagic(/ $/, ""),
		"vermagic-empty": () => vermagic(/=.*/, "="),
		"vermagic-absent": () => edit().text(".modinfo", "vermagic=", "vermagiX=").bytes,
		"versions-absent": () =>
			edit().has("__versions") ? edit().rename("__versions", "__Versions").bytes : null,
		"crc-of-a-function": () => (edit().has("__versions") ? edit().crc(null).bytes : null),
		"crc-of-module_layout": () => (edit().has("__versions") ? edit().crc("module_layout").bytes : null),
		"crc-upper-half": () => (edit().has("__versions") ? edit().crcUpper("module_layout").bytes : null),
		"crc-upper-half-of-a-function": () =>
			edit().has("__versions") ? edit().crcUpper("_printk").crcUpper("printk").bytes : null,
		"common-symbol": () =>
			material.modules.weak && new Edit(material.modules.weak).undefinedTo(SHN_COMMON).bytes,
		"relocation-outside": () => edit().relocateAt(".gnu.linkonce.this_module", 0x10_0000n).bytes,
		"crc-absent": () =>
			edit().has("__versions") ? edit().withoutVersion("_printk").withoutVersion("printk").bytes : null,
		"licence-absent": () => edit().text(".modinfo", "license=", "licensX=").bytes,
		"licence-proprietary": () => edit().text(".modinfo", "license=GPL", "license=No!").bytes,
		"gpl-only": () => gplonly,
		"gpl-only-proprietary": () =>
			gplonly && new Edit(gplonly).text(".modinfo", "license=GPL", "license=No!").bytes,
		namespace: () => namespaced,
		"namespace-missing": () =>
			namespaced && new Edit(namespaced).text(".modinfo", "import_ns=", "import_xx=").bytes,
		"dependency-missing": () => importer,
		"symbol-unknown": () => material.modules.unknown,
		"symbol-unknown-weak": () => material.modules.weak,
		"cut-in-the-header": () => hello.slice(0, 40),
		"cut-to-a-header": () => hello.slice(0, 64),
		"cut-in-half": () => hello.slice(0, hello.length >> 1),
		"cut-by-a-byte": () => hello.slice(0, -1),
		empty: () => hello.slice(0, 0),
		"not-elf": () => edit().byte(0, 0x7e).bytes,
		"zeros-behind": () => joined(hello, new Uint8Array(100)),
		"machine-other": () => edit().u16(18, 183).bytes,
		"class-32": () => edit().byte(4, 1).bytes,
		"byte-order-other": () => edit().byte(5, 2).bytes,
		"type-executable": () => edit().u16(16, 2).bytes,
		"section-entry-size": () => edit().u16(58, 63).bytes,
		"section-names-index": () => edit().u16(62, 9999).bytes,
		"section-outside": () => edit().offset(".modinfo", 0x7fff_ffffn).bytes,
		"section-too-long": () => edit().grow(".modinfo", 0x100_0000).bytes,
		"symtab-absent": () => edit().type(".symtab", 1).bytes,
		"this_module-absent": () => edit().rename(".gnu.linkonce.this_module", ".gnu.linkonce.thas_module").bytes,
		"this_module-longer": () => edit().grow(".gnu.linkonce.this_module", 64).bytes,
		"this_module-shorter": () => edit().grow(".gnu.linkonce.this_module", -64).bytes,
		"this_module-filled": () => edit().fillTarget(".gnu.linkonce.this_module").bytes,
		"modinfo-absent": () => edit().rename(".modinfo", ".modinfX").bytes,
		"name-another": () => edit().text(".modinfo", "name=hello", "name=jello").bytes,
		"relocation-unknown": () => edit().relocation(".rela.gnu.linkonce.this_module", 200).bytes,
		"retpoline-absent": () =>
			contains(hello, "retpoline=Y") ? edit().text(".modinfo", "retpoline=Y", "retpolinX=Y").bytes : null,
		livepatch: () => edit().text(".modinfo", /description=[^\0]*/, "livepatch=Y").bytes,
		staging: () => edit().text(".modinfo", /description=[^\0]*/, "staging=Y").bytes,
		"signature-garbage": () => joined(hello, new Uint8Array(50).fill(7), signatureEnd(50, 2)),
		"signature-not-pkcs7": () => joined(hello, new Uint8Array(50).fill(7), signatureEnd(50, 1)),
		"signature-too-long": () => joined(hello, signatureEnd(0x7fffffff, 2)),
		"signature-by-a-stranger": () => material.signed,
		"signature-by-a-strangers-curve": () => material.curved,
		"signature-empty": () => joined(hello, signatureEnd(0, 2)),
		"signature-with-words": () => joined(hello, new Uint8Array(50), signatureEnd(50, 2, 4)),
		"distribution-own": () => material.installed,
		"distribution-altered": () => material.installed && alteredBeforeSignature(material.installed),
		"distribution-unsigned": () => material.installed && withoutEnd(material.installed),
		"btf-own": () => material.btf.own,
		"btf-foreign": () => material.btf.foreign,
		"btf-garbage": () => material.btf.own && new Edit(material.btf.own).text(".BTF", /^../s, "xx").bytes,
	};
	const variants: Variant[] = [];
	for (const [id, make] of Object.entries(plain)) {
		const bytes = made(make);
		if (bytes) variants.push({ id, bytes });
	}
	for (const [name, bytes] of material.builtin) variants.push({ id: `built-in-${name}`, bytes });
	if (material.installed) variants.push(...damagedSignatures(material.installed));
	for (const [id, bytes] of [...material.changed].sort()) variants.push({ id, bytes });
	return [
		...variants,
		{ id: "right-xz", bytes: hello, compress: "xz" },
		{ id: "right-zst", bytes: hello, compress: "zst" },
		{ id: "release-wrong-flag-off-xz", bytes: withoutFlag(hello, "SMP") as Uint8Array, compress: "xz" },
	];
}

const SHN_COMMON = 0xfff2;

/** A module of the distribution stands in for hello where nothing can be compiled: not every edit finds its place. */
function made(make: () => Uint8Array | null | undefined): Uint8Array | null {
	try {
		return make() ?? null;
	} catch (error) {
		if (error instanceof Error && /^no /.test(error.message)) return null;
		throw error;
	}
}

/** One byte of the PKCS#7 message changed, at places all over it, and more often where its structure is. */
function damagedSignatures(bytes: Uint8Array): Variant[] {
	if (!contains(bytes, SIGNATURE_MARK)) return [];
	const end = bytes.length - SIGNATURE_MARK.length - 12;
	const length = new DataView(bytes.buffer, bytes.byteOffset + end, 12).getUint32(8);
	const structure = Math.max(0, length - 300);
	const places = [...steps(0, structure, 24), ...steps(structure, length, 6)];
	return places.map((at) => {
		const copy = new Uint8Array(bytes);
		copy[end - length + at] = (copy[end - length + at] as number) ^ 0x11;
		return { id: `signature-damaged-at-${at}`, bytes: copy };
	});
}

function steps(from: number, to: number, count: number): number[] {
	return Array.from({ length: Math.min(count, to - from) }, (_, index) =>
		Math.floor(from + (index * (to - from)) / count),
	);
}

const SIGNATURE_MARK = "~Module signature appended~\n";

/** struct module_signature and the mark that ends a signed module. */
function signatureEnd(length: number, idType: number, hash = 0): Uint8Array {
	const end = Buffer.alloc(12 + SIGNATURE_MARK.length);
	end.writeUInt8(hash, 1);
	end.writeUInt8(idType, 2);
	end.writeUInt32BE(length, 8);
	end.write(SIGNATURE_MARK, 12, "latin1");
	return end;
}

function vermagicOf(bytes: Uint8Array): string {
	return /vermagic=[^\0]*/.exec(Buffer.from(bytes).toString("latin1"))?.[0] as string;
}

function withoutFlag(bytes: Uint8Array, flag: string): Uint8Array | null {
	const vermagic = vermagicOf(bytes);
	const other = vermagic.replace(new RegExp(` ${flag}(?= )`), "");
	return other === vermagic ? null : new Edit(bytes).text(".modinfo", vermagic, other).bytes;
}

function contains(bytes: Uint8Array, text: string): boolean {
	return Buffer.from(bytes).includes(text, 0, "latin1");
}

function joined(...parts: Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

function alteredBeforeSignature(bytes: Uint8Array): Uint8Array | null {
	return contains(bytes, SIGNATURE_MARK)
		? new Edit(bytes).text(".modinfo", /author=./, "author=~").bytes
		: null;
}

function withoutEnd(bytes: Uint8Array): Uint8Array | null {
	return contains(bytes, SIGNATURE_MARK) ? bytes.slice(0, -SIGNATURE_MARK.length) : null;
}
