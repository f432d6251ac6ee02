const STRING = /^CONFIG_(\w+)="(.*)"$/;
/** A path below a person's folder, up to the next separator that kconfig strings use. */
const HOME = /(?:\/home\/[^/\s":]+|\/root|\/Users\/[^/\s":]+)\/(?:[^/\s":]+\/)*([^/\s":]*)/g;

/**
 * A .config without what tells of a person or a machine: paths below home folders keep their last part only
 * (MODULE_SIG_KEY, INITRAMFS_SOURCE...), DEFAULT_HOSTNAME becomes kconfig's own default. Everything else stays
 * byte for byte; `symbols` are those that changed. None of them has an effect on modules.
 */
export function withoutPrivate(text: string): { text: string; symbols: string[] } {
	const symbols: string[] = [];
	const lines = text.split("\n").map((line) => {
		const [, symbol, value] = STRING.exec(line) ?? [];
		if (symbol === undefined || value === undefined) return line;
		const plain = symbol === "DEFAULT_HOSTNAME" ? "(none)" : value.replace(HOME, "$1");
		if (plain === value) return line;
		symbols.push(symbol);
		return `CONFIG_${symbol}="${plain}"`;
	});
	return { text: symbols.length === 0 ? text : lines.join("\n"), symbols };
}
