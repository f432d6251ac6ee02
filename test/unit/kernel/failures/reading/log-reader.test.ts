import { array, assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../../../src/kernel/failures/catalogue.ts";
import type { Findings } from "../../../../../src/kernel/failures/diagnose.ts";
import { LogReader } from "../../../../../src/kernel/failures/reading/log-reader.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function read(...chunks: (string | Uint8Array)[]): Findings {
	const reader = new LogReader();
	for (const chunk of chunks) reader.feed(typeof chunk === "string" ? encode(chunk) : chunk);
	return reader.finish();
}

const ids = ({ diagnoses }: Findings) => diagnoses.map(({ entry }) => entry.id);
const LAYOUT = "hello: disagrees about version of symbol module_layout";

describe("LogReader", () => {
	it("reads the same whatever the chunks", () => {
		const bytes = encode(`a\n[ 1.0] ${LAYOUT}\r\ngcc: error: unrecognized command-line option ‘-mfoo’\nb`);
		assert(
			property(array(nat(bytes.length), { maxLength: 8 }), (cuts) => {
				const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
				const chunks = places.slice(1).map((end, at) => bytes.slice(places[at], end));
				expect(ids(read(...chunks))).toEqual(["module-layout-version", "compiler-flag-unsupported"]);
			}),
		);
	});

	it.each([
		["a line after 1 MiB without a line end", `${"x".repeat(1 << 20)} ${LAYOUT}`],
		["carriage returns", `10%\r20%\r${LAYOUT}\r`],
		["colours inside the words", `hello: disagrees \u001b[1mabout\u001b[0m version of symbol module_layout`],
		["a wrapped line", "hello: disagrees about version of\nsymbol module_layout"],
		["quoting", `> > ${LAYOUT}`],
	])("understands %s", (_, text) => {
		expect(ids(read(text))).toEqual(["module-layout-version"]);
	});

	it("finds a message wherever it stands in a line of several KiB", () => {
		const message = "loading failed: disagrees about version of symbol module_layout";
		for (let before = 0; before < 7000; before += 61) {
			const line = `${"x ".repeat(before / 2)}${message}${" y".repeat(400)}`;
			expect(ids(read(line)), `at ${before}`).toEqual(["module-layout-version"]);
		}
	});

	it("is not held up by a line that everything wants", () => {
		const needles = catalogue.flatMap(({ patterns = [] }) => patterns.flatMap((it) => it.needles));
		const line = `${"A".repeat(3000)}${needles.join(" ")}`.slice(0, 8000);
		const start = process.cpuUsage();
		read(Array.from({ length: 40 }, (_, at) => `${at}${line}\n`).join(""));
		expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
	});

	it("understands UTF-16 with a mark, as Windows' shells write it", () => {
		const wide = new Uint8Array(Buffer.from(`\ufeff${LAYOUT}\n`, "utf16le"));
		expect(ids(read(wide.slice(0, 11), wide.slice(11)))).toEqual(["module-layout-version"]);
	});

	it("survives bytes that are no UTF-8", () => {
		const bad = new Uint8Array([0xff, 0xfe, 0x80, 0x0a, ...encode(LAYOUT), 0x0a, 0xc3]);
		expect(ids(read("ok\n", bad))).toEqual(["module-layout-version"]);
	});

	it("names noise as noise, and takes it for a diagnosis only when there is nothing else", () => {
		const taint = "hello: loading out-of-tree module taints kernel.";
		expect(ids(read(taint))).toEqual(["benign-noise"]);
		const both = read(`${taint}\n${LAYOUT}`);
		expect(ids(both)).toEqual(["module-layout-version"]);
		expect(both.noise.map(({ line }) => line)).toEqual([taint]);
	});

	it("says that an errno alone is no reason", () => {
		const findings = read("insmod: ERROR: could not insert module hello.ko: Invalid module format");
		expect(findings.diagnoses.map(({ entry, details }) => [entry.id, details])).toEqual([
			["errno-alone", { errno: ["ENOEXEC"], module: ["hello"] }],
		]);
		expect(findings.unexplained).toHaveLength(1);
	});

	it("does not take an exit status, a command or unrelated trouble for a diagnosis", () => {
		const text = [
			"make[2]: *** [scripts/Makefile.build:250: /root/x/x.o] Error 1",
			"$ sudo insmod hello.ko",
			"nouveau 0000:01:00.0: fifo: fault 00 [VIRT_READ] at 0000000000000000 engine 04",
			"usb 1-1: device not accepting address 5, error -71",
		].join("\n");
		const findings = read(text);
		expect(findings.diagnoses).toEqual([]);
		expect(findings.errors).toEqual(["make[2]: *** [scripts/Makefile.build:250: /root/x/x.o] Error 1"]);
	});

	it("calls nothing harmless beside a line that tells of a failure", () => {
		const taint = "[ 10.0] foo: loading out-of-tree module taints kernel.";
		expect(read(taint).diagnoses.map(({ entry }) => entry.id)).toEqual(["benign-noise"]);
		for (const alarm of [
			"[ 10.1] Kernel panic - not syncing: Fatal exception in interrupt",
			"make: *** [Makefile:10: all] Error 2",
			"##[error]Process completed with exit code 2.",
			"thing: ERROR: no idea",
		]) {
			const { diagnoses, errors } = read(`${taint}\n${alarm}`);
			expect(diagnoses, alarm).toEqual([]);
			expect(errors).toEqual([alarm]);
		}
	});

	it("reads an oops for the module and the function in which it stopped", () => {
		const text = [
			"[ 1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008",
			"[ 1.0] Oops: 0000 [#1] PREEMPT SMP",
			"[ 1.0] Modules linked in: hello(O+) other(O)",
			"[ 1.0] RIP: 0010:hello_probe+0x2c/0x100 [hello]",
			"[ 1.0] Call Trace:",
			"[ 1.0]  other_call+0x1/0x2 [other]",
		];
		expect(read(text.join("\n")).diagnoses.map(({ entry, details }) => [entry.id, details])).toEqual([
			["module-crashed", { module: ["hello"], symbol: ["hello_probe"] }],
		]);
	});

	it("puts a refused version before what follows from it, and drops what it explains", () => {
		const text =
			"a: disagrees about version of symbol f\na: Unknown symbol f (err -22)\na: Unknown symbol g (err -2)";
		const { diagnoses } = read(text);
		expect(diagnoses.map(({ entry, details }) => [entry.id, details.symbol])).toEqual([
			["symbol-version-mismatch", ["f"]],
			["unknown-symbol", ["g"]],
		]);
	});

	it("reads 8 MB around one line with little time a byte", () => {
		const block = encode(
			"[ 1.000000] usb 1-1: new high-speed USB device number 4 using xhci_hcd\n".repeat(14_000),
		);
		const started = process.cpuUsage();
		const findings = read(
			...Array.from({ length: 4 }, () => block),
			`${LAYOUT}\n`,
			...Array.from({ length: 4 }, () => block),
		);
		const { user } = process.cpuUsage(started);
		expect(ids(findings)).toEqual(["module-layout-version"]);
		expect(user / 1e6).toBeLessThan(4);
	});

	it("spends no quadratic time on any pattern", () => {
		const needles = catalogue.flatMap(({ patterns = [] }) => patterns.flatMap((pattern) => pattern.needles));
		const started = process.cpuUsage();
		for (const needle of new Set(needles))
			for (const filler of ["a", "' ", "a: ", "/a", "1."])
				read(`${filler.repeat(4000 / filler.length)}${needle}${filler.repeat(4000 / filler.length)}\n`);
		expect(process.cpuUsage(started).user / 1e6 / needles.length).toBeLessThan(0.2);
	}, 120_000);
});
