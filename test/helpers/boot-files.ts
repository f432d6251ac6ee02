/** Boot files around a kernel, made as mkbootimg, mkimage and the kernel's own build make them. */
import { createHash } from "node:crypto";
import { crc32 } from "../../src/formats/compression/crc32.ts";
import { ascii, joined, words } from "./elf.ts";

/** Android's boot.img of one header version (AOSP mkbootimg), with a ramdisk behind the kernel. */
export function composeBootImage(
	kernel: Uint8Array,
	version: 0 | 1 | 2 | 3 | 4,
	commandLine = "quiet",
): Uint8Array {
	const ramdisk = ascii("a ramdisk, or what stands for it");
	const page = version >= 3 ? 4096 : 2048;
	const head = new Uint8Array(page);
	head.set(ascii("ANDROID!"));
	if (version >= 3) {
		head.set(words(true, [4, kernel.length], [4, ramdisk.length], [4, 0], [4, 1580]), 8);
		head.set(ascii(commandLine), 44);
	} else {
		head.set(words(true, [4, kernel.length], [4, 0x8000], [4, ramdisk.length], [4, 0x1000000]), 8);
		head.set(words(true, [4, 0], [4, 0], [4, 0x100], [4, page]), 24);
		head.set(ascii(commandLine), 64);
	}
	head.set(words(true, [4, version]), 40);
	return joined([head, filled(kernel, page), filled(ramdisk, page)]);
}

/** Android's vendor_boot of version 3 or 4: it has no kernel. */
export function composeVendorBoot(version: 3 | 4, commandLine = "androidboot.hardware=demo"): Uint8Array {
	const head = new Uint8Array(4096);
	head.set(ascii("VNDRBOOT"));
	head.set(words(true, [4, version], [4, 4096], [4, 0x8000], [4, 0], [4, 64]), 8);
	head.set(ascii(commandLine), 28);
	head.set(words(true, [4, version === 4 ? 2128 : 2112], [4, 40]), 2096);
	if (version === 4) head.set(words(true, [4, 2 * 108], [4, 2], [4, 108], [4, 0]), 2112);
	return joined([head, new Uint8Array(3 * 4096)]);
}

/** U-Boot's legacy image. `compression` and `arch` are its numbers: arm is 2, mips 5; gzip is 1, lzma 3. */
export function composeUImage(
	kernel: Uint8Array,
	{ arch = 2, compression = 0, type = 2 }: { arch?: number; compression?: number; type?: number } = {},
): Uint8Array {
	const multi = words(false, [4, kernel.length], [4, 8], [4, 0]);
	const data = type === 4 ? joined([multi, filled(kernel, 4), ascii("ramdisk!")]) : kernel;
	const head = words(
		false,
		...([4, 4, 4, 4, 4, 4, 4].map((size, at) => [
			size,
			[0x27051956, 0, 0, data.length, 0x8000, 0x8000, crc32(data)][at],
		]) as [number, number][]),
		...([
			[1, 5],
			[1, arch],
			[1, type],
			[1, compression],
		] as const),
	);
	const header = joined([head, ascii("Linux-6.1".padEnd(32, "\0"))]);
	header.set(words(false, [4, crc32(header)]), 4);
	return joined([header, data]);
}

export interface FitKernel {
	name: string;
	bytes: Uint8Array;
	arch?: string;
	compression?: string;
	type?: string;
	hashes?: string[];
}

/** A FIT with these images and a default configuration that names the last of them, as mkimage lays it out. */
export function composeFit(images: FitKernel[], { external = false, configured = true } = {}): Uint8Array {
	let strings = "";
	const nameOf = (name: string) => {
		const at = `\0${strings}`.indexOf(`\0${name}\0`);
		if (at >= 0) return at;
		strings += `${name}\0`;
		return strings.length - name.length - 1;
	};
	const property = (name: string, value: Uint8Array) =>
		joined([words(false, [4, 3], [4, value.length], [4, nameOf(name)]), filled(value, 4)]);
	const text = (name: string, value: string) => property(name, ascii(`${value}\0`));
	const node = (name: string, ...content: Uint8Array[]) =>
		joined([words(false, [4, 1]), filled(ascii(`${name}\0`), 4), ...content, words(false, [4, 2])]);
	let behind = 0;
	const blobs: Uint8Array[] = [];
	const imageNode = ({
		name,
		bytes,
		arch = "arm64",
		compression = "none",
		type = "kernel",
		hashes = ["crc32", "sha1"],
	}: FitKernel) => {
		const data = external
			? [
					property("data-size", words(false, [4, bytes.length])),
					property("data-offset", words(false, [4, behind])),
				]
			: [property("data", bytes)];
		blobs.push(filled(bytes, 4));
		behind += filled(bytes, 4).length;
		return node(
			name,
			text("description", "Linux"),
			...data,
			...[text("type", type), text("arch", arch), text("os", "linux"), text("compression", compression)],
			...hashes.map((algorithm, at) =>
				node(`hash-${at + 1}`, text("algo", algorithm), property("value", digest(algorithm, bytes))),
			),
		);
	};
	const last = images.at(-1)?.name ?? "";
	const configurations = node(
		"configurations",
		text("default", "conf-1"),
		node("conf-0", text("kernel", "none")),
		node("conf-1", text("kernel", last)),
	);
	const root = node(
		"",
		text("description", "made by a test"),
		...(images.length > 0 ? [node("images", ...images.map(imageNode))] : []),
		...(configured ? [configurations] : []),
	);
	const struct = joined([root, words(false, [4, 9])]);
	const [structAt, stringsAt] = [56, 56 + struct.length];
	const total = stringsAt + strings.length;
	const head = words(
		false,
		...([0xd00dfeed, total, structAt, stringsAt, 40, 17, 16, 0, strings.length, struct.length].map(
			(value) => [4, value],
		) as [number, number][]),
		...([
			[8, 0],
			[8, 0],
		] as const),
	);
	const tree = joined([head, struct, ascii(strings)]);
	return external ? joined([filled(tree, 4), ...blobs]) : tree;
}

function digest(algorithm: string, bytes: Uint8Array): Uint8Array {
	if (algorithm === "crc32") return words(false, [4, crc32(bytes)]);
	// Signatures and what is not invented yet look the same.
	if (!["md5", "sha1", "sha256", "sha512"].includes(algorithm)) return ascii("whatever");
	return new Uint8Array(createHash(algorithm).update(bytes).digest());
}

/** A device tree without anything in it but a name: what is appended to kernels. */
export function composeDtb(): Uint8Array {
	return composeFit([], { configured: false });
}

/** EFI zboot around a packed kernel, for a machine of a PE header: 0xaa64 arm64, 0x6264 loongarch, 0x5064 riscv. */
export function composeZboot(packed: Uint8Array, machine: number, sized = false): Uint8Array {
	const head = new Uint8Array(0x200);
	const payload = sized ? joined([packed, words(true, [4, 0x1000])]) : packed;
	head.set(ascii("MZ\0\0zimg"));
	head.set(words(true, [4, head.length], [4, payload.length]), 8);
	head.set(words(true, [4, 0x818223cd], [4, 0x40]), 0x38);
	head.set(joined([ascii("PE\0\0"), words(true, [2, machine], [2, 0])]), 0x40);
	return joined([head, payload]);
}

/** A unified kernel image: a PE with sections .cmdline, .uname and .linux. */
export function composeUki(
	kernel: Uint8Array,
	machine: number,
	commandLine: string,
	release: string,
): Uint8Array {
	const parts: [string, Uint8Array][] = [
		[".cmdline", ascii(commandLine)],
		[".uname", ascii(release)],
		[".linux", kernel],
	];
	const head = new Uint8Array(0x400);
	head.set(ascii("MZ"));
	head.set(words(true, [4, 0x80]), 0x3c);
	head.set(joined([ascii("PE\0\0"), words(true, [2, machine], [2, parts.length])]), 0x80);
	let at = head.length;
	parts.forEach(([name, bytes], index) => {
		const entry = joined([
			ascii(name.padEnd(8, "\0")),
			words(true, [4, bytes.length], [4, 0x1000], [4, filled(bytes, 512).length], [4, at]),
		]);
		head.set(entry, 0x98 + index * 40);
		at += filled(bytes, 512).length;
	});
	return joined([head, ...parts.map(([, bytes]) => filled(bytes, 512))]);
}

/** arm's self-extracting zImage around a packed kernel; a decoy of a gzip head comes first, as in the real ones. */
export function composeZImage(packed: Uint8Array): Uint8Array {
	const head = new Uint8Array(64);
	const decoy = ascii("\x1f\x8b\x08\0 not the payload");
	head.set(words(true, [4, 0x016f2818], [4, 0], [4, head.length + decoy.length + packed.length]), 0x24);
	return joined([head, decoy, packed]);
}

/** MediaTek's header of 512 bytes in front of a kernel. */
export function composeMediatek(kernel: Uint8Array): Uint8Array {
	const head = new Uint8Array(512);
	head.set(joined([words(true, [4, 0x58881688], [4, kernel.length]), ascii("KERNEL")]));
	return joined([head, kernel]);
}

function filled(bytes: Uint8Array, to: number): Uint8Array {
	return joined([bytes, new Uint8Array((to - (bytes.length % to)) % to)]);
}
