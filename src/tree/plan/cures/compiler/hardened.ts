import { isOn } from "../../../../kernel/config/config.ts";
import type { Cure, CureView } from "../cure.ts";

/** What distributions switch on in their compilers, by the macro that tells it, and what the kernel must then say itself. */
const DEFAULTS: readonly {
	macros: readonly string[];
	off: string;
	/** The tree deals with it when one of its makefiles has this. */
	dealt: RegExp;
	/** Symbols with which the kernel wants it. */
	wanted: readonly string[];
	what: string;
}[] = [
	{
		macros: ["__SSP__", "__SSP_ALL__", "__SSP_STRONG__"],
		off: "-fno-stack-protector",
		dealt: /-fno-stack-protector/,
		wanted: ["CC_STACKPROTECTOR", "STACKPROTECTOR"],
		what: "stack protector",
	},
	{
		macros: ["__CET__"],
		off: "-fcf-protection=none",
		dealt: /-fcf-protection/,
		wanted: ["X86_KERNEL_IBT", "X86_USER_SHADOW_STACK"],
		what: "control-flow protection",
	},
];

/** Ubuntu's and others' compilers harden user programs by default; kernels learned to refuse it one by one. */
export const hardened: Cure = {
	id: "hardened",
	title: "the compiler hardens code by default in ways that this kernel does not know",
	code: "it is then compiled as the target's own compiler did: without calls and marks that the kernel has no use for",
	probe(view) {
		const off = DEFAULTS.filter((one) => applies(one, view));
		if (off.length === 0) return null;
		return {
			reason: `this compiler defaults to ${off.map(({ what }) => what).join(" and ")}`,
			cc: off.map((one) => one.off),
		};
	},
};

function applies(one: (typeof DEFAULTS)[number], { read, arch, makeArch, config, host }: CureView): boolean {
	const files = ["Makefile", `arch/${arch}/Makefile`, `arch/${makeArch}/Makefile`];
	if (files.some((path) => one.dealt.test(read(path) ?? ""))) return false;
	if (one.wanted.some((symbol) => isOn(config, symbol))) return false;
	const macros = host.macros();
	return one.macros.some((name) => macros.has(name));
}
