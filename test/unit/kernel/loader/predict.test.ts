import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TargetKnowledge, TargetSymbol } from "../../../../src/kernel/loader/knowledge.ts";
import { predict } from "../../../../src/kernel/loader/predict.ts";
import { composeModule, type ModuleSpec } from "../../../helpers/module.ts";

const MAGIC = "6.1.0-56-amd64 SMP preempt mod_unload modversions ";
const LAYOUT = { symbol: "module_layout", crc: 0xa351f379 };
const PRINTK = { symbol: "_printk", crc: 0x92997ed8 };

function exported(crc: number | null, more: Partial<TargetSymbol> = {}): TargetSymbol {
	return { crc, gpl: false, namespace: null, owner: "vmlinux", ...more };
}

const CONFIG: Record<string, string> = {
	MODULES: "y",
	MODVERSIONS: "y",
	MODULE_SIG: "y",
	STRICT_MODULE_RWX: "y",
};

function kernel(
	change: Partial<TargetKnowledge> = {},
	config: Record<string, string> = CONFIG,
): TargetKnowledge {
	return {
		release: "6.1.0-56-amd64",
		version: [6, 1, 192],
		arch: "x86",
		bits: 64,
		little: true,
		symbol: (name) => config[name],
		vermagic: MAGIC,
		structModule: { size: 64, init: 16, exit: null, members: null },
		exports: new Map([
			["module_layout", exported(LAYOUT.crc)],
			["_printk", exported(PRINTK.crc)],
			["gpl_only", exported(1, { gpl: true })],
			["spaced", exported(2, { namespace: "DMA_BUF" })],
			["of_module", exported(3, { owner: "other_module" })],
			["of_absent", exported(4, { owner: "absent" })],
		]),
		installed: new Set(["other_module"]),
		proprietary: new Set(),
		says: null,
		refusesMissingVersion: true,
		btf: null,
		trustedKeys: new Set(),
		verify: null,
		enforces: null,
		proven: new Map(),
		...change,
	};
}

function module(change: Partial<ModuleSpec> = {}, tags: [string, string][] = []): Uint8Array {
	return composeModule({
		bits: 64,
		little: true,
		modinfo: [["name", "probe"], ["vermagic", MAGIC], ["license", "GPL"], ...tags],
		versions: [
			LAYOUT,
			PRINTK,
			{ symbol: "gpl_only", crc: 1 },
			{ symbol: "spaced", crc: 2 },
			{ symbol: "of_module", crc: 3 },
		],
		imports: [{ symbol: "_printk" }],
		structModule: 64,
		...change,
	});
}

function withModinfo(modinfo: [string, string][]): Uint8Array {
	return module({ modinfo });
}

const V7 = kernel({ version: [7, 2, 13] });

describe("predict", () => {
	test.each<[string, Uint8Array, TargetKnowledge, string | null, string | null]>([
		["a right one", module(), kernel(), null, null],
		["an empty file", new Uint8Array(), kernel(), "EINVAL", null],
		["text", new Uint8Array(100), kernel(), "ENOEXEC", "Invalid ELF header magic: != \x7fELF"],
		[
			"text, before 5.18",
			new Uint8Array(100),
			kernel({ version: [5, 10, 1] }),
			"ENOEXEC",
			"Module has invalid ELF structures",
		],
		["a few bytes", new Uint8Array(10), kernel(), "ENOEXEC", "Invalid ELF header len 10"],
		[
			"another machine",
			module({ machine: 183 }),
			kernel(),
			"ENOEXEC",
			"Invalid architecture in ELF header: 183",
		],
		[
			"another byte order",
			module({ little: false }),
			kernel(),
			"ENOEXEC",
			"Invalid ELF header type: 256 != 1",
		],
		[
			"32 bits of the same machine",
			module({ bits: 32 }),
			kernel(),
			"ENOEXEC",
			"Invalid ELF section header size",
		],
		["cut", module().subarray(0, 300), kernel(), "ENOEXEC", "Invalid ELF section header overflow"],
		[
			"no struct module",
			module({ structModule: undefined as never }),
			kernel(),
			"ENOEXEC",
			"probe: No module found in object",
		],
		[
			"another size of struct module, where it is checked",
			module({ structModule: 128 }),
			V7,
			"ENOEXEC",
			"module probe: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time",
		],
		[
			"another module_layout",
			module({ versions: [{ symbol: "module_layout", crc: 1 }, PRINTK] }),
			kernel(),
			"ENOEXEC",
			"probe: disagrees about version of symbol module_layout",
		],
		["no versions at all", module({ versions: undefined as never }), kernel(), "ENOEXEC", null],
		[
			"another vermagic",
			withModinfo([
				["name", "probe"],
				["vermagic", "6.1.0-56-amd64 SMP mod_unload modversions "],
				["license", "GPL"],
			]),
			kernel(),
			"ENOEXEC",
			`probe: version magic '6.1.0-56-amd64 SMP mod_unload modversions ' should be '${MAGIC}'`,
		],
		[
			"another release, passed over with versions",
			withModinfo([
				["name", "probe"],
				["vermagic", MAGIC.replace("56", "55")],
				["license", "GPL"],
			]),
			kernel(),
			null,
			null,
		],
		[
			"no vermagic",
			withModinfo([
				["name", "probe"],
				["license", "GPL"],
			]),
			kernel(),
			"ENOEXEC",
			null,
		],
		[
			"an unknown symbol",
			module({ imports: [{ symbol: "nowhere" }] }),
			kernel(),
			"ENOENT",
			"probe: Unknown symbol nowhere (err -2)",
		],
		[
			"an unknown weak symbol",
			module({ imports: [{ symbol: "nowhere", weak: true }] }),
			kernel(),
			null,
			null,
		],
		[
			"one CRC wrong",
			module({ versions: [LAYOUT, { symbol: "_printk", crc: 7 }] }),
			kernel(),
			"EINVAL",
			"probe: disagrees about version of symbol _printk",
		],
		[
			"one CRC missing, Debian",
			module({ versions: [LAYOUT] }),
			kernel(),
			"EINVAL",
			"probe: no symbol version for _printk",
		],
		[
			"one CRC missing, others",
			module({ versions: [LAYOUT] }),
			kernel({ refusesMissingVersion: false }),
			null,
			null,
		],
		[
			"a namespace missing",
			module({ imports: [{ symbol: "spaced" }] }),
			kernel(),
			"EINVAL",
			"probe: module uses symbol (spaced) from namespace DMA_BUF, but does not import it.",
		],
		[
			"a namespace imported",
			module({
				imports: [{ symbol: "spaced" }],
				modinfo: [
					["name", "probe"],
					["vermagic", MAGIC],
					["license", "GPL"],
					["import_ns", "DMA_BUF"],
				],
			}),
			kernel(),
			null,
			null,
		],
		[
			"GPL-only under another licence",
			module({
				imports: [{ symbol: "gpl_only" }],
				modinfo: [
					["name", "probe"],
					["vermagic", MAGIC],
					["license", "Proprietary"],
				],
			}),
			kernel(),
			"ENOENT",
			"probe: Unknown symbol gpl_only (err -2)",
		],
		["of an installed module", module({ imports: [{ symbol: "of_module" }] }), kernel(), null, null],
		[
			"of a module that is not there",
			module({ imports: [{ symbol: "of_absent" }] }),
			kernel(),
			"ENOENT",
			"probe: Unknown symbol of_absent (err -2)",
		],
		[
			"an export of the kernel's own",
			module({ exports: [{ symbol: "_printk", crc: 9 }] }),
			kernel(),
			"ENOEXEC",
			"probe: exports duplicate symbol _printk (owned by kernel)",
		],
		["an export without CRC", module({ exports: [{ symbol: "mine" }] }), kernel(), "ENOEXEC", null],
		["a livepatch", module({}, [["livepatch", "Y"]]), kernel(), null, null],
		[
			"unsigned where it must be signed",
			module(),
			kernel({}, { ...CONFIG, MODULE_SIG_FORCE: "y" }),
			"EKEYREJECTED",
			"Loading of unsigned module is rejected",
		],
		["no MODULES", module(), kernel({}, {}), "ENOSYS", null],
	])("%s", (_name, file, target, errno, message) => {
		const livepatch = _name === "a livepatch";
		const verdict = predict(file, target);
		const refused = errno !== null || livepatch;
		expect([verdict.verdict, verdict.errno]).toEqual([
			refused ? "refused" : "loads",
			livepatch ? "ENOEXEC" : errno,
		]);
		if (!livepatch) expect(verdict.message).toBe(message);
	});

	test("reports the error of the last bad symbol, and every line", () => {
		const file = module({
			imports: [{ symbol: "_printk" }, { symbol: "nowhere" }],
			versions: [LAYOUT, { symbol: "_printk", crc: 7 }],
		});
		const { errno, messages } = predict(file, kernel());
		expect(errno).toBe("ENOENT");
		expect(messages).toEqual([
			"probe: disagrees about version of symbol _printk",
			"probe: Unknown symbol _printk (err -22)",
			"probe: Unknown symbol nowhere (err -2)",
		]);
	});

	test("taints and what must be loaded first", () => {
		const verdict = predict(module({ imports: [{ symbol: "of_module" }] }), kernel());
		expect(verdict.taints.map(({ flag }) => flag)).toEqual(["O", "E"]);
		expect(verdict.needs).toEqual(["other_module"]);
	});

	test.each([
		["version", { version: null }],
		["config", { symbol: null }],
		["vermagic", { vermagic: null }],
		["struct module", { structModule: null }],
		["exports", { exports: null }],
	])("is unknown, not loads, without the %s", (_name, change) => {
		const { verdict, reasons } = predict(module(), kernel(change));
		expect(verdict).toBe("unknown");
		expect(reasons.length).toBeGreaterThan(0);
	});

	test("what is known without a config still counts", () => {
		const unsigned = kernel({ symbol: null, proven: new Map([["MODULE_SIG", false]]) });
		expect(predict(module(), unsigned).reasons.map(({ id }) => id)).not.toContain("signing");
		expect(predict(module(), kernel({ symbol: null })).reasons.map(({ id }) => id)).toContain("signing");
		const hardened = kernel({ symbol: null, proven: new Map([...unsigned.proven, ["RETPOLINE", true]]) });
		const warning = "probe: loading module not compiled with retpoline compiler.";
		expect(predict(module(), hardened).warnings).toContain(warning);
		expect(predict(module(), unsigned).warnings).not.toContain(warning);
	});

	test("a refusal that comes later is still one when something before it is not known", () => {
		const file = module({ imports: [{ symbol: "nowhere" }] });
		expect(predict(file, kernel({ vermagic: null })).verdict).toBe("refused");
	});

	test("damaged files end in a verdict, and never load where the ELF checks fail", () => {
		const whole = module();
		fc.assert(
			fc.property(
				fc.nat(whole.length - 1),
				fc.integer({ min: 0, max: 255 }),
				fc.boolean(),
				(at, byte, cut) => {
					const file = cut ? whole.slice(0, at) : whole.slice();
					if (!cut) file[at] = byte;
					const { verdict } = predict(file, kernel());
					expect(["loads", "refused", "unknown"]).toContain(verdict);
					if (cut) expect(verdict).toBe("refused");
				},
			),
			{ numRuns: 500 },
		);
	});
});
