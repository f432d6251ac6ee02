import { describe, expect, it } from "vitest";
import { catalogue } from "../../../../src/kernel/failures/catalogue.ts";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { building } from "./messages/building.ts";
import { environment } from "./messages/environment.ts";
import { field } from "./messages/field.ts";
import { loading } from "./messages/loading.ts";
import type { Message } from "./messages/message.ts";
import { pastes, unknown } from "./messages/pastes.ts";
import { real } from "./messages/real.ts";
import { realMakes } from "./messages/real-makes.ts";
import { strangers } from "./messages/strangers.ts";
import { threads } from "./messages/threads.ts";

/** The messages of each diagnosis, of all tables. */
const all: Record<string, Message[]> = {};
for (const table of [loading, building, environment, field, threads, pastes, strangers])
	for (const [id, messages] of Object.entries(table)) all[id] = [...(all[id] ?? []), ...messages];

/** The first diagnosis, and the facts, of each message. */
function holds(tables: Record<string, Message[]>): void {
	for (const [id, messages] of Object.entries(tables))
		it.each(messages.map((message) => [message.text.slice(0, 100), message] as const))(
			`${id}: %s`,
			(_, { text, details }) => {
				const reader = new LogReader();
				reader.feed(new TextEncoder().encode(text));
				const { diagnoses } = reader.finish();
				expect(diagnoses.map(({ entry }) => entry.id)[0]).toBe(id);
				const values = diagnoses.flatMap((diagnosis) => Object.values(diagnosis.details).flat());
				for (const wanted of Object.values(details ?? {}).flat())
					expect(
						values.some((value) => value.includes(wanted)),
						`${wanted} in ${values.join(", ")}`,
					).toBe(true);
			},
		);
}

describe("real messages", () => holds(real));

describe("real makes", () => holds(realMakes));

describe("messages", () => {
	it("covers every diagnosis with at least three wordings", () => {
		const few = catalogue
			.filter((entry) => entry.patterns ?? entry.event)
			.filter(({ id }) => (all[id]?.length ?? 0) < 3)
			.map(({ id }) => id);
		expect(few).toEqual([]);
	});

	holds(all);
});

describe("messages that nobody knows", () => {
	it.each(unknown)("names the line: %s", (line, text) => {
		const reader = new LogReader();
		reader.feed(new TextEncoder().encode(text));
		const { diagnoses, errors } = reader.finish();
		expect(diagnoses.map(({ entry }) => entry.id)).toEqual([]);
		expect(errors[0]).toContain(line);
	});
});

describe("messages with one cause", () => {
	it.each([
		["build-dir-missing", "make: *** /lib/modules/4.19.0-6-amd64/build: No such file or directory.  Stop."],
		[
			"openssl-headers-missing",
			"scripts/extract-cert.c:21:25: fatal error: openssl/bio.h: No such file or directory\nmake[1]: *** [scripts/extract-cert] Error 1\nmake: Leaving directory '/srv/build/usr/src/linux'",
		],
		[
			"flex-missing",
			"  LEX     scripts/kconfig/lexer.lex.c\n/bin/sh: 1: flex: not found\nmake[2]: *** [scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127\nmake[1]: *** [Makefile:714: olddefconfig] Error 2",
		],
	])("%s alone", (id, text) => {
		const reader = new LogReader();
		reader.feed(new TextEncoder().encode(text));
		expect(reader.finish().diagnoses.map(({ entry }) => entry.id)).toEqual([id]);
	});

	it("a file's name ends before the colon", () => {
		const reader = new LogReader();
		reader.feed(new TextEncoder().encode("sign-file: certs/signing_key.pem: No such file or directory"));
		expect(reader.finish().diagnoses[0]?.details).toEqual({ file: ["certs/signing_key.pem"] });
	});
});
