/** A run of make by the clock of the file system, ns. */
export interface Run {
	start: bigint;
	end: bigint;
	/** Killed: its end is what its last sign shows. */
	cut: boolean;
}

/** What surrounds the candidates. */
export interface Scene {
	runs: readonly Run[];
	/** The folder was there before, or is one of srctree's. */
	hadFolder(folder: string): boolean;
	/** Names that are now in a folder. */
	names(folder: string): ReadonlySet<string>;
	/** Beginning of a file's text; null when it cannot be read. */
	head(path: string): string | null;
	/** A new folder that holds .cmd files. */
	holdsCommands(folder: string): boolean;
	/** Paths that make named in its output ("  HOSTCC  scripts/basic/fixdep"). */
	named: ReadonlySet<string>;
	/** Build in a folder of its own (O=). */
	separate: boolean;
	/** A path that srctree, beside such a folder, has. */
	hasSource(path: string): boolean;
}

/** Whether a time lies in one of the runs. */
export function insideRun(mtime: bigint, runs: readonly Run[]): boolean {
	return runs.some(({ start, end }) => mtime >= start && mtime <= end);
}

/** Folder ("" for the top) and name. */
export function split(path: string): [folder: string, name: string] {
	const at = path.lastIndexOf("/");
	return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
}

/** A path in a folder; "" is the top. */
export function join(folder: string, name: string): string {
	return folder === "" ? name : `${folder}/${name}`;
}
