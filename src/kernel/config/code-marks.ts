import { ELF, type Elf, readElf, sectionBytes } from "../../formats/elf/elf.ts";
import { type ElfSymbol, symbolTable } from "../../formats/elf/elf-symbols.ts";
import type { Mark } from "./instrumentation.ts";

/** Names of symbols that a module has or wants, and of its sections, that show how its code is instrumented. */
const NAMED: readonly (readonly [Mark, RegExp])[] = [
	["cfi", /^(?:__cfi_|__kcfi_typeid_|__typeid__)|^\.kcfi_traps$/],
	["fentry", /^(?:__fentry__|_?_?mcount|__gnu_mcount_nc|_mcount)$/],
	["patchable", /^__patchable_function_entries$/],
	["return-thunk", /^__x86_return_thunk$|^\.return_sites$/],
	["indirect-thunk", /^__x86_indirect_thunk|^\.retpoline_sites$/],
	["asan", /^__(?:asan|hwasan)_/],
	["msan", /^__msan_/],
	["tsan", /^__tsan_/],
	["ubsan", /^__ubsan_/],
	["coverage", /^(?:__sanitizer_cov_|__gcov_|llvm_gcda_)/],
	["stack-leak", /^(?:stackleak_track_stack|__sanitizer_cov_stack_depth)$/],
	["stack-guard-global", /^__stack_chk_guard$/],
];

const EM_AARCH64 = 183;
const EM_X86_64 = 62;
const EM_386 = 3;
const FUNCTION = 2;
const EXECUTABLE = 4;

/** How many instructions of a function are looked at. */
const HEAD = 10;
const ARM64 = {
	"bti c": 0xd503245f,
	paciasp: 0xd503233f,
	pacibsp: 0xd503237f,
	"str x30, [x18], #8": 0xf800865e,
};

/**
 * The marks that the code of one module carries: by names in every architecture, by instructions on x86 and arm64.
 * What is not there may only have had no occasion. Throws FormatError.
 */
export function codeMarks(file: Uint8Array): Set<Mark> {
	const elf = readElf(file);
	const table = symbolTable(elf);
	const found = new Set<Mark>();
	const names = elf.sections.map(({ name }) => name);
	const functions: ElfSymbol[] = [];
	for (const symbol of table ?? []) {
		names.push(symbol.name);
		if (symbol.type === FUNCTION && symbol.section !== ELF.SHN_UNDEF) functions.push(symbol);
	}
	for (const name of names) for (const [mark, pattern] of NAMED) if (pattern.test(name)) found.add(mark);
	if (names.includes("__stack_chk_fail") && !found.has("stack-guard-global")) found.add("stack-guard-task");
	const contents = new Map<number, Uint8Array>();
	for (const one of functions) {
		const code = codeOf(elf, one, contents);
		if (code === null) continue;
		if (elf.machine === EM_X86_64 || elf.machine === EM_386) x86Marks(code, found);
		else if (elf.machine === EM_AARCH64) arm64Marks(code, found);
	}
	return found;
}

function codeOf(
	elf: Elf,
	{ section, value, size }: ElfSymbol,
	contents: Map<number, Uint8Array>,
): Uint8Array | null {
	const home = elf.sections[section];
	if (home === undefined || (home.flags & EXECUTABLE) === 0) return null;
	const bytes = contents.get(section) ?? sectionBytes(elf, home);
	contents.set(section, bytes);
	const start = Number(value);
	return start + size <= bytes.length && size > 0 ? bytes.subarray(start, start + size) : null;
}

/** endbr64 or endbr32 at the beginning; int3 behind the last return (-mharden-sls; a return through a thunk has none). */
function x86Marks(code: Uint8Array, found: Set<Mark>): void {
	const [a, b, c, d] = code;
	if (a === 0xf3 && b === 0x0f && c === 0x1e && (d === 0xfa || d === 0xfb)) found.add("endbr");
	const end = code.length;
	if (end >= 2 && code[end - 1] === 0xcc && code[end - 2] === 0xc3) found.add("sls");
}

function arm64Marks(code: Uint8Array, found: Set<Mark>): void {
	const view = new DataView(code.buffer, code.byteOffset, code.length);
	for (let at = 0; at + 4 <= code.length && at < HEAD * 4; at += 4) {
		// Instructions are little-endian whatever the data are.
		const word = view.getUint32(at, true);
		if (word === ARM64["bti c"]) found.add("bti");
		if (word === ARM64.paciasp || word === ARM64.pacibsp) found.add("pac");
		if (word === ARM64["str x30, [x18], #8"]) found.add("shadow-call-stack");
	}
}
