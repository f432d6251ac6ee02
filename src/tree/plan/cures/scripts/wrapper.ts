import type { Cure, CureView } from "../cure.ts";

/** `CC = $(PYTHON) $(srctree)/scripts/gcc-wrapper.py $(REAL_CC)`, as in Qualcomm's trees. */
const WRAPPED = /^CC\s*:?=\s*(?:\$\(\w+\)\s+)?\$\(srctree\)\/(scripts\/[\w./-]+\.py)\s+\$\((\w+)\)/m;

/** Vendors wrap the compiler in a script that turns warnings into errors; it needs the python of its day. */
export const wrapper: Cure = {
	id: "cc-wrapper",
	title: "the tree runs its compiler through a python script",
	code: null,
	probe(view) {
		const script = WRAPPED.exec(view.read("Makefile") ?? "")?.[1];
		if (script === undefined) return null;
		const text = view.read(script);
		const trouble = text === null ? "is not in the tree" : troubleOf(text, view);
		if (trouble === null) return null;
		return { reason: `${script} ${trouble}; it only makes errors of warnings`, plainCc: true };
	},
};

function troubleOf(text: string, { host }: CureView): string | null {
	const python = /^#!.*\b(python[\d.]*)\s*$/m.exec(text.split("\n", 1)[0] ?? "")?.[1] ?? "python";
	const said = host.runs(python, ["-c", "import sys; sys.stdout.write(str(sys.version_info[0]))"]);
	if (said === null || !said.ok) return `needs ${python}, which does not run here`;
	return isPython2(text) && said.words.trim() !== "2"
		? `is written for python 2, and ${python} is another`
		: null;
}

/** What python 3 refuses to read (print as a statement, `except X, y`). */
function isPython2(text: string): boolean {
	return /^[ \t]*(?:print\s+(?!\()[^\s=]|except\s+[\w.]+\s*,\s*\w+\s*:)/m.test(text);
}
