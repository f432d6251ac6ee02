import { describe, expect, test } from "vitest";
import type { TargetKnowledge, TargetSymbol } from "../../../../src/kernel/loader/knowledge.ts";
import { judgeSet } from "../../../../src/workflows/check/judge-set.ts";
import { composeModule } from "../../../helpers/module.ts";

const MAGIC = "6.1.0 SMP mod_unload modversions ";
const CONFIG: Record<string, string> = { MODULES: "y", MODVERSIONS: "y", STRICT_MODULE_RWX: "y" };

function kernel(more: Record<string, TargetSymbol> = {}): TargetKnowledge {
	const own = (crc: number): TargetSymbol => ({ crc, gpl: false, namespace: null, owner: "vmlinux" });
	return {
		...{ release: "6.1.0", version: [6, 1, 0], arch: "x86", bits: 64, little: true },
		...{ symbol: (name) => CONFIG[name], proven: new Map(), vermagic: MAGIC },
		structModule: { size: 64, init: 16, exit: null, members: null },
		exports: new Map([["module_layout", own(1)], ...Object.entries(more)]),
		...{ installed: new Set(["mid"]), proprietary: new Set(), says: null, refusesMissingVersion: true },
		...{ btf: null, trustedKeys: null, verify: null, enforces: "none", blacklist: new Set(), builtin: null },
	};
}

interface Part {
	name: string;
	gives?: [symbol: string, crc: number];
	takes?: [symbol: string, crc: number];
	magic?: string;
}

async function judged(parts: Part[], target = kernel()) {
	const reads: string[] = [];
	const members = parts.map(({ name, gives, takes, magic = MAGIC }) => ({
		path: `${name}.ko`,
		read: async () => {
			reads.push(name);
			return composeModule({
				...{ bits: 64 as const, little: true, structModule: 64 },
				modinfo: [
					["name", name],
					["vermagic", magic],
					["license", "GPL"],
				],
				versions: [
					{ symbol: "module_layout", crc: 1 },
					...(takes === undefined ? [] : [{ symbol: takes[0], crc: takes[1] }]),
				],
				imports: takes === undefined ? [] : [{ symbol: takes[0] }],
				exports: gives === undefined ? [] : [{ symbol: gives[0], crc: gives[1] }],
			});
		},
	}));
	const verdicts = await judgeSet(members, target, () => {});
	return { verdicts, reads };
}

describe("judgeSet", () => {
	test("a chain of siblings loads, in whatever order it is named", async () => {
		const { verdicts } = await judged([
			{ name: "top", takes: ["mid_call", 3] },
			{ name: "mid", takes: ["low_call", 2], gives: ["mid_call", 3] },
			{ name: "low", gives: ["low_call", 2] },
		]);
		expect(verdicts.map(({ verdict, needs }) => [verdict, needs])).toEqual([
			["loads", ["mid"]],
			["loads", ["low"]],
			["loads", []],
		]);
	});

	test("what is refused takes down those that need it, and they say why", async () => {
		const { verdicts } = await judged([
			{ name: "top", takes: ["low_call", 2] },
			{ name: "low", gives: ["low_call", 2], magic: "6.2.0 " },
		]);
		expect(verdicts.map(({ verdict, errno }) => [verdict, errno])).toEqual([
			["refused", "ENOENT"],
			["refused", "ENOEXEC"],
		]);
		expect(verdicts[0]?.reasons[0]?.actual).toMatch(/^it is refused itself: ENOEXEC: low: version magic/);
	});

	test("a sibling stands in for the target's module of its name; the CRC must be its own", async () => {
		const target = kernel({ mid_call: { crc: 9, gpl: false, namespace: null, owner: "mid" } });
		const set = (crc: number): Part[] => [
			{ name: "mid", gives: ["mid_call", 3] },
			{ name: "top", takes: ["mid_call", crc] },
		];
		expect((await judged(set(3), target)).verdicts[1]?.verdict).toBe("loads");
		expect((await judged(set(9), target)).verdicts[1]?.errno).toBe("EINVAL");
		expect((await judged(set(9).slice(1), target)).verdicts[0]?.verdict).toBe("loads");
	});

	test("the target's own modules are read once", async () => {
		const target = kernel({ mid_call: { crc: 3, gpl: false, namespace: null, owner: "mid" } });
		const { reads } = await judged(
			[
				{ name: "top", takes: ["mid_call", 3] },
				{ name: "mid", gives: ["mid_call", 3] },
			],
			target,
		);
		expect(reads).toEqual(["top", "mid"]);
	});

	test("a ring of modules ends", async () => {
		const { verdicts } = await judged([
			{ name: "one", takes: ["two_call", 2], gives: ["one_call", 1] },
			{ name: "two", takes: ["one_call", 1], gives: ["two_call", 2] },
		]);
		expect(verdicts).toHaveLength(2);
	});
});
