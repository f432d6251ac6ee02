/** Whose text the compiler stopped at. */
export interface SourceError {
	whose: "driver" | "tree";
	/** The first `PATH:LINE:COLUMN: error: ...`. */
	line: string;
	/** The kernel's header that a note behind it names ("declared here"); null without one. */
	header: string | null;
}

const ERROR = /^(\S[^:\n]{0,1000}):\d+(?::\d+)?: (?:fatal )?error: /;
const NOTE =
	/^(\S[^:\n]{0,1000}):\d+(?::\d+)?: note: .*(?:declared here|previous declaration|expected .* but argument|candidate)/;

/**
 * The first error of a compiler in make's output, and whose it is: a path below the driver's `folder`, or one that is
 * relative as kbuild calls external sources, is the driver's; one below `tree`, or below include/ and arch/, is the
 * tree's. A header of the tree that is named by the note of the error shows that the kernel declares the thing otherwise.
 * null: no compiler complained.
 */
export function readSourceError(lines: readonly string[], folder: string, tree: string): SourceError | null {
	const at = lines.findIndex((line) => line.length < 4096 && ERROR.test(line));
	const [, path = ""] = ERROR.exec(lines[at] ?? "") ?? [];
	if (path === "") return null;
	const kernels = (file: string) =>
		file.startsWith(`${tree}/`) ||
		/^(?:\.\/|\.\.\/)*(?:include|arch|kernel|scripts|tools|lib|mm)\//.test(file);
	const whose = path.startsWith(`${folder}/`) || !kernels(path) ? "driver" : "tree";
	const notes = lines.slice(at + 1, at + 12).flatMap((line) => NOTE.exec(line)?.[1] ?? []);
	return { whose, line: (lines[at] ?? "").trim(), header: notes.find(kernels) ?? null };
}
