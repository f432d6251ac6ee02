import { quoted } from "../kernel/shell-word.ts";
import { printable } from "../printable.ts";

/** What became of modules that were built, in the kernel's own folder. */
export interface Installed {
	release: string;
	/** Paths as seen from inside the root. */
	installed: string[];
	removed: string[];
	/** What is no longer as kprep left it, and stays. */
	kept: string[];
	/** Whether the index of modules was made anew. */
	depmod: boolean;
	/** Whether a key of this machine or the user's signed them. */
	signed: boolean;
}

/** What was put into, or taken out of, a kernel's folder of modules. */
export function installedText({ release, installed, removed, kept, depmod, signed }: Installed): string {
	const lines = [
		...installed.map((path) => `installed ${printable(path)}${signed ? " (signed)" : ""}`),
		...removed.map((path) => `removed ${printable(path)}`),
		...kept.map((path) => `kept ${printable(path)}: it is no longer what kprep put there`),
	];
	if (lines.length === 0) return `nothing of this folder is installed for ${printable(release)}`;
	if (installed.length > 0 && !depmod) lines.push(`next: depmod ${quoted(release)}`);
	return lines.join("\n");
}
