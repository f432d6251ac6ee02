import { describe, expect, it } from "vitest";
import { catalogue } from "../../../../src/kernel/failures/catalogue.ts";
import { LogReader } from "../../../../src/kernel/failures/log-reader.ts";
import { building } from "./messages/building.ts";
import { environment } from "./messages/environment.ts";
import { loading } from "./messages/loading.ts";
import type { Message } from "./messages/message.ts";
import { real } from "./messages/real.ts";
import { realMakes } from "./messages/real-makes.ts";

const all: Record<string, Message[]> = { ...loading, ...building, ...environment };

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
