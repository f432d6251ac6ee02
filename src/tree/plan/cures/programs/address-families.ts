import type { Cure } from "../cure.ts";

const CLASSMAP = "security/selinux/include/classmap.h";
const TEST = /^#\s*if\s+PF_MAX\s*>\s*(\d+)\s*$/m;

/** 4.11 to 5.0 count the kernel's address families with the C library's header, which got more of them since. */
export const addressFamilies: Cure = {
	id: "selinux-families",
	title: "SELinux's programs take the C library's address families for the kernel's",
	code: null,
	probe({ read, host }) {
		const text = read(CLASSMAP) ?? "";
		const known = TEST.exec(text)?.[1];
		if (known === undefined || /^#\s*include\s*<linux\/socket\.h>/m.test(text)) return null;
		const counts = `#include <sys/socket.h>\n#if PF_MAX > ${known}\n#error families\n#endif\nint kprep;\n`;
		const said = host.compiles("hostcc", ["-fsyntax-only"], counts);
		if (said.ok || !said.words.includes("families")) return null;
		return {
			reason: `${CLASSMAP} knows ${known} address families, and this C library has more`,
			files: [
				{
					path: CLASSMAP,
					summary: "count the families where the kernel's own header says them",
					edit: (present) => (present ?? "").replace(TEST, "#if defined(__KERNEL__) && PF_MAX > $1"),
				},
			],
		};
	},
};
