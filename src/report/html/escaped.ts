const NAMES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Foreign text for HTML and XML, between tags and in quoted attributes: markup is told apart, and what XML 1.0 has no place
 * for (control characters, unpaired surrogates, U+FFFE and U+FFFF) becomes U+FFFD.
 */
export function escaped(text: string): string {
	return text
		.replace(/[^\P{Cc}\t\n]|\p{Cs}|\uFFFE|\uFFFF/gu, "\uFFFD")
		.replace(/[&<>"']/g, (character) => NAMES[character] as string);
}
