import { expect, it } from "vitest";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { building } from "./messages/building.ts";
import { environment } from "./messages/environment.ts";
import { field } from "./messages/field.ts";
import { loading } from "./messages/loading.ts";
import type { Message } from "./messages/message.ts";
import { real } from "./messages/real.ts";
import { realMakes } from "./messages/real-makes.ts";
import { threads } from "./messages/threads.ts";

const tables: Record<string, Message[]>[] = [loading, building, environment, real, realMakes, field, threads];
const all = tables.flatMap((table) =>
	Object.entries(table).flatMap(([id, messages]) => messages.map(({ text }) => ({ id, text }))),
);

const lines = (change: (line: string) => string) => (text: string) => text.split("\n").map(change).join("\n");

/** As Python writes what is not ASCII. */
function ascii(text: string): string {
	return text.replace(
		/[\u0080-\uffff]/g,
		(letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

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
	"pssh, docker compose": lines((line) => `node01-1  | ${line}`),
	"journalctl -o short-iso-precise": lines((line) => `2026-01-05T10:11:12.123456+0100 host kernel: ${line}`),
	"journalctl -o short-full": lines((line) => `Mon 2026-01-05 10:11:12 CET host kernel: ${line}`),
	"a daemon's tag": lines((line) => `Jan 05 10:11:12 host systemd-modules-load[812]: ${line}`),
	"ts of moreutils": lines((line) => `Jan 05 10:11:12 ${line}`),
	"dmesg -H": lines((line) => `[  +0.000012] ${line}`),
	"dmesg -x": lines((line) => `kern  :err   : [   12.345678] ${line}`),
	"GitLab's job log": lines((line) => `2026-01-05T10:11:12.123456Z 01E+${line}`),
	"Azure's job log": lines((line) => `2026-01-05T10:11:12.1234567Z ##[error]${line}`),
	"Jenkins' time stamps": lines((line) => `[2026-01-05T10:11:12.123Z] ${line}`),
	"markup of a page": lines((line) => `<p>${line}<br>`),
	"grep -n": (text) =>
		text
			.split("\n")
			.map((line, at) => `build.log:${at + 12}:${line}`)
			.join("\n"),
	"Ansible's JSON": (text) =>
		`fatal: [host1]: FAILED! => {"changed": true, "rc": 2, "stderr": ${JSON.stringify(text)}, "stderr_lines": ${JSON.stringify(text.split("\n"))}, "stdout": ""}`,
	"Ansible's JSON, escaped": (text) =>
		`fatal: [host1]: FAILED! => {\n    "stderr_lines": [\n${text
			.split("\n")
			.map((line) => `        ${ascii(JSON.stringify(line))}`)
			.join(",\n")}\n    ]\n}`,
	"docker's json-file": lines((line) => `{"log":${JSON.stringify(`${line}\n`)},"stream":"stderr"}`),
	"journalctl -o json": lines((line) => `{"PRIORITY":"3","MESSAGE":${JSON.stringify(line)}}`),
	"a terminal of 80 columns": (text) =>
		text
			.split("\n")
			.flatMap((line) => (line === "" ? [""] : (line.match(/.{1,80}/g) ?? [])))
			.join("\n"),
	"the whole twice": (text) => `${text}\n${text}`,
};

/** Ansible says itself that something failed, and the escapes hide a line's own. */
const says = new Set(["Ansible's JSON", "Ansible's JSON, escaped", "Azure's job log"]);

/** What stamps every line has not been wrapped by a terminal before. */
const stamps = new Set([
	"a journal",
	"dmesg -T",
	"a CI log",
	"journalctl -o short-iso-precise",
	"journalctl -o short-full",
	"a daemon's tag",
	"ts of moreutils",
	"dmesg -H",
	"dmesg -x",
	"GitLab's job log",
	"Azure's job log",
	"Jenkins' time stamps",
	"docker's json-file",
	"journalctl -o json",
	"pssh, docker compose",
	"grep -n",
	"markup of a page",
	"Ansible's JSON",
	"Ansible's JSON, escaped",
]);
const isWrapped = (text: string) => /should be\n/.test(text);

it.each(Object.entries(dresses))("every message is recognised in %s", (name, dress) => {
	const missed = all.flatMap(({ id, text }) => {
		if (stamps.has(name) && isWrapped(text)) return [];
		if (says.has(name) && (id === "benign-noise" || text.includes("echo >&2"))) return [];
		const reader = new LogReader();
		reader.feed(new TextEncoder().encode(dress(text)));
		const first = reader.finish().diagnoses[0]?.entry.id;
		return first === id ? [] : [`${id}, not ${first}: ${text.slice(0, 200)}`];
	});
	expect(missed).toEqual([]);
});
