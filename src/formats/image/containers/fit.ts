import { type ByteSource, Fields, latin1, part } from "../../bytes.ts";
import { FormatError } from "../../error.ts";
import { type ContainerReader, type Digest, has, type Payload, payloadOf } from "./container.ts";
import { FDT_MAGIC, type FdtNode, readFdt } from "./fdt.ts";
import { ubootArch, ubootCompression } from "./u-boot.ts";

const KERNELS = ["kernel", "kernel_noload"];
const LONGEST_TEXT = 512;

/**
 * U-Boot's FIT (doc/usage/fit/source_file_format.rst): a device tree whose /images has kernels, of which the default
 * configuration names one. Their data lie in the tree, or behind it (data-offset, data-position).
 */
export const fit: ContainerReader = (head, source) => {
	if (!has(head, 0, FDT_MAGIC)) return null;
	const root = readFdt(source);
	const images = child(root, "images");
	if (images === null) throw new FormatError("no-kernel", "a device tree (dtb) and no kernel");
	const image = chosen(root, images, source);
	const place = dataOf(image, source);
	if (place.size < 64) throw new FormatError("no-kernel", `the FIT's ${image.name} is empty`, place.offset);
	const payload: Payload = payloadOf(source, place.offset, place.size);
	const compression = ubootCompression(text(image, "compression", source) ?? "", payload.compression);
	return {
		kind: "FIT",
		arch: ubootArch(text(image, "arch", source) ?? ""),
		release: null,
		payloads: [{ ...payload, compression, digests: digestsOf(image, source) }],
	};
};

/** The kernel of the default configuration, of the first one without a default, or the only one there is. */
function chosen(root: FdtNode, images: FdtNode, source: ByteSource): FdtNode {
	const configurations = child(root, "configurations");
	const wanted = configurations === null ? null : text(configurations, "default", source);
	const configuration = configurations?.children.find(({ name }) => wanted === null || name === wanted);
	const named = configuration === undefined ? null : text(configuration, "kernel", source);
	if (named !== null) {
		const image = child(images, named);
		if (image === null)
			throw new FormatError("no-kernel", `the FIT has no image ${named}, which its configuration names`);
		return image;
	}
	const kernels = images.children.filter((one) => KERNELS.includes(text(one, "type", source) ?? ""));
	const [only] = kernels;
	if (only === undefined) throw new FormatError("no-kernel", "a FIT without a kernel");
	if (kernels.length > 1)
		throw new FormatError("no-kernel", "a FIT with several kernels and no configuration that names one");
	return only;
}

function dataOf(image: FdtNode, source: ByteSource): { offset: number; size: number } {
	const inside = image.properties.get("data");
	if (inside !== undefined) return inside;
	const size = cell(image, "data-size", source);
	const position = cell(image, "data-position", source);
	const offset = cell(image, "data-offset", source);
	const treeSize = new Fields(part(source, 4, 4), false).u32(0);
	const at = position ?? (offset === null ? null : Math.ceil(treeSize / 4) * 4 + offset);
	if (size === null || at === null) throw new FormatError("no-kernel", `the FIT's ${image.name} has no data`);
	if (at + size > source.size)
		throw new FormatError("truncated", `the FIT's ${image.name} goes beyond the end of the file`, at);
	return { offset: at, size };
}

function digestsOf(image: FdtNode, source: ByteSource): Digest[] {
	return image.children
		.filter(({ name }) => /^hash(?:[-@]|$)/.test(name))
		.flatMap((node) => {
			const algorithm = text(node, "algo", source);
			const value = node.properties.get("value");
			if (algorithm === null || value === undefined || value.size > 64) return [];
			const bytes = part(source, value.offset, value.size);
			return [{ algorithm, value: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") }];
		});
}

function child(node: FdtNode, name: string): FdtNode | null {
	return node.children.find((one) => one.name === name) ?? null;
}

/** The first string of a property; null when it is not there or not printable. */
function text(node: FdtNode, name: string, source: ByteSource): string | null {
	const place = node.properties.get(name);
	if (place === undefined || place.size === 0) return null;
	const value =
		latin1(part(source, place.offset, Math.min(place.size, LONGEST_TEXT))).split("\0", 1)[0] ?? "";
	return /^[\x21-\x7e]+$/.test(value) ? value : null;
}

function cell(node: FdtNode, name: string, source: ByteSource): number | null {
	const place = node.properties.get(name);
	return place?.size === 4 ? new Fields(part(source, place.offset, 4), false).u32(0) : null;
}
