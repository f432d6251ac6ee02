import { Btf } from "../../../formats/btf/btf.ts";
import { type BtfAnswer, checkModuleBtf, verifierLines } from "../btf-metas.ts";
import { relocationFault } from "../btf-relocate.ts";
import type { SectionView } from "../elf-view.ts";
import { has, on } from "../era.ts";
import type { KernelBtf, TargetKnowledge } from "../knowledge.ts";
import { type Decision, sectionsNamed } from "../loading.ts";
import { kernelBtf } from "../struct-members.ts";
import { refuse, undecided } from "../verdict.ts";

/** The last BTF kind that each version knows (include/uapi/linux/btf.h). */
const KINDS: readonly [major: number, minor: number, kind: number][] = [
	[6, 0, 19],
	[5, 17, 18],
	[5, 16, 17],
	[5, 13, 16],
	[5, 2, 15],
];

/** A module's BTF continues the image's: made for another image, it seldom makes sense. */
export const btf: Decision = {
	id: "btf",
	follows: "kernel/bpf/btf.c: btf_module_notify(), btf_parse_module()",
	decide(loading) {
		const { kernel, name, file } = loading;
		const checked = has(kernel, "btf");
		const modules = on(kernel, "DEBUG_INFO_BTF_MODULES");
		const [section] = sectionsNamed(loading, ".BTF");
		if (section === undefined || section.size === 0 || checked === false || modules === false) return null;
		if (on(kernel, "MODULE_ALLOW_BTF_MISMATCH") === true) return null;
		const kind = mostKind(kernel);
		if (checked === null || modules === null || kernel.btf === null || kind === null)
			return undecided("btf", "the BTF of the target's image", "the module carries BTF");
		const bytesOf = ({ offset, size }: SectionView) => file.subarray(offset, offset + size);
		const [base] = sectionsNamed(loading, ".BTF.base");
		const distilled = base !== undefined && base.size > 0 && has(kernel, "btfBase") !== false;
		const { errno, lines, fault } = distilled
			? onItsBase(bytesOf(base), bytesOf(section), kernel, kernel.btf, kind)
			: said(checkModuleBtf(bytesOf(section), kernel.little, kernel.btf, kind));
		if (errno === null) return null;
		const refusal = refuse(
			errno,
			`failed to validate module [${name}] BTF: ${NUMBERS[errno]}`,
			"btf",
			"BTF made for the target's image",
			`BTF of another image (${fault})`,
		);
		return { ...refusal, messages: [...lines, ...refusal.messages], decisive: lines.length };
	},
};

const NUMBERS = { EINVAL: -22, ENOTSUPP: -524, ELOOP: -40 };

interface Said {
	errno: keyof typeof NUMBERS | null;
	/** Lines that come before the one that names the module. */
	lines: string[];
	fault: string;
}

function said(answer: BtfAnswer): Said {
	return {
		errno: answer?.errno ?? null,
		lines: verifierLines(answer?.fault ?? ""),
		fault: answer?.fault ?? "",
	};
}

/** The module's own base must be sound, its BTF must fit on that, and the base on the image's BTF. */
function onItsBase(
	base: Uint8Array,
	split: Uint8Array,
	{ little }: TargetKnowledge,
	kernel: KernelBtf,
	kind: number,
): Said {
	const alone = { types: 1, stringsLength: 0, string: () => "", named: () => [] };
	const own = checkModuleBtf(base, little, alone, kind);
	if (own !== null) return said(own);
	const lower = new Btf(base);
	const answer = checkModuleBtf(split, little, kernelBtf(lower), kind);
	if (answer !== null) return said(answer);
	const fault = relocationFault(lower, new Btf(split, lower), kernel);
	return fault === null ? said(null) : { errno: "EINVAL", lines: [fault], fault };
}

function mostKind({ version }: TargetKnowledge): number | null {
	if (version === null) return null;
	const [major, minor] = version;
	return KINDS.find(([since, sub]) => major > since || (major === since && minor >= sub))?.[2] ?? null;
}
