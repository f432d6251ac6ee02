/**
 * The SHA-256 of `file` in the text of a sha256sums file ("HEX  NAME" lines, as sha256sum and kernel.org's
 * sha256sums.asc write them), 64 lower-case hex digits; null when it has no line for the file.
 */
export function sha256Of(file: string, text: string): string | null {
	for (const line of text.split("\n")) {
		const [, digest, name] = /^([0-9a-fA-F]{64})[ \t]+\*?(\S+)\s*$/.exec(line) ?? [];
		if (name === file && digest !== undefined) return digest.toLowerCase();
	}
	return null;
}

/** The signed part of a clear-signed text (RFC 9580, 7), dash escapes undone; null when the text is not signed so. */
export function clearsigned(text: string): string | null {
	const match =
		/^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:Hash:[^\n]*\n)*\r?\n([\s\S]*?)\r?\n-----BEGIN PGP SIGNATURE-----/.exec(
			text,
		);
	return match?.[1]?.replace(/^- /gm, "") ?? null;
}
