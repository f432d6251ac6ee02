import type { Machine } from "../../../../src/host/machine/fitness.ts";
import type { Library } from "../../../../src/host/machine/libraries.ts";
import { ascii, composeElf, joined, words } from "../../../helpers/elf.ts";

export const LOADER = "/lib64/ld-linux-x86-64.so.2";

export interface DynamicSpec {
	bits?: 32 | 64;
	little?: boolean;
	machine?: number;
	interpreter?: string;
	libraries?: string[];
	runpath?: string;
	/** Library → versions that are asked of it; a `?` at the end makes it weak. */
	needs?: Record<string, string[]>;
	/** Versions that this library has. */
	defines?: string[];
}

/** An ELF program or library with the parts that a dynamic loader looks at. */
export function dynamicElf({
	bits = 64,
	little = true,
	machine = 62,
	interpreter = LOADER,
	libraries = [],
	runpath,
	needs = {},
	defines = [],
}: DynamicSpec): Uint8Array {
	let strings = "\0";
	const text = (word: string) => {
		const at = strings.length;
		strings += `${word}\0`;
		return at;
	};
	const word = bits / 8;
	const dynamic = [
		...libraries.map((name) => words(little, [word, 1], [word, text(name)])),
		...(runpath === undefined ? [] : [words(little, [word, 29], [word, text(runpath)])]),
		words(little, [word, 0], [word, 0]),
	];
	const wanted = Object.entries(needs);
	const verneed = wanted.map(([name, versions], at) => {
		const size = 16 + 16 * versions.length;
		const last = at === wanted.length - 1;
		return joined([
			words(little, [2, 1], [2, versions.length], [4, text(name)], [4, 16], [4, last ? 0 : size]),
			...versions.map((version, index) => {
				const weak = version.endsWith("?") ? 2 : 0;
				const next = index === versions.length - 1 ? 0 : 16;
				const name = text(version.replace("?", ""));
				return words(little, [4, 0], [2, weak], [2, 2], [4, name], [4, next]);
			}),
		]);
	});
	const verdef = defines.map((name, at) =>
		joined([
			words(
				little,
				[2, 1],
				[2, 0],
				[2, at + 1],
				[2, 1],
				[4, 0],
				[4, 20],
				[4, at === defines.length - 1 ? 0 : 28],
			),
			words(little, [4, text(name)], [4, 0]),
		]),
	);
	const section = (name: string, type: number, content: Uint8Array[]) => ({
		...{ name, type, content: joined(content), linked: ".dynstr" },
	});
	return composeElf({
		...{ bits, little, machine, type: 3 },
		sections: [
			...(interpreter === "" ? [] : [{ name: ".interp", content: ascii(`${interpreter}\0`) }]),
			section(".dynamic", 6, dynamic),
			...(verneed.length === 0 ? [] : [section(".gnu.version_r", 0x6ffffffe, verneed)]),
			...(verdef.length === 0 ? [] : [section(".gnu.version_d", 0x6ffffffd, verdef)]),
			{ name: ".dynstr", type: 3, content: ascii(strings) },
		],
	});
}

/** An x86 machine on which these files are: libraries by name with their versions, others as null. */
export function machineWith(files: Record<string, string[] | null>, emulates = false): Machine {
	return {
		arch: "x86",
		exists: (path) => path in files,
		library: (name): Library | null =>
			files[name] == null ? null : { path: name, versions: new Set(files[name]) },
		emulates: () => emulates,
	};
}
