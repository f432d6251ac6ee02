import { checkModuleBtf } from "../btf-metas.ts";
import { has, on } from "../era.ts";
import type { TargetKnowledge } from "../knowledge.ts";
import { type Decision, sectionsNamed } from "../loading.ts";
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
		if (sectionsNamed(loading, ".BTF.base").length > 0 && (kernel.version?.[0] ?? 0) >= 6)
			return undecided(
				"btf",
				"to relocate the module's BTF onto the image's",
				"the module carries .BTF.base",
			);
		const bytes = file.subarray(section.offset, section.offset + section.size);
		const answer = checkModuleBtf(bytes, kernel.little, kernel.btf, kind);
		if (answer === null) return null;
		const number = { EINVAL: -22, ENOTSUPP: -524, ELOOP: -40 }[answer.errno];
		return refuse(
			answer.errno,
			`failed to validate module [${name}] BTF: ${number}`,
			"btf",
			"BTF made for the target's image",
			`BTF of another image (${answer.fault})`,
		);
	},
};

function mostKind({ version }: TargetKnowledge): number | null {
	if (version === null) return null;
	const [major, minor] = version;
	return KINDS.find(([since, sub]) => major > since || (major === since && minor >= sub))?.[2] ?? null;
}
