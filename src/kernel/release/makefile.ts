/** VERSION, PATCHLEVEL, SUBLEVEL, EXTRAVERSION and NAME at the top of a kernel's Makefile; an absent line is "". */
export interface VersionBlock {
	version: string;
	patchlevel: string;
	sublevel: string;
	extraversion: string;
	name: string;
}

/** Reads the version block; null when the text is not a kernel's own top-level Makefile (a wrapper, or something else). */
export function parseVersionBlock(makefile: string): VersionBlock | null {
	const head = makefile.slice(0, 16384);
	const read = (name: string) =>
		new RegExp(`^${name}[ \\t]*:?=[ \\t]*([^\\n#]*)`, "m").exec(head)?.[1]?.trim() ?? "";
	const block = {
		version: read("VERSION"),
		patchlevel: read("PATCHLEVEL"),
		sublevel: read("SUBLEVEL"),
		extraversion: read("EXTRAVERSION"),
		name: read("NAME"),
	};
	const numbers = [block.version, block.patchlevel].every((part) => /^\d+$/.test(part));
	return numbers && /^\d*$/.test(block.sublevel) ? block : null;
}

/** KERNELVERSION without EXTRAVERSION: "6.1.192"; a missing SUBLEVEL (legal from 3.0) leaves "6.1". */
export function baseOf({ version, patchlevel, sublevel }: VersionBlock): string {
	return [version, patchlevel, sublevel].filter((part) => part !== "").join(".");
}

/** The Makefile that a wrapper includes: its path as written, or null when the text is no wrapper. */
export function wrappedMakefile(makefile: string): string | null {
	if (parseVersionBlock(makefile) !== null || makefile.length > 8192) return null;
	return /^[ \t]*include[ \t]+(\S*Makefile)[ \t]*$/m.exec(makefile)?.[1] ?? null;
}

/** The text with another EXTRAVERSION, on its own line; without such a line it is put behind the version numbers. */
export function setExtraversion(makefile: string, extraversion: string): string {
	const line = `EXTRAVERSION =${extraversion === "" ? "" : ` ${extraversion}`}`;
	const present = /^EXTRAVERSION[ \t]*:?=[^\n]*/m;
	if (present.test(makefile)) {
		return parseVersionBlock(makefile)?.extraversion === extraversion
			? makefile
			: makefile.replace(present, () => line);
	}
	const anchor = /^SUBLEVEL[ \t]*:?=[^\n]*/m.test(makefile) ? "SUBLEVEL" : "PATCHLEVEL";
	return makefile.replace(new RegExp(`^${anchor}[ \\t]*:?=[^\\n]*`, "m"), (found) => `${found}\n${line}`);
}

/** Paths that the Makefile must have in its source tree (`include $(srctree)/scripts/...`), without the prefix. */
export function includedFiles(makefile: string): string[] {
	const found = makefile.matchAll(
		/^[ \t]*include[ \t]+(?:\$\(srctree\)\/)?((?:scripts|arch|tools)\/[\w./-]+)[ \t]*$/gm,
	);
	return [...new Set([...found].map((match) => match[1] as string))];
}
