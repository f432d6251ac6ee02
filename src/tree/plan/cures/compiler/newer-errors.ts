import type { Cure, HostFacts } from "../cure.ts";

/** What compilers warned about and now refuse (gcc 14, clang 16), and the least text that shows which of it this one refuses. */
const ERRORS: readonly [name: string, sample: string][] = [
	["implicit-function-declaration", "int kprep(void) { return kprep_other(); }\n"],
	["implicit-int", "static kprep_int;\nint *kprep(void) { return &kprep_int; }\n"],
	["int-conversion", "int *kprep(int x) { return x; }\n"],
	["incompatible-pointer-types", "char **kprep(int **x) { return x; }\n"],
	["return-mismatch", "int kprep(void) { return; }\n"],
];

/** Trees that name the least compiler by a script (5.13) were kept compiling with these; older ones never met them. */
export const newerErrors: Cure = {
	id: "newer-errors",
	title: "the compiler refuses C that it warned about when the tree was written",
	code: null,
	probe({ read, host }) {
		if (read("Makefile") === null || read("scripts/min-tool-version.sh") !== null) return null;
		// With the -std= that such trees are compiled with.
		const cc = refused(host, "cc", ["-std=gnu89"]);
		const hostcc = refused(host, "hostcc", []);
		if (cc.length + hostcc.length === 0) return null;
		const names = [...new Set([...cc, ...hostcc])];
		return {
			reason: `this compiler makes errors of ${names.map((name) => `-W${name}`).join(", ")}`,
			cc: cc.map((name) => `-Wno-error=${name}`),
			hostcc: hostcc.map((name) => `-Wno-error=${name}`),
		};
	},
};

/** Those that are errors without being asked for, and that can be made warnings again: an unknown name would be an error itself. */
function refused(host: HostFacts, which: "cc" | "hostcc", flags: string[]): string[] {
	const compiles = (more: string[], source: string) =>
		host.compiles(which, [...flags, ...more, "-fsyntax-only"], source).ok;
	// All at once: most compilers refuse none of it.
	const together = ERRORS.map(([name, sample]) =>
		sample.replace(/\bkprep\b/g, `kprep_${name.replace(/-/g, "_")}`),
	);
	if (compiles([], together.join(""))) return [];
	return ERRORS.filter(
		([name, sample]) => !compiles([], sample) && compiles([`-Wno-error=${name}`], sample),
	).map(([name]) => name);
}
