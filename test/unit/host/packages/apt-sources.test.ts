import { describe, expect, test } from "vitest";
import { parseSources, sourceLines } from "../../../../src/host/packages/apt-sources.ts";

const SOURCE = { uri: "http://mirror/debian", suites: ["one"], components: ["main"], options: [] };

describe("parseSources", () => {
	test("deb822, with comments, folded fields and several of each", () => {
		const text = [
			"Types: deb deb-src",
			"# a note",
			"URIs: http://mirror/debian",
			"Suites: one",
			" one-updates",
			"Components: main contrib",
			"Signed-By: /usr/share/keyrings/a.gpg",
			"",
			"Types: deb-src",
			"URIs: http://mirror/debian",
			"Suites: one",
			"",
			"Enabled: no",
			"Types: deb",
			"URIs: http://mirror/debian",
			"Suites: one",
		].join("\n");
		expect(parseSources("debian.sources", text)).toEqual([
			{
				...SOURCE,
				suites: ["one", "one-updates"],
				components: ["main", "contrib"],
				options: ["signed-by=/usr/share/keyrings/a.gpg"],
			},
		]);
	});

	test.each([
		["deb http://mirror/debian one main", [SOURCE]],
		["  deb\thttp://mirror/debian one main # note", [SOURCE]],
		[
			"deb [arch=amd64 signed-by=/k] http://mirror/debian one main",
			[{ ...SOURCE, options: ["signed-by=/k"] }],
		],
		["# deb http://mirror/debian one main", []],
		["deb-src http://mirror/debian one main", []],
		["deb http://mirror/debian", []],
		["deb http://mirror/flat ./", [{ ...SOURCE, uri: "http://mirror/flat", suites: ["./"], components: [] }]],
	])("one-line %j", (line, sources) => {
		expect(parseSources("sources.list", line)).toEqual(sources);
	});

	test("an armoured key in the field is left out, not put into a line", () => {
		const text = "Types: deb\nURIs: u\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN PGP\n .\n abc\n";
		expect(parseSources("a.sources", text)[0]?.options).toEqual([]);
	});
});

test("sourceLines: a line a suite", () => {
	expect(sourceLines({ ...SOURCE, suites: ["one", "two"], options: ["signed-by=/k"] })).toEqual([
		"deb [signed-by=/k] http://mirror/debian one main",
		"deb [signed-by=/k] http://mirror/debian two main",
	]);
});
