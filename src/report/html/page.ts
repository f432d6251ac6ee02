import { escaped } from "./escaped.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: .6rem 0 }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
.match, .loads, .loaded { background: #2a93 } .mismatch, .refused, .failed, .unsafe, .differs { background: #d333 }
.unknown, .unproven, .note { background: #da13 }
pre { background: #8882; padding: .6rem; overflow-x: auto; font-size: 13px; max-height: 30rem }
code { font-size: 13px } summary { cursor: pointer } section { margin-top: 2rem }
dt { font-weight: 600 } dd { margin: 0 0 .4rem 1rem }
`;

/** A whole page that needs nothing else: no script, no font, no picture, no network. `body` is markup; `title` is text. */
export function page(title: string, body: string): string {
	return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1>
${body}
</body></html>
`;
}

/** Names and texts as a list; what is null or empty is left out, line ends stay. */
export function facts(pairs: readonly (readonly [name: string, text: string | null | undefined])[]): string {
	const known = pairs.flatMap(([name, text]) => (text ? [[name, text] as const] : []));
	const items = known.map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${lines(text)}</dd>`);
	return items.length === 0 ? "" : `<dl>${items.join("")}</dl>`;
}

/** A table; cells are markup. */
export function table(head: readonly string[], rows: readonly string[]): string {
	const cells = head.map((name) => `<th>${escaped(name)}</th>`).join("");
	return `<table><thead><tr>${cells}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

/** A cell of text, with a class that colours it. */
export function cell(text: string | number | null, colour = ""): string {
	return `<td${colour === "" ? "" : ` class="${escaped(colour)}"`}>${lines(String(text ?? ""))}</td>`;
}

/** Something to open; `inner` is markup. */
export function foldable(summary: string, inner: string, open = false): string {
	return `<details${open ? " open" : ""}><summary>${escaped(summary)}</summary>${inner}</details>`;
}

/** Lines of a log or a command. */
export function preformatted(text: readonly string[]): string {
	return text.length === 0 ? "" : `<pre>${escaped(text.join("\n"))}</pre>`;
}

function lines(text: string): string {
	return escaped(text).replaceAll("\n", "<br>");
}
