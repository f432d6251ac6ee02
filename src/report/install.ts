import { printable } from "./printable.ts";

/** What was put into, or taken out of, a kernel's folder of modules. */
export function installedText({
	release,
	installed,
	removed,
	kept,
	depmod,
	signed,
}: {
	release: string;
	installed: string[];
	removed: string[];
	kept: string[];
	depmod: boolean;
	signed: boolean;
}): string {
	const lines = [
		...installed.map((path) => `installed ${printable(path)}${signed ? " (signed)" : ""}`),
		...removed.map((path) => `removed ${printable(path)}`),
		...kept.map((path) => `kept ${printable(path)}: it is no longer what kprep put there`),
	];
	if (lines.length === 0) return `nothing of this folder is installed for ${printable(release)}`;
	if (installed.length > 0 && !depmod) lines.push(`next: depmod ${printable(release)}`);
	return lines.join("\n");
}
