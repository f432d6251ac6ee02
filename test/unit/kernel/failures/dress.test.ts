import { expect, it } from "vitest";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { building } from "./messages/building.ts";
import { environment } from "./messages/environment.ts";
import { field } from "./messages/field.ts";
import { loading } from "./messages/loading.ts";
import type { Message } from "./messages/message.ts";
import { real } from "./messages/real.ts";
import { realMakes } from "./messages/real-makes.ts";

const tables: Record<string, Message[]>[] = [loading, building, environment, real, realMakes, field];
const all = tables.flatMap((table) =>
	Object.entries(table).flatMap(([id, messages]) => messages.map(({ text }) => ({ id, text }))),
);

const lines = (change: (line: string) => string) => (text: string) => text.split("\n").map(change).join("\n");

/** What a log wears when it is pasted. */
const dresses: Record<string, (text: string) => string> = {
	"line ends of Windows": (text) => text.replaceAll("\n", "\r\n"),
	"a quote": lines((line) => `> ${line}`),
	"a quote of a quote": lines((line) => `>> ${line}`),
	"a code block with prose around": (text) =>
		`Hello, this is what I get:\n\n\`\`\`console\n${text}\n\`\`\`\nI have installed the headers. What now?`,
	"code in each line": lines((line) => (line.trim() === "" ? line : `\`${line}\``)),
	"an indent": lines((line) => `      ${line}`),
	"a journal": lines((line) => `Jan 05 10:11:12 host kernel: ${line}`),
	"dmesg -T": lines((line) => `[Mon Jan  5 10:11:12 2026] ${line}`),
	"a CI log": lines((line) => `2026-01-05T10:11:12.1234567Z ${line}`),
	"a docker build": lines((line) => `#12 34.56 ${line}`),
	"bitbake's bars": lines((line) => `| ${line}`),
	colours: lines((line) => `\x1b[01m\x1b[K${line}\x1b[m\x1b[K`),
	"entities of HTML": (text) =>
		text
			.replaceAll("&", "&amp;")
			.replaceAll("<", "&lt;")
			.replaceAll(">", "&gt;")
			.replaceAll('"', "&quot;")
			.replaceAll("'", "&#39;"),
	"curly quotes": (text) => text.replace(/'([^'\n]*)'/g, "‘$1’").replace(/"([^"\n]*)"/g, "“$1”"),
	"empty lines between": (text) => text.replaceAll("\n", "\n\n"),
	"the whole twice": (text) => `${text}\n${text}`,
};

/** What stamps every line has not been wrapped by a terminal before. */
const stamps = new Set(["a journal", "dmesg -T", "a CI log"]);
const isWrapped = (text: string) => /should be\n/.test(text);

it.each(Object.entries(dresses))("every message is recognised in %s", (name, dress) => {
	const missed = all.flatMap(({ id, text }) => {
		if (stamps.has(name) && isWrapped(text)) return [];
		const reader = new LogReader();
		reader.feed(new TextEncoder().encode(dress(text)));
		const first = reader.finish().diagnoses[0]?.entry.id;
		return first === id ? [] : [`${id}, not ${first}: ${text.slice(0, 200)}`];
	});
	expect(missed).toEqual([]);
});
