import { proofBeside } from "./built.ts";
import { isKnown } from "./names.ts";
import { insideRun, join, type Scene, split } from "./scene.ts";

/** A file that was not there before the first sync. */
export interface Candidate {
	/** Relative to objtree. */
	path: string;
	kind: "file" | "link" | "other";
	/** ns. */
	mtime: bigint;
}

/** What shows that a file is kbuild's own product. */
export type Evidence = "place" | "command" | "dependencies" | "name" | "printed" | "tool";

/** Folders that kbuild owns: its own mrproper removes all that is in them (Makefile, MRPROPER_FILES, 2.6 to 7.2). */
const PLACES = /^(?:include\/(?:config|generated)|arch\/[^/]+\/include\/generated|\.tmp_versions)(?:\/|$)/;

/** What `O=` puts at the top of a build folder. */
const SEPARATE = /^(?:Makefile|source|\.gitignore)$/;

/**
 * What shows that a new file is kbuild's product; null when nothing does: then it may be the user's. Everything but a
 * place that kbuild owns must also have been written while make ran, in a folder that is not the user's.
 */
export function evidenceOf(candidate: Candidate, scene: Scene): Evidence | null {
	if (candidate.kind !== "other" && isPlace(candidate.path)) return "place";
	return insideRun(candidate.mtime, scene.runs) ? proofOf(candidate, scene) : null;
}

/** The same, whenever it was written. */
export function proofOf({ path, kind }: Omit<Candidate, "mtime">, scene: Scene): Evidence | null {
	if (kind === "other") return null;
	if (isPlace(path)) return "place";
	const [folder, name] = split(path);
	if (isKnown(path, kind, scene)) return "name";
	if (isInstalledHeader(path, scene)) return "tool";
	if (!scene.hadFolder(folder)) return !/\.[cS]$/.test(name) && isToolsFolder(folder, scene) ? "tool" : null;
	if ((scene.separate && SEPARATE.test(path)) || isParser(path, scene)) return "name";
	const beside = proofBeside(path, scene);
	if (beside !== null) return beside;
	if (path.startsWith("tools/") && isLinked(name, scene.names(folder))) return "tool";
	return scene.named.has(path) ? "printed" : null;
}

/** Whether a path lies in, or is, a folder that kbuild owns. */
export function isPlace(path: string): boolean {
	return PLACES.test(path);
}

/** NAME.lex.c of NAME.l, NAME.tab.c and NAME.tab.h of NAME.y. */
function isParser(path: string, scene: Scene): boolean {
	const [folder, name] = split(path);
	const match = /^(.+)\.(lex\.c|tab\.[ch])$/.exec(name);
	if (match === null || !/^(?:scripts|tools)\//.test(path)) return false;
	const grammar = `${match[1]}.${match[2] === "lex.c" ? "l" : "y"}`;
	return scene.names(folder).has(grammar) || scene.hasSource(join(folder, grammar));
}

/** tools/ links NAME and NAME.a from NAME-in.o, without a .cmd for the outcome (tools/build/Makefile.build). */
function isLinked(name: string, names: ReadonlySet<string>): boolean {
	const part = `${name.replace(/\.(?:a|so)$/, "")}-in.o`;
	return names.has(`.${part}.cmd`) || names.has(part);
}

/** A new folder inside one of tools/'s programs that make built something in, such as tools/objtool/libsubcmd. */
function isToolsFolder(folder: string, scene: Scene): boolean {
	const parts = folder.split("/");
	if (parts[0] !== "tools") return false;
	for (let length = parts.length; length > 2; length--) {
		const part = parts.slice(0, length).join("/");
		if (scene.hadFolder(part)) return false;
		if (scene.hadFolder(parts.slice(0, length - 1).join("/"))) return scene.holdsCommands(part);
	}
	return false;
}

/** Whether kbuild makes a folder of this name before it puts anything there: its own when it is new and empty. */
export function isMadeEmpty(path: string): boolean {
	return isPlace(path) || LIBRARY.test(path) || SCRATCH.test(path);
}

/** For one try of the compiler (scripts/Kconfig.include, scripts/Kbuild.include and Makefile.compiler, tools/build/Build.include: TMPOUT). */
const SCRATCH = /(?:^|\/)\.tmp_\d+$/;

/** Where tools/ builds a library for one program (tools/objtool/Makefile, tools/bpf/resolve_btfids/Makefile). */
const LIBRARY = /^tools\/.+\/lib(subcmd|bpf)(?:\/|$)/;

/** A header of tools/lib/NAME that is copied into such a folder, which happens before its first .cmd (tools/lib/subcmd/Makefile, install_headers). */
function isInstalledHeader(path: string, scene: Scene): boolean {
	const [, library] = LIBRARY.exec(path) ?? [];
	const [folder, name] = split(path);
	if (library === undefined || !name.endsWith(".h") || scene.hadFolder(folder)) return false;
	const origin = `tools/lib/${library}`;
	return scene.names(origin).has(name) || scene.hasSource(join(origin, name));
}
