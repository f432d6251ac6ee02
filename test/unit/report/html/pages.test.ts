import { expect, it } from "vitest";
import type { CheckResult } from "../../../../src/checks/check.ts";
import { checkHtml } from "../../../../src/report/html/check.ts";
import { diffHtml } from "../../../../src/report/html/diff.ts";
import { verifyHtml } from "../../../../src/report/html/verify.ts";
import type { VerifyReport } from "../../../../src/report/verify/verify-report.ts";

const EVIL = '<script>alert("1")</script>\x1b[31m';

/** Every tag that opens is closed in order, nothing is loaded from elsewhere, and no foreign markup or control character is left. */
function holds(html: string): string {
	expect(html).not.toContain("<script");
	expect(html).not.toMatch(/\b(?:src|href|url)\b\s*[=(]/);
	expect(html).not.toMatch(/[^\P{Cc}\t\n]/u);
	const open: string[] = [];
	for (const [, slash, name = ""] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
		if (["meta", "br"].includes(name)) continue;
		if (slash === "") open.push(name);
		else expect(open.pop()).toBe(name);
	}
	expect(open).toEqual([]);
	return html;
}

const check = (more: Partial<CheckResult>): CheckResult => ({
	...{ id: "release", status: "match", expected: null, actual: null, evidence: [], remedy: null },
	...{ commands: [], why: null, effect: null },
	...more,
});

it("verify: what does not match stands open, structures lie side by side, the options behind are named", () => {
	const report = {
		verdict: "mismatch",
		target: {
			release: { value: "6.1.0-9-amd64", source: { kind: "boot", path: "/boot" } },
			version: null,
			vermagic: null,
			compiler: null,
		},
		tree: { path: EVIL, output: EVIL, version: "6.1.9", release: null },
		checks: [
			check({ actual: "6.1.0-9-amd64" }),
			check({
				...{ id: "btf", status: "mismatch", expected: "as in the target", actual: EVIL, remedy: EVIL },
				commands: ["kprep sync TREE"],
				effect: {
					kind: "unsafe",
					structs: [
						{ name: "module", size: [896, 832], members: ["btf_data"], symbols: ["DEBUG_INFO_BTF_MODULES"] },
					],
					symbols: [],
				},
				layouts: [
					{
						...{
							name: "module",
							within: [],
							size: { target: 896, tree: 832 },
							missing: ["btf_data"],
							extra: [],
							moved: 0,
						},
						symbols: [
							{
								symbol: "DEBUG_INFO_BTF_MODULES",
								target: "y",
								tree: "n",
								members: ["btf_data"],
								cause: null,
							},
						],
						...{ unexplained: [], header: "include/linux/module.h" },
						rows: [
							{
								target: { offset: 0, name: "state", type: "enum module_state" },
								tree: { offset: 0, name: "state", type: "enum module_state" },
							},
							{ target: { offset: 8, name: "btf_data", type: EVIL }, tree: null },
						],
					},
				],
			}),
		],
		boot: null,
	} as unknown as VerifyReport;
	const html = holds(verifyHtml(report));
	expect(html).toContain("<h1>mismatch: &lt;script&gt;");
	expect(html).toMatch(/<details open><summary>&lt;script/);
	expect(html).toContain(
		"struct module: 896 bytes in the target, 832 here; btf_data &lt;- CONFIG_DEBUG_INFO_BTF_MODULES",
	);
	expect(html).toContain("<td>0  enum module_state state</td><td>0  enum module_state state</td>");
	expect(html).toContain('<td class="differs">-</td>');
});

it("check: a refusal opens to the kernel's line, its reason and the remedy", () => {
	const html = holds(
		checkHtml({
			target: EVIL,
			modules: [
				{
					...{ path: EVIL, name: "x", verdict: "refused", errno: "ENOEXEC", message: EVIL, messages: [EVIL] },
					reasons: [{ id: "vermagic", expected: "6.1.0-9", actual: EVIL, remedy: "kprep sync" }],
					...{ taints: [], warnings: [], needs: [], caveats: [] },
				},
			],
		}),
	);
	expect(html).toContain("<h1>0 of 1 modules load on &lt;script");
	expect(html).toContain('<td class="refused">refused, ENOEXEC</td>');
	expect(html).toContain("<dt>try</dt><dd>kprep sync</dd>");
});

it("check: the booted kernel's answer is the one that counts, and a wrong prediction is called so", () => {
	const html = checkHtml({
		target: "6.1.0-9",
		modules: [
			{
				...{ path: "x.ko", name: "x", verdict: "loads", errno: null, message: null, messages: [] },
				...{ reasons: [], taints: [], warnings: [], needs: [], caveats: [] },
				boot: {
					...{ loaded: false, errno: "ENOEXEC", stage: "loader", panic: null, dependency: null },
					...{ accelerator: "tcg", seconds: 4, log: ["x: bad"] },
				},
			},
		],
	});
	expect(html).toContain("<h1>0 of 1 modules load on 6.1.0-9");
	expect(html).toContain('<td class="refused">refused, ENOEXEC</td>');
	expect(html).toContain("foretold was: loads");
	expect(html).toContain("refused by the loader, ENOEXEC (QEMU, tcg, 4.0 s)");
});

it("diff: nothing is cut, and what is equal is not told", () => {
	const html = holds(
		diffHtml({
			release: ["6.1.0-9", null],
			...{
				version: ["6.1.9", "6.1.10"],
				vermagic: ["a", "a"],
				compiler: [null, EVIL],
				compared: 900,
				breaks: true,
			},
			config: [{ symbol: "X", values: ["y", null] }],
			exports: {
				removed: Array.from({ length: 40 }, (_, at) => ({ symbol: `gone_${at}`, module: "vmlinux" })),
				...{ added: [], licence: [], namespace: [] },
				crc: [{ symbol: "kmalloc", values: ["0x1", "0x2"] }],
			},
			structs: [
				{
					name: "page",
					size: [64, 72],
					members: [{ name: "x", type: "int", offsets: [0, null] }],
					symbols: [],
				},
			],
			modules: [{ path: EVIL, name: "x", verdict: "loads", errno: null, message: null, because: [EVIL] }],
			unknown: ["compiler: not known of it"],
		}),
	);
	for (const word of [
		"gone_39",
		"struct page: 64 → 72 bytes",
		"kmalloc",
		"Modules break.",
		"an unknown kernel",
	])
		expect(html).toContain(word);
	expect(html).toContain("<tr><th>X</th><td>y</td><td>n</td></tr>");
	expect(html).not.toContain("exports with another licence");
});
