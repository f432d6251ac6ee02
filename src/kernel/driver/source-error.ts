/** Whose text the compiler stopped at. */
export interface SourceError {
	whose: "driver" | "tree";
	/** The first `PATH:LINE:COLUMN: error: ...`. */
	line: string;
	/** The kernel's header that a note behind it names ("declared here"); null without one. */
	header: string | null;
	/**
	 * The kind of error that another kernel version brings (a function, member or type of the kernel that is not there,
	 * or is declared otherwise), as opposed to a slip of the driver's own. Only said of the driver's text.
	 */
	misfit: boolean;
}

const ERROR = /^(\S[^:\n]{0,1000}):\d+(?::\d+)?: (?:fatal )?error: /;
const NOTE =
	/^(\S[^:\n]{0,1000}):\d+(?::\d+)?: note: .*(?:declared here|previous declaration|expected .* but argument|candidate)/;

/** Of gcc and clang: gcc/c/c-typeck.c, c-decl.c; clang DiagnosticSemaKinds.td. */
const MISFIT =
	/implicit declaration|undeclared|unknown type name|undeclared identifier|no member named|incomplete type|incompatible|too (?:few|many) arguments|conflicting types|initialization of|passing argument|call to undeclared|has no member|unknown field|No such file or directory|file not found|redefinition|storage size of|assignment to|static assertion|makes (?:integer|pointer)|cannot convert|redeclared/;
/** "PLACE: note: in expansion of macro 'X'" (gcc), "PLACE: note: expanded from macro 'X'" (clang). */
const EXPANSION = /^((\S[^:\n]{0,1000}):\d+(?::\d+)?): note: (?:in expansion of|expanded from) macro/;

/**
 * The first error of a compiler in make's output, and whose it is: a path below the driver's `folder`, or one that is
 * relative as kbuild calls external sources, is the driver's; one below `tree`, or below include/ and arch/, is the
 * tree's, unless it stands in a macro that the driver's text uses. A header of the tree that is named by the note of the
 * error shows that the kernel declares the thing otherwise.
 * null: no compiler complained.
 */
export function readSourceError(lines: readonly string[], folder: string, tree: string): SourceError | null {
	const at = lines.findIndex((line) => line.length < 4096 && ERROR.test(line));
	const [, path = ""] = ERROR.exec(lines[at] ?? "") ?? [];
	if (path === "") return null;
	const kernels = (file: string) =>
		file.startsWith(`${tree}/`) ||
		/^(?:\.\/|\.\.\/)*(?:include|arch|kernel|scripts|tools|lib|mm)\//.test(file);
	const drivers = (file: string) => file.startsWith(`${folder}/`) || !kernels(file);
	const line = (lines[at] ?? "").trim();
	const behind = lines.slice(at + 1, at + 12);
	const header = behind.flatMap((text) => NOTE.exec(text)?.[1] ?? []).find(kernels) ?? null;
	if (drivers(path)) return { whose: "driver", line, header, misfit: header !== null || MISFIT.test(line) };
	const used = behind
		.map((text) => (text.length < 4096 ? EXPANSION.exec(text) : null))
		.find((found) => found !== null && drivers(found[2] ?? ""));
	if (used === undefined || used === null) return { whose: "tree", line, header, misfit: false };
	const message = line.slice(line.indexOf(": error: ") + 2);
	return { whose: "driver", line: `${used[1]}: ${message}`, header, misfit: MISFIT.test(message) };
}
