import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const top = fileURLToPath(new URL("../..", import.meta.url));
const picture = /```\n([\s\S]*?)```/.exec(readFileSync(join(top, "docs/architecture.md"), "utf8"))?.[1] ?? "";
const floors = picture
	.trim()
	.split("\n")
	.map((line) => line.split(" ")[0] ?? "");

test("the picture of docs/architecture.md shows every room", () => {
	const rooms = readdirSync(join(top, "src"), { withFileTypes: true })
		.filter((it) => it.isDirectory())
		.map(({ name }) => name);
	expect(rooms.filter((room) => !floors.includes(room))).toEqual([]);
});

test("every import of src/ goes to a floor further down, or stays in its room", () => {
	const climbs = imports().filter(({ from, to }) => floors.indexOf(to) < floors.indexOf(from));
	expect(climbs).toEqual([]);
});

test("the lint rule knows every floor but the two upper ones", () => {
	const { overrides } = JSON.parse(readFileSync(join(top, "biome.json"), "utf8")) as {
		overrides: { includes: string[] }[];
	};
	const held = overrides.flatMap(({ includes }) => includes);
	expect(floors.slice(2).filter((room) => !held.includes(`src/${room}/**`))).toEqual([]);
});

function imports(): { file: string; from: string; to: string }[] {
	const files = readdirSync(join(top, "src"), { recursive: true, encoding: "utf8" });
	return files
		.filter((file) => file.endsWith(".ts") && file.includes("/"))
		.flatMap((file) => {
			const text = readFileSync(join(top, "src", file), "utf8");
			return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path = ""]) => {
				const aim = normalize(join(dirname(file), path));
				return { file, from: room(file), to: aim.includes("/") ? room(aim) : "formats" };
			});
		});
}

function room(file: string): string {
	return file.split("/")[0] ?? "";
}
