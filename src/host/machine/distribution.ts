import type { Root } from "../files/root.ts";

/** Who made the user space of a root. */
export interface Distribution {
	/** os-release ID, lower case: "debian", "fedora", "opensuse-leap". */
	id: string;
	/** ID, then what ID_LIKE names, most similar first: where to look for package tables and ways to fetch. */
	family: string[];
	/** VERSION_ID without quotes, such as "12"; null on rolling distributions. */
	version: string | null;
	/** VERSION_CODENAME, such as "bookworm"; null when there is none. */
	codename: string | null;
	/** PRETTY_NAME, for people. */
	name: string;
}

/** Reads /etc/os-release, else /usr/lib/os-release, of `root`; null when it has neither (os-release(5)). */
export function readDistribution(root: Root): Distribution | null {
	const limit = 64 * 1024;
	const text = root.text("/etc/os-release", limit) ?? root.text("/usr/lib/os-release", limit);
	return text === null ? null : parseDistribution(text);
}

/** The content of an os-release file (shell assignments, os-release(5)); null without an ID. */
export function parseDistribution(text: string): Distribution | null {
	const values = new Map<string, string>();
	for (const line of text.split("\n")) {
		const [, name, value] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
		if (name !== undefined && value !== undefined) values.set(name, unquoted(value));
	}
	const id = values.get("ID")?.toLowerCase();
	if (!id) return null;
	const like = (values.get("ID_LIKE") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
	return {
		id,
		family: [...new Set([id, ...like])],
		version: values.get("VERSION_ID") || null,
		codename: values.get("VERSION_CODENAME") || null,
		name: values.get("PRETTY_NAME") || values.get("NAME") || id,
	};
}

function unquoted(value: string): string {
	const quote = value[0];
	const inner = (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
	return quote === "'" ? inner : inner.replace(/\\(["$`\\])/g, "$1");
}
