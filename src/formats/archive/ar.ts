/** The first bytes of every ar archive (ar(5)). */
export const AR_MAGIC = "!<arch>\n";

/** The header of an ar member as dpkg writes it (deb(5)): root's, mode 644, a newline fills an odd size. */
export function arHeader(name: string, size: number, mtime: number): string {
	const field = (value: string | number, width: number) => String(value).padEnd(width).slice(0, width);
	return `${field(name, 16)}${field(mtime, 12)}${field(0, 6)}${field(0, 6)}${field("100644", 8)}${field(size, 10)}\`\n`;
}
