/** One repository that apt of a machine is told to use (sources.list(5)); only binary packages, only enabled ones. */
export interface AptSource {
	uri: string;
	suites: string[];
	components: string[];
	/** Other settings, as in a one-line entry: "signed-by=/usr/share/keyrings/x.gpg". */
	options: string[];
}

/** The sources in a file's text: `NAME.sources` is deb822, everything else has one a line. Broken ones are left out. */
export function parseSources(name: string, text: string): AptSource[] {
	return name.endsWith(".sources") ? parseStanzas(text) : parseLines(text);
}

/** The line of a sources.list that stands for `source`. */
export function sourceLines(source: AptSource): string[] {
	const options = source.options.length === 0 ? "" : `[${source.options.join(" ")}] `;
	return source.suites.map((suite) =>
		`deb ${options}${source.uri} ${suite} ${source.components.join(" ")}`.trim(),
	);
}

const FIELDS_KEPT = ["Signed-By", "Trusted"];

function parseStanzas(text: string): AptSource[] {
	const sources: AptSource[] = [];
	for (const stanza of text.replaceAll(/^#.*\n?/gm, "").split(/\n\s*\n/)) {
		const fields = new Map<string, string>();
		for (const [, name = "", value = ""] of stanza.matchAll(/^([\w-]+):[ \t]*((?:.|\n[ \t])*)/gm))
			fields.set(name.toLowerCase(), value.trim());
		const words = (name: string) => (fields.get(name) ?? "").split(/\s+/).filter(Boolean);
		if (!words("types").includes("deb") || fields.get("enabled")?.toLowerCase() === "no") continue;
		const options = FIELDS_KEPT.flatMap((field) => {
			const value = fields.get(field.toLowerCase());
			// A whole key may stand in the field: only a path fits into a line.
			return value === undefined || /\s/.test(value) ? [] : [`${field.toLowerCase()}=${value}`];
		});
		for (const uri of words("uris"))
			sources.push({ uri, suites: words("suites"), components: words("components"), options });
	}
	return sources.filter((it) => it.suites.length > 0);
}

function parseLines(text: string): AptSource[] {
	const sources: AptSource[] = [];
	for (const line of text.split("\n")) {
		const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
		if (match === null) continue;
		const [, options = "", uri = "", suite = "", components = ""] = match;
		sources.push({
			...{ uri, suites: [suite], components: components.split(/\s+/).filter(Boolean) },
			options: options.split(/\s+/).filter((it) => /^(signed-by|trusted)=/.test(it)),
		});
	}
	return sources;
}
