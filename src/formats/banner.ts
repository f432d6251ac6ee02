/** What `linux_banner` (/proc/version, or inside an image) says: init/version.c, all versions. */
export interface Banner {
	release: string;
	/** "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", linker left out; null when the banner has no compiler. */
	compiler: string | null;
	/** "GNU ld (GNU Binutils for Debian) 2.40": from 5.8 on; null when it is not named. */
	linker: string | null;
	/** UTS_VERSION: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)". */
	build: string | null;
	/** V.P.S that some distributions write behind the version number: "Debian 6.1.192-2". */
	version: string | null;
	/** The package that it was built as, where the distribution writes that: Debian's "6.1.192-2"; null otherwise. */
	packaged: { vendor: "Debian" | "Ubuntu"; version: string } | null;
}

const LONGEST = 1024;

/** Parses "Linux version R (user@host) (compiler, linker) #1 SMP ..."; null for other text. */
export function parseBanner(text: string): Banner | null {
	const release = /^Linux version (\d+\.\d[\x21-\x7e]*) \(/.exec(text)?.[1];
	if (release === undefined) return null;
	const builder = enclosed(text, "Linux version ".length + release.length);
	const tools = builder === null ? null : enclosed(text, builder.end);
	const build = tools === null ? null : text.slice(tools.end).trim() || null;
	return {
		release,
		...(tools === null ? { compiler: null, linker: null } : toolsOf(tools.text)),
		build,
		...packagedOf(build ?? ""),
	};
}

/** "#1 SMP Debian 6.1.192-2 (2026-11-16)", "#101-Ubuntu SMP Tue Nov 14 ... (Ubuntu 5.15.0-91.101-generic 5.15.131)". */
function packagedOf(build: string): Pick<Banner, "version" | "packaged"> {
	const [, debian, version] = / Debian ((\d+\.\d+\.\d+)-[\w.+~-]+) \(/.exec(build) ?? [];
	if (debian !== undefined && version !== undefined)
		return { version, packaged: { vendor: "Debian", version: debian } };
	const [, ubuntu, upstream] =
		/\(Ubuntu (\d+\.\d+\.\d+-\d+\.[\w.+~]+)-[a-z][\w-]* (\d+\.\d+\.\d+)\)$/.exec(build) ?? [];
	if (ubuntu !== undefined && upstream !== undefined)
		return { version: upstream, packaged: { vendor: "Ubuntu", version: ubuntu } };
	return { version: null, packaged: null };
}

/** The next parenthesis at or after `from`, nested ones included. */
function enclosed(text: string, from: number): { text: string; end: number } | null {
	const start = text.indexOf("(", from);
	if (start < 0) return null;
	let depth = 0;
	for (let at = start; at < Math.min(text.length, start + LONGEST); at++) {
		if (text[at] === "(") depth++;
		else if (text[at] === ")" && --depth === 0) return { text: text.slice(start + 1, at), end: at + 1 };
	}
	return null;
}

/** From 5.8 on the linker follows behind a comma; before, "gcc version 8.3.0 (Debian 8.3.0-6)" stands alone. */
function toolsOf(text: string): { compiler: string | null; linker: string | null } {
	const linker = /, ((?:GNU ld|GNU gold|LLD|ld\.lld|[\w. ]*LLD) .*)$/.exec(text);
	const compiler = (linker === null ? text : text.slice(0, linker.index)).trim();
	return { compiler: compiler === "" ? null : compiler, linker: linker?.[1]?.trim() ?? null };
}
