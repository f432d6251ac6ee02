import { printable } from "../printable.ts";
import { sizeText } from "../size.ts";

export const FORMATS = ["deb", "rpm", "tar", "dir"] as const;
export type Format = (typeof FORMATS)[number];

export interface PackageDocument {
	verdict: "match" | "mismatch" | "unproven";
	release: string;
	/** null: nothing was written, because the tree does not match. */
	package: {
		path: string;
		format: Format;
		name: string;
		version: string;
		architecture: string | null;
		files: number;
		/** Bytes of the content, and of the file (0 for a folder). */
		unpacked: number;
		size: number;
	} | null;
	/** Checks that do not match. */
	mismatches: string[];
}

export interface InstallDocument {
	verdict: PackageDocument["verdict"] | null;
	release: string;
	mismatches: string[];
	/** null: the tree does not match, or this was an uninstall. */
	installed: { folder: string; link: string } | null;
	/** Only of an uninstall. */
	removed?: string[];
}

/** What was packed or installed, for people. */
export function packageText(document: PackageDocument | InstallDocument): string {
	if ("removed" in document)
		return document.removed.length === 0
			? `nothing of kprep's is installed for ${document.release}`
			: document.removed.map((path) => `removed ${printable(path)}`).join("\n");
	const { verdict, release, mismatches } = document;
	if ("installed" in document && document.installed !== null) {
		const { folder, link } = document.installed;
		return `headers for ${release} (${verdict}): ${printable(folder)}\n  found at  ${printable(link)}`;
	}
	if (!("package" in document) || document.package === null)
		return `nothing was written: the tree does not match ${release} (${mismatches.join(", ")})\n  try:  kprep verify, kprep sync, or --force`;
	const { path, name, version, architecture, files, unpacked, size } = document.package;
	return [
		`${printable(path)}: headers for ${release} (${verdict})`,
		`  package   ${name} ${version}${architecture === null ? "" : ` ${architecture}`}`,
		`  content   ${files} files, ${sizeText(unpacked)}${size === 0 ? "" : `, ${sizeText(size)} packed`}`,
	].join("\n");
}
