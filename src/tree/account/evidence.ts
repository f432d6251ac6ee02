/** A file that was not there before the first sync. */
export interface Candidate {
	/** Relative to objtree. */
	path: string;
	kind: "file" | "link" | "other";
	/** ns. */
	mtime: bigint;
}

/** What surrounds the candidates. */
export interface Scene {
	/** When make ran; `end` null when it was cut off, nobody knows when. */
	runs: { start: bigint; end: bigint | null }[];
	/** The folder was there before, or is one of srctree's. */
	hadFolder(folder: string): boolean;
	/** Names that are now in a folder. */
	names(folder: string): ReadonlySet<string>;
	/** Beginning of a file's text; "" when it cannot be read. */
	head(path: string): string;
	/** A new folder that holds .cmd files. */
	holdsCommands(folder: string): boolean;
	/** Paths that make named in its output ("  HOSTCC  scripts/basic/fixdep"). */
	named: ReadonlySet<string>;
	/** Build in a folder of its own (O=). */
	separate: boolean;
	/** A path that srctree, beside such a folder, has. */
	hasSource(path: string): boolean;
}

/** What shows that a file is kbuild's own product. */
export type Evidence = "place" | "command" | "dependencies" | "name" | "printed" | "tool";

/** Folders that kbuild owns: its own mrproper removes all that is in them (Makefile, MRPROPER_FILES, 2.6 to 7.2). */
const PLACES = /^(?:include\/(?:config|generated)|arch\/[^/]+\/include\/generated|\.tmp_versions)(?:\/|$)/;

/** What kbuild writes without a .cmd file (Makefile's CLEAN_FILES and MRPROPER_FILES; scripts/, tools/; all eras). */
const NAMES =
	/^(?:\.config\.old|\.version|\.kernelrelease|\.scmversion|\.missing-syscalls\.d|modules\.(?:order|builtin[^/]*)|Module\.symvers|vmlinux\.symvers|include\/asm|include\/linux\/(?:version|autoconf|utsrelease|compile)\.h|include\/asm-[^/]+\/asm[-_]offsets\.h|scripts\/mod\/(?:elfconfig|devicetable-offsets)\.h|scripts\/kconfig\/[a-z]+-?(?:cfg|cflags|libs|bin)|scripts\/kconfig\/\.[a-z]+-cfg|scripts\/kconfig\/(?:lkc_defs\.h|(?:zconf|lex\.[^/]+)\.c)|scripts\/genksyms\/(?:keywords|parse|lex)\.[ch]|certs\/(?:signing_key\.(?:pem|x509)|x509\.genkey)|rust\/[^/]*\.(?:rmeta|so|o)|tools\/.*\/(?:FEATURE-DUMP(?:\.[^/]+)?|fixdep|inat-tables\.c|bpf_helper_defs\.h|\.config-detected)|tools\/.*\/feature\/test-[^/]*\.(?:bin|make\.output))$|(?:^|\/)\.tmp(?:_|config)[^/]*$|(?:^|\/)\.tmp_\d+\/tmp(?:\.\w+)?$/;

/** What `O=` puts at the top of a build folder. */
const SEPARATE = /^(?:Makefile|source|\.gitignore)$/;

/**
 * What shows that a new file is kbuild's product; null when nothing does: then it may be the user's. Everything but a
 * place that kbuild owns must also have been written while make ran, in a folder that is not the user's.
 */
export function evidenceOf({ path, kind, mtime }: Candidate, scene: Scene): Evidence | null {
	if (kind === "other") return null;
	if (isPlace(path)) return "place";
	if (!insideRun(mtime, scene.runs)) return null;
	const [folder, name] = split(path);
	if (NAMES.test(finished(path))) return "name";
	if (isInstalledHeader(path, scene)) return "tool";
	if (!scene.hadFolder(folder)) return isToolsFolder(folder, scene) ? "tool" : null;
	if ((scene.separate && SEPARATE.test(path)) || isParser(folder, name, scene)) return "name";
	if (isCommandOf(path, scene)) return "command";
	const names = scene.names(folder);
	if (names.has(`.${name}.cmd`) && isCommandOf(join(folder, `.${name}.cmd`), scene)) return "command";
	if (isDependencies(name, () => scene.head(path))) return "dependencies";
	// Cut off before its .cmd was written: the compiler's list is there first.
	if (names.has(`.${name}.d`) && isDependencies(`.${name}.d`, () => scene.head(join(folder, `.${name}.d`))))
		return "dependencies";
	if (path.startsWith("tools/") && isLinked(name, names)) return "tool";
	return scene.named.has(path) ? "printed" : null;
}

/** Whether a path lies in, or is, a folder that kbuild owns. */
function isPlace(path: string): boolean {
	return PLACES.test(path);
}

/** Whether a time lies in one of the runs. */
export function insideRun(mtime: bigint, runs: Scene["runs"]): boolean {
	return runs.some(({ start, end }) => mtime >= start && (end === null || mtime <= end));
}

/** The path that a file of `filechk` has in the end (scripts/Kbuild.include: NAME.tmp, .NAME.tmp). */
function finished(path: string): string {
	return path.endsWith(".tmp") ? path.slice(0, -4).replace(/(^|\/)\.(?=[^/]+$)/, "$1") : path;
}

/** `.NAME.cmd` with the command that made NAME (scripts/Kbuild.include `cmd_and_fixdep`, `savedcmd_` from 6.2). */
function isCommandOf(path: string, scene: Scene): boolean {
	const [, file] = split(path);
	const target = /^\.(.+)\.cmd$/.exec(file)?.[1];
	if (target === undefined) return false;
	return [...scene.head(path).matchAll(/^(?:saved)?cmd_(\S+) *:?=/gm)].some(
		([, made = ""]) => split(made)[1] === target,
	);
}

/** `.NAME.d`, what a compiler left of NAME when make was cut off. */
function isDependencies(name: string, head: () => string): boolean {
	const target = /^\.(.+)\.d$/.exec(name)?.[1];
	if (target === undefined) return false;
	const made = split(/^\s*(\S+?)\s*:/.exec(head())?.[1] ?? "")[1];
	return made === target || made === `${target}.o`;
}

/** NAME.lex.c of NAME.l, NAME.tab.c and NAME.tab.h of NAME.y. */
function isParser(folder: string, name: string, scene: Scene): boolean {
	const match = /^(.+)\.(lex\.c|tab\.[ch])$/.exec(name);
	if (match === null) return false;
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

function split(path: string): [folder: string, name: string] {
	const at = path.lastIndexOf("/");
	return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
}

function join(folder: string, name: string): string {
	return folder === "" ? name : `${folder}/${name}`;
}
