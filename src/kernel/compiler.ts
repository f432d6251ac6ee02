/** A compiler as its own texts name it. */
export interface Compiler {
	family: "gcc" | "clang";
	/** "12", "4.9": below gcc 5 the second number is part of the major version. */
	major: string;
	/** Whole: "12.2.0". */
	version: string;
}

/**
 * Family and version in a text like CONFIG_CC_VERSION_TEXT, a banner's compiler or the first line of `CC --version`:
 * "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "Debian clang version 14.0.6", "gcc version 4.9.2 (Debian 4.9.2-10)".
 * null when neither is told.
 */
export function parseCompiler(text: string): Compiler | null {
	const clang = /\bclang version (\d+(?:\.\d+)*)/.exec(text)?.[1];
	if (clang !== undefined) return { family: "clang", major: clang.split(".")[0] ?? clang, version: clang };
	// Vendors put their own numbers into the parentheses; they can be nested.
	let plain = text;
	for (let last = ""; last !== plain; ) [last, plain] = [plain, plain.replace(/\([^()]*\)/g, " ")];
	const gcc =
		/\bversion (\d+\.\d+(?:\.\d+)*)/.exec(plain)?.[1] ??
		/(?:^|\s)(\d+\.\d+(?:\.\d+)+)/.exec(plain)?.[1] ??
		/(?:^|\s)(\d+\.\d+)/.exec(plain)?.[1];
	if (gcc === undefined || !/gcc|(?:^|[\s/-])cc\b/i.test(text)) return null;
	const [first = "", second = "0"] = gcc.split(".");
	return { family: "gcc", major: Number(first) < 5 ? `${first}.${second}` : first, version: gcc };
}

/** Whether two compiler texts name different compilers; the first word is only the name it was called by. */
export function differs(one: string | null, other: string | null): boolean {
	if (one === null || other === null) return false;
	const rest = (text: string) => text.trim().split(" ").slice(1).join(" ");
	return rest(one) !== rest(other);
}

/**
 * How near two compilers are: the same family and major version generate the same layouts and calls. "unknown" where a
 * text does not tell.
 */
export function nearness(one: string, other: string): "same" | "other-major" | "other-family" | "unknown" {
	const [a, b] = [parseCompiler(one), parseCompiler(other)];
	if (a === null || b === null) return differs(one, other) ? "unknown" : "same";
	if (a.family !== b.family) return "other-family";
	return a.major === b.major ? "same" : "other-major";
}
