import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { arHeader } from "../../../../src/formats/archive/ar.ts";
import { type TarEntry, TarReader } from "../../../../src/formats/archive/tar.ts";
import { padding, smallTar, TAR_END, tarHeader } from "../../../../src/formats/archive/write-tar.ts";

function entries(bytes: Uint8Array): TarEntry[] {
	const found: TarEntry[] = [];
	const reader = new TarReader({ entry: (entry) => found.push(entry) < 0, content() {}, end() {} });
	reader.push(bytes);
	reader.finish();
	return found;
}

describe("tarHeader", () => {
	const deep = `${"a".repeat(90)}/${"b".repeat(90)}/c.h`;
	const long = `${"d".repeat(180)}.h`;
	it.each([
		{ path: "x", type: "file" as const, mode: 0o755, size: 0 },
		{ path: "x/y", type: "folder" as const, mode: 0o755, size: 0 },
		{ path: deep, type: "file" as const, mode: 0o644, size: 0 },
		{ path: long, type: "file" as const, mode: 0o644, size: 0 },
		{ path: "l", type: "symlink" as const, mode: 0o777, size: 0, link: `../${long}` },
	])("is read back: $path", (entry) => {
		const bytes = Buffer.concat([tarHeader(entry, 1_600_000_000), TAR_END]);
		const path = entry.type === "folder" ? `${entry.path}/` : entry.path;
		expect(entries(bytes)).toEqual([{ link: "", mtime: 1_600_000_000, ...entry, path }]);
	});

	it("is read by tar", () => {
		const content = Buffer.from("hello\n");
		const header = tarHeader({ path: deep, type: "file", mode: 0o600, size: content.length }, 86_400);
		const archive = Buffer.concat([header, content, padding(content.length), TAR_END]);
		const listed = execFileSync("tar", ["-tvf", "-"], {
			input: archive,
			encoding: "utf8",
			env: { ...process.env, TZ: "UTC" },
		});
		expect(listed).toMatch(/^-rw------- root\/root +6 1970-01-02 00:00 a+\/b+\/c\.h\n$/);
	});

	it("holds small files", () => {
		expect(
			entries(smallTar([{ path: "./control", content: "A: b\n" }], 1)).map(({ path, size }) => [path, size]),
		).toEqual([
			["./", 0],
			["./control", 5],
		]);
	});
});

it("an ar header has sixty bytes", () => {
	expect(arHeader("control.tar.gz", 1234, 5)).toBe(
		"control.tar.gz  5           0     0     100644  1234      `\n",
	);
});
