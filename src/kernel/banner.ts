/** What `linux_banner` (/proc/version, or inside an image) says: init/version.c, all versions. */
export interface Banner {
	release: string;
	/** "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", linker left out; null when the banner has no compiler. */
	compiler: string | null;
	/** V.P.S that some distributions write behind the version number: "Debian 6.1.192-2". */
	version: string | null;
}

/** Parses "Linux version R (user@host) (compiler, linker) #1 SMP ..."; null for other text. */
export function parseBanner(text: string): Banner | null {
	const match = /^Linux version (\S+) \([^()]*\) \(/.exec(text);
	if (match === null) return null;
	const inner = insideParentheses(text, match[0].length);
	const debian = /#\d.* Debian (\d+\.\d+\.\d+)-\S+ \(/.exec(text);
	return {
		release: match[1] as string,
		compiler: inner === null ? null : compilerOf(inner),
		version: debian?.[1] ?? null,
	};
}

/** The text up to the parenthesis that closes the one opened just before `start`. */
function insideParentheses(text: string, start: number): string | null {
	let depth = 1;
	for (let at = start; at < Math.min(text.length, start + 1024); at++) {
		if (text[at] === "(") depth++;
		else if (text[at] === ")" && --depth === 0) return text.slice(start, at);
	}
	return null;
}

/** From 5.8 on the linker follows behind a comma; before, "gcc version 8.3.0 (Debian 8.3.0-6)" stands alone. */
function compilerOf(inner: string): string | null {
	const compiler = inner.replace(/, (?:GNU ld|GNU gold|LLD|ld\.lld|[\w. ]*LLD) .*$/, "").trim();
	return compiler === "" ? null : compiler;
}
