import { isBuilt } from "./built.ts";
import { join, type Scene, split } from "./scene.ts";

/** A product that kbuild makes without a .cmd file. */
interface Known {
	path: RegExp;
	/** What parts it from a user's file of the same name; absent where nobody else uses the name. */
	shows?: Shows;
}

type Shows = (found: Found, scene: Scene) => boolean;

interface Found {
	folder: string;
	name: string;
	kind: "file" | "link";
	/** Begun and not finished: NAME.tmp. */
	unfinished: boolean;
	/** Beginning of its text; null when it cannot be read. */
	head(): string | null;
}

const holds =
	(text: RegExp) =>
	({ head, unfinished }: Found) => {
		const read = head();
		return read !== null && (text.test(read) || (unfinished && read === ""));
	};

/** An empty file is what a linker that was killed leaves. */
const isBinary = ({ head }: Found) => /^(?:$|\0|\x7fELF|BC)/.test(head() ?? "text");

/**
 * What making a tree ready writes without a .cmd file (Makefile's CLEAN_FILES and MRPROPER_FILES; scripts/, tools/; all
 * eras). Not among them, because the goals that kprep runs never make it and users do: Module.symvers, .scmversion, .version,
 * modules.order, modules.builtin, the key and certificate in certs/.
 */
const KNOWN: readonly Known[] = [
	{ path: /^(?:\.config\.old|\.config\.\d+\.tmp|\.tmpconfig(?:\.h|_tristate|\.\d+)?)$/ },
	// What the Kconfig files were, before include/config/auto.conf.cmd: up to 2.6.15, and 2.6.16 to 2.6.17.
	{ path: /^(?:\.config\.cmd|\.kconfig\.d|\.\.config\.tmp)$/, shows: holds(/^(?:$|deps_config := \\\n)/) },
	// 2.6.16 and 2.6.17.
	{ path: /^\.kernelrelease$/, shows: holds(/^\d\S*\n$/) },
	{ path: /^\.missing-syscalls\.d$/, shows: holds(/^\S+:/) },
	{ path: /^include\/asm$/, shows: ({ kind }) => kind === "link" },
	{
		path: /^include\/linux\/(?:version|utsrelease)\.h$/,
		shows: holds(/^#define (?:UTS_RELEASE|LINUX_VERSION_CODE) /m),
	},
	{ path: /^include\/linux\/autoconf\.h$/, shows: holds(/^$|Automatically generated|^#define CONFIG_/) },
	{ path: /^include\/asm-[^/]+\/asm[-_]offsets\.h$/, shows: () => true },
	// Up to 2.6.17, and nr-irqs.h of ia64 up to 2.6.37.
	{ path: /^include\/asm-[^/]+\/(?:constants|offsets?|nr-irqs)\.h$/, shows: holds(/^$|DO NOT MODIFY/) },
	// arm up to 2.6.37, sh.
	{ path: /^include\/asm-[^/]+\/mach-?types\.h$/, shows: holds(/^$|automagically generated from/) },
	// The machine that was chosen, up to 2.6.28: a link, and the mark that it is made.
	{ path: /^include\/asm-[^/]+\/(?:arch|mach|cpu|proc|unit)$/, shows: ({ kind }) => kind === "link" },
	{ path: /^include\/asm-[^/]+\/\.(?:arch|mach|cpu|proc|unit)$/, shows: holds(/^$/) },
	{ path: /^scripts\/mod\/(?:elfconfig|devicetable-offsets)\.h$/ },
	{ path: /^scripts\/kconfig\/\.?[gmnq]?conf-?(?:cfg|cflags|libs|bin)$/ },
	{ path: /^scripts\/kconfig\/\.tmp_(?:gtk|qt)check$/ },
	{ path: /^scripts\/kconfig\/lkc_defs\.h$/, shows: beside(() => "lkc_proto.h") },
	{ path: /^scripts\/(?:.*\/)?[^/]+\.[ch]$/, shows: beside(({ name }) => `${name}_shipped`) },
	{
		path: /^scripts\/(?:.*\/)?lex\.[^/]+\.c$/,
		shows: beside(({ name }) => name.replace(/^lex\.(.*)\.c$/, "$1.l")),
	},
	{ path: /^scripts\/genksyms\/lex\.c$/, shows: beside(() => "lex.l") },
	{ path: /^scripts\/genksyms\/parse\.[ch]$/, shows: beside(() => "parse.y") },
	{ path: /^scripts\/genksyms\/keywords\.c$/, shows: beside(() => "keywords.gperf") },
	{ path: /^rust\/[^/]+\.(?:rmeta|rcgu\.o)$/, shows: isOfCrate },
	{ path: /^tools\/.*\/fixdep$/, shows: (found, scene) => isBinary(found) && isToolsOwn(found, scene) },
	{ path: /^tools\/.*\/FEATURE-DUMP(?:\.[^/]+)?$/, shows: inTools(/^(?:$|feature-)/) },
	// The folder is new as well.
	{
		path: /^tools\/[^/]+\/arch\/x86\/(?:insn|lib)\/inat-tables\.c$/,
		shows: holds(/^(?:$|\/\* x86 opcode map generated)/),
	},
	{ path: /^tools\/.*\/bpf_helper_defs\.h$/, shows: inTools(/^(?:$|\/\* This is auto-generated)/) },
	{ path: /^tools\/.*\/\.config-detected$/, shows: inTools(/^(?:$|[\w-]+=)/) },
	{ path: /^tools\/.*\/feature\/test-[^/]*\.(?:bin|make\.output)$/, shows: isFeatureTest },
	// Until 4.2 a try of the compiler left a file, later a folder: for scripts/Kbuild.include, Kconfig.include, tools/build/Build.include.
	{ path: /(?:^|\/)\.tmp_\d+(?:\.\w+)?$/, shows: isTry },
	// Until 4.2 it began with its number; -fstack-usage, -ftest-coverage and -gsplit-dwarf of a vendor leave more beside it.
	{ path: /(?:^|\/)\.\d+\.(?:o|tmp|su|gcno|dwo)$/, shows: isTry },
	{ path: /(?:^|\/)\.tmp_\d+\/tmp(?:-[\da-f]+)?(?:\.(?!c$|h$|S$)\w+)*$/, shows: isInTry },
	{ path: /(?:^|\/)\.tmp_[^/]+\.\w+$/, shows: isStage },
];

/** Whether a new file that make may have written is one that kbuild makes without a .cmd file. */
export function isKnown(path: string, kind: "file" | "link", scene: Scene): boolean {
	const done = finished(path);
	return [...new Set([done, path])].some((place) => {
		const [folder, name] = split(place);
		const head = () => scene.head(path);
		return KNOWN.some(
			({ path: known, shows = ({ folder: parent }) => scene.hadFolder(parent) }) =>
				known.test(place) && shows({ folder, name, kind, unfinished: place !== path, head }, scene),
		);
	});
}

/** The path that a file of `filechk` has in the end (scripts/Kbuild.include: NAME.tmp, .NAME.tmp). */
function finished(path: string): string {
	return path.endsWith(".tmp") ? path.slice(0, -4).replace(/(^|\/)\.(?=[^/]+$)/, "$1") : path;
}

/** What it is made from lies in the same folder. */
function beside(origin: (found: Found) => string): Shows {
	return (found, scene) => {
		const from = origin(found);
		return scene.names(found.folder).has(from) || scene.hasSource(join(found.folder, from));
	};
}

/** A library for one of tools/'s programs, and its tries of the compiler, lie in new folders (tools/objtool/Makefile, tools/bpf/resolve_btfids/Makefile). */
function isToolsOwn({ folder }: Pick<Found, "folder">, scene: Scene): boolean {
	const [, program = null] =
		/^(tools\/[^/]+\/(?:.+\/)?)(?:lib(?:subcmd|bpf)|feature)(?:\/|$)/.exec(folder) ?? [];
	return scene.hadFolder(folder) || (program !== null && scene.hadFolder(program.slice(0, -1)));
}

function inTools(text: RegExp): Shows {
	return (found, scene) => isToolsOwn(found, scene) && holds(text)(found);
}

/** tools/build/feature/test-NAME.c, tried for one program. */
function isFeatureTest(found: Found, scene: Scene): boolean {
	const test = found.name.replace(/\.(?:bin|make\.output)$/, "");
	const sources = scene.names("tools/build/feature");
	const has = (name: string) => sources.has(name) || scene.hasSource(`tools/build/feature/${name}`);
	const parts = test.split("-").map((_, at, all) => all.slice(0, at + 1).join("-"));
	return isToolsOwn(found, scene) && parts.some((part) => has(`${part}.c`) || has(`${part}.cpp`));
}

/** rustc writes NAME.o, libNAME.rmeta and its own parts in one go; only the first has a .cmd (rust/Makefile). */
function isOfCrate({ name }: Found, scene: Scene): boolean {
	const crate = /^(?:lib)?(\w+)\./.exec(name)?.[1];
	return crate !== undefined && isBuilt(`rust/${crate}.o`, scene);
}

function isTry(found: Found, scene: Scene): boolean {
	const text = /^\s*\.(?:file|text|section)\b/.test(found.head() ?? "");
	return isTryPlace(found.folder, scene) && (text || isBinary(found));
}

function isInTry({ folder }: Found, scene: Scene): boolean {
	return isTryPlace(split(folder)[0], scene);
}

/** Where make runs: the top, and the folders of tools/. */
function isTryPlace(folder: string, scene: Scene): boolean {
	return folder === "" || (/^(?:scripts|tools)(?:\/|$)/.test(folder) && scene.hadFolder(folder));
}

/** .tmp_NAME.o, which becomes NAME.o when its versions are known (scripts/Makefile.build, until 5.18). */
function isStage({ folder, name }: Found, scene: Scene): boolean {
	return scene.hadFolder(folder) && isBuilt(join(folder, name.replace(/^\.tmp_/, "")), scene);
}
