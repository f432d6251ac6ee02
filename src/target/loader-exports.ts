import type { TargetSymbol } from "../kernel/loader/knowledge.ts";

const LINE = /^(0x[0-9a-fA-F]+)\t([^\t]+)\t(.*)$/;
const KIND = /^EXPORT_/;

/**
 * The target's exports by name from the text of a Module.symvers of any era (FACTS: "Module.symvers and CRCs").
 * `modversions` false: zeros stand for "no CRC". Lines that are none are passed over.
 */
export function exportsOf(symvers: string, modversions: boolean): Map<string, TargetSymbol> {
	const exports = new Map<string, TargetSymbol>();
	for (const line of symvers.split("\n")) {
		const [, crc = "", symbol = "", rest = ""] = LINE.exec(line) ?? [];
		if (symbol === "") continue;
		const fields = rest.split("\t");
		const kindAt = fields.findIndex((field) => KIND.test(field));
		// 5.4 and 5.5 wrote the namespace before the module.
		const [owner = "", namespace = ""] =
			kindAt === 2 ? [fields[1], fields[0]] : [fields[0], fields[kindAt + 1]];
		exports.set(symbol, {
			crc: modversions ? Number.parseInt(crc, 16) : null,
			gpl: (fields[kindAt] ?? "").includes("_GPL"),
			namespace: namespace === "" ? null : namespace,
			owner: moduleName(owner),
		});
	}
	return exports;
}

/** `drivers/net/foo-bar` or `foo-bar.ko.xz` → `foo_bar`, the name that the kernel uses. */
export function moduleName(path: string): string {
	const file = path.slice(path.lastIndexOf("/") + 1);
	return file.replace(/\.ko(\.(gz|xz|zst))?$/, "").replaceAll("-", "_");
}
