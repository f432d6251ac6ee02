import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inMemory } from "../../../../src/formats/bytes.ts";
import { ELF, type ElfSection, readElf } from "../../../../src/formats/elf/elf.ts";
import type { TargetKnowledge, TargetSymbol } from "../../../../src/kernel/loader/knowledge.ts";
import { predict } from "../../../../src/kernel/loader/predict.ts";
import { ascii } from "../../../helpers/elf.ts";
import { composeModule, type ModuleSpec } from "../../../helpers/module.ts";
import { appendSignature, composeCms, der } from "../../../helpers/signature.ts";

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
		enforces: "none",
		blacklist: new Set(),
		builtin: null,
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

const STRANGER = { issuer: "a stranger", serial: Uint8Array.of(7) };

function signed(by: typeof STRANGER): Uint8Array {
	return appendSignature(module(), { idType: 2, content: composeCms(by) });
}

/** Sets a bit in the upper half of the word that holds that CRC. */
function upperHalf(bytes: Uint8Array, crc: number): Uint8Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at + 8 <= bytes.length; at += 8)
		if (view.getUint32(at, true) === crc && view.getUint32(at + 4, true) === 0)
			view.setUint32(at + 4, 1, true);
	return bytes;
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
		[
			"unsigned under lockdown",
			module(),
			kernel({ enforces: "lockdown" }),
			"EPERM",
			"Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7",
		],
		[
			"signed by a stranger under sig_enforce",
			signed({ issuer: "a stranger", serial: Uint8Array.of(7) }),
			kernel({ enforces: "signature" }),
			"EKEYREJECTED",
			"Loading of module with unavailable key is rejected",
		],
		[
			"signed with digits that the kernel has no algorithm for",
			appendSignature(module(), {
				idType: 2,
				content: composeCms(STRANGER, undefined, der(6, Uint8Array.of(0x2a, 3, 4))),
			}),
			kernel({ enforces: "signature" }),
			"EKEYREJECTED",
			"Loading of module with unsupported crypto is rejected",
		],
		[
			"a signature of another kind, where nothing is enforced",
			appendSignature(module(), { idType: 1, content: new Uint8Array(50) }),
			kernel(),
			null,
			null,
		],
		[
			"words in the signature's end",
			appendSignature(module(), { idType: 2, hash: 4, content: composeCms(STRANGER) }),
			kernel(),
			"EBADMSG",
			"module: PKCS#7 signature info has unexpected non-zero params",
		],
		[
			"the upper half of a CRC",
			upperHalf(module(), LAYOUT.crc),
			kernel(),
			"ENOEXEC",
			"probe: disagrees about version of symbol module_layout",
		],
		[
			"a name that is kept out",
			module(),
			kernel({ blacklist: new Set(["probe"]) }),
			"EPERM",
			"Module probe is blacklisted",
		],
		[
			"a name that is built in",
			module(),
			kernel({ builtin: new Map([["probe", "certain"]]) }),
			"EINVAL",
			"probe: module is already loaded",
		],
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

	test("a missing key does not keep it from looking at the file", () => {
		const stranger = appendSignature(module({ machine: 62 }), { idType: 2, content: composeCms(STRANGER) });
		const arm64 = kernel({ arch: "arm64", trustedKeys: null });
		expect(predict(stranger, arm64)).toMatchObject({
			...{ verdict: "refused", errno: "ENOEXEC" },
			message: "Invalid architecture in ELF header: 62",
		});
		expect(predict(module(), kernel({ arch: "arm64", version: null })).errno).toBe("ENOEXEC");
	});

	test("another struct module that nobody compares is unsafe, unless something refuses it", () => {
		const longer = module({ structModule: 128 });
		expect(predict(longer, kernel())).toMatchObject({
			...{ verdict: "unsafe", errno: null },
			reasons: [{ id: "struct-module", expected: "64 bytes", actual: "128 bytes" }],
		});
		expect(predict(longer, kernel({ vermagic: "another " })).verdict).toBe("refused");
		const elsewhere = kernel({ structModule: { size: 64, init: 24, exit: null, members: [] } });
		expect(predict(module(), elsewhere).verdict).toBe("unsafe");
	});

	test.each(["x86", "arm64", "riscv", "powerpc"])(
		"a relocation behind its section is unsafe on %s",
		(arch) => {
			const machine = { x86: 62, arm64: 183, riscv: 243, powerpc: 21 }[arch] as number;
			const types = { x86: 1, arm64: 257, riscv: 2, powerpc: 38 };
			const target = kernel({ arch, structModule: { size: 8, init: 16, exit: null, members: null } });
			const file = module({ machine, structModule: 8, relocationType: types[arch as "x86"] });
			const { verdict, reasons } = predict(file, target);
			expect([verdict, reasons[0]?.id]).toEqual(["unsafe", "relocation-outside"]);
		},
	);

	test("what the kernel lists is the name in struct module, whatever .modinfo says", () => {
		const target = kernel({ builtin: new Map([["printk", "certain"]]) });
		const listed = module({ structName: ascii("printk") });
		expect(predict(listed, target)).toMatchObject({
			...{ verdict: "refused", errno: "EINVAL", message: "printk: module is already loaded" },
		});
		const said = module({
			modinfo: [
				["name", "printk"],
				["vermagic", MAGIC],
				["license", "GPL"],
			],
			structName: ascii("probe"),
		});
		expect(predict(said, target).verdict).toBe("loads");
	});

	test.each<[string, Uint8Array]>([
		["no name in struct module", new Uint8Array(4)],
		["a name that fills its room", new Uint8Array(56).fill(65)],
	])("%s: only a boot can tell", (_, structName) => {
		const target = kernel({ structModule: { size: 128, init: 16, exit: null, members: null } });
		const { verdict, reasons } = predict(module({ structModule: 128, structName }), target);
		expect([verdict, reasons[0]?.id, reasons[0]?.unforeseeable]).toEqual(["unknown", "damaged", true]);
	});

	test.each<[string, (view: DataView, rela: ElfSection) => void]>([
		["a symbol beyond the table", (view, { offset }) => view.setUint32(offset + 12, 0xffff, true)],
		["an addend of terabytes", (view, { offset }) => view.setBigInt64(offset + 16, 1n << 40n, true)],
	])("a relocation with %s: only a boot can tell", (_, change) => {
		const file = module();
		const rela = readElf(inMemory(file)).sections.find(({ type }) => type === ELF.SHT_RELA) as ElfSection;
		change(new DataView(file.buffer, file.byteOffset), rela);
		const { verdict, reasons } = predict(file, kernel());
		expect(verdict).toBe("unknown");
		expect(["damaged", "elf"]).toContain(reasons[0]?.id);
	});

	test("per-CPU variables have to fit into what is kept for modules", () => {
		const large = module({ perCpu: 8193 });
		expect(predict(module({ perCpu: 8192 }), kernel()).verdict).toBe("loads");
		expect(predict(large, kernel())).toMatchObject({
			...{ verdict: "refused", errno: "ENOMEM", message: "probe: Could not allocate 8193 bytes percpu data" },
		});
		expect(predict(large, kernel({}, { ...CONFIG, MEM_ALLOC_PROFILING: "y" })).verdict).toBe("loads");
		expect(predict(large, kernel({ arch: "loongarch" })).verdict).not.toBe("loads");
		expect(predict(large, kernel({ symbol: null })).verdict).toBe("unknown");
	});

	test("arm looks where a relocation leads", () => {
		const target = kernel({
			arch: "arm",
			bits: 32,
			structModule: { size: 8, init: 16, exit: null, members: null },
		});
		const file = module({ bits: 32, machine: 40, structModule: 8, relocationType: 2 });
		expect(predict(file, target)).toMatchObject({ verdict: "refused", errno: "ENOEXEC" });
	});

	test("what only a boot can show is no lack of facts", () => {
		const possible = predict(module(), kernel({ builtin: new Map([["probe", "possible"]]) }));
		expect([possible.verdict, possible.reasons[0]?.unforeseeable]).toEqual(["unknown", true]);
	});

	test("one F taint, however many symbols have no version", () => {
		const file = module({
			imports: [{ symbol: "_printk" }, { symbol: "of_module" }],
			versions: undefined as never,
		});
		const forced = kernel({ vermagic: MAGIC }, { ...CONFIG, MODULE_FORCE_LOAD: "y" });
		const { verdict, taints } = predict(file, forced);
		expect([verdict, taints.filter(({ flag }) => flag === "F").length]).toEqual(["loads", 1]);
	});

	test("open enforcement is told where it would change the answer", () => {
		const open = kernel({ enforces: null });
		expect(predict(module(), open)).toMatchObject({ verdict: "loads", caveats: [{ id: "enforcement" }] });
		expect(predict(module(), kernel()).caveats).toEqual([]);
		expect(predict(module(), kernel({ enforces: null }, { ...CONFIG, MODULE_SIG: "n" })).caveats).toEqual([]);
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
					expect(["loads", "refused", "unsafe", "unknown"]).toContain(verdict);
					if (cut) expect(verdict).toBe("refused");
				},
			),
			{ numRuns: 500 },
		);
	});
});
