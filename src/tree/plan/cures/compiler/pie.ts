import type { Cure } from "../cure.ts";

/** Kernels switch it off themselves from 4.9 on (top Makefile, -fno-PIE); before, no compiler made it by itself. */
export const pie: Cure = {
	id: "pie",
	title: "the compiler makes position independent code unless it is told not to",
	code: "it is then addressed as the target's own compiler did it: by absolute addresses",
	probe({ read, host }) {
		if (/-fno-pie/i.test(read("Makefile") ?? "")) return null;
		if (!["__PIE__", "__pie__", "__PIC__"].some((name) => host.macros().has(name))) return null;
		return {
			reason: "this compiler defaults to PIE, which the kernel's code model does not allow",
			cc: ["-fno-pie"],
		};
	},
};
