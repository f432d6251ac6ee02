import type { Cure } from "../cure.ts";

/**
 * arch/i386 never says it; arch/x86 says it to CC itself (`CC += -m32`), which a CC from the command line loses. Trees
 * from 2.6.24 on that say it in KBUILD_CFLAGS need nothing.
 */
export const m32: Cure = {
	id: "m32",
	title: "the compiler makes 64-bit code for a 32-bit kernel",
	code: null,
	probe({ read, makeArch, host }) {
		if (makeArch !== "i386") return null;
		const texts = ["arch/i386/Makefile", "arch/x86/Makefile", "arch/x86/Makefile_32"].map(
			(path) => read(path) ?? "",
		);
		if (texts.some((text) => /^[ \t]*(?:KBUILD_)?C(?:PP)?FLAGS\s*[:+]?=.*-m32\b/m.test(text))) return null;
		if (!host.macros().has("__x86_64__")) return null;
		return { reason: "the tree leaves it to the compiler, and this one defaults to 64 bits", cc: ["-m32"] };
	},
};
