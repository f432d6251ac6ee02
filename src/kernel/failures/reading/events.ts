import { errnoIn, saysNoSuchFile, wordsOf } from "../../errno/errno-text.ts";
import { compileError } from "./compile-error.ts";

/** What a line says in a shape that many messages share, taken apart once for all entries. */
export type LogEvent =
	/** insmod, modprobe, busybox, systemd, Android...: a module was not loaded, with this errno. */
	| { kind: "refusal"; module: string | null; file: string | null; errno: string; words: string }
	/** `module: version magic 'ours' should be 'theirs'`. */
	| { kind: "vermagic"; module: string | null; ours: string; theirs: string }
	/** make: no rule to make target X, needed by Y; in any language. */
	| { kind: "no-rule"; target: string; neededBy: string | null; level: number }
	/** make -C or include of a path that is not there. */
	| { kind: "no-path"; path: string; how: "make" | "include" | "cd" }
	/** A compiler did not find a header. */
	| { kind: "no-header"; header: string; source: string | null }
	/** A shell or make did not find a program. */
	| { kind: "no-program"; program: string }
	/** A program is there and cannot be executed: another machine's. */
	| { kind: "no-exec"; program: string }
	/** A compiler stopped in a source; `option` is the warning that counts as an error, or that names the finding. */
	| { kind: "compile-error"; file: string; words: string; option: string | null; asError: boolean }
	/** The kernel crashed: an oops, a BUG, a panic; `flow`: control-flow integrity stopped it, at `symbol`. */
	| { kind: "crash"; flow: boolean; symbol: string | null; module: string | null }
	/** The program that loaded a module was ended by the kernel. */
	| { kind: "killed"; module: string | null }
	/** A compiler does not take an option. */
	| { kind: "option"; option: string; compiler: string | null };

/** What strings of other languages say that a file is not there, without their first letter, whose case varies. */
const ENOENT_NEEDLES = wordsOf("ENOENT").map((word) => word.slice(1));

/** bash's words for it in other languages (5.2); dash, make and busybox say it in English. */
const NOT_FOUND =
	/not found|nicht gefunden|introuvable|no encontrad|non trovat|não encontrad|не найден|не знайдено|nie znaleziono|niet gevonden|nenalezen|finns inte|ikke fundet|ei löydy|komut yok|nem található|見つかりません|未找到|找不到|찾을 수 없/;

/** As a shell ends its line with it: "modprobe: module x not found in modules.dep" is something else. */
const NOT_FOUND_WHOLE = new RegExp(`(?:^|\\s|command |[^\\x00-\\x7f])(?:${NOT_FOUND.source})\\S{0,3}$`);

/** One reader of a shape of lines, and the texts of which each such line has at least one. */
export interface EventParser {
	needles: readonly string[];
	parse: (text: string) => LogEvent | null;
}

export const eventParsers: readonly EventParser[] = [
	{
		needles: [
			"error: ",
			"Fehler: ",
			"erreur: ",
			"erreur fatale",
			"errore: ",
			"erro: ",
			"ошибка: ",
			"错误: ",
			"錯誤: ",
			"エラー: ",
			"error fatal",
			"[-Werror",
		],
		parse: compileError,
	},
	{
		needles: [
			"BUG: ",
			"CFI failure",
			"Oops - CFI",
			"__cfi_",
			"Missing ENDBR",
			"Oops",
			"nternal error: ",
			"kernel BUG at",
			"nable to handle",
			"eneral protection fault",
			"ernel panic",
			"nvalid opcode",
			"ynchronous External Abort",
			"etected buffer overflow",
			...[
				"page_fault_oops+",
				"__die+",
				"__die_body+",
				"oops_end+",
				"die_kernel_fault+",
				"__do_kernel_fault+",
			],
		],
		parse: crash,
	},
	{ needles: ["Killed", "Segmentation fault"], parse: killed },
	{ needles: ["version magic"], parse: vermagic },
	{
		needles: [
			"insmod",
			"modprobe",
			"insert",
			"init_module",
			"oad module",
			"oading module",
			"modules-load",
			"kmod",
			"load error:",
		],
		parse: refusal,
	},
	{ needles: ["*** "], parse: noRule },
	{ needles: ["Kconfig", "an't open ", "annot open ", ".c: ", ".h: ", ".S: ", ".l: "], parse: noSource },
	{ needles: ["*** ", "akefile", " cd: "], parse: noPath },
	{ needles: [".h: ", ".h : ", ".h' file", ".h': "], parse: noHeader },
	{ needles: ["scripts/", "tools/", "fixdep", "modpost", "genksyms", "recordmcount"], parse: noExec },
	{
		needles: ["not found", "No such file", ...NOT_FOUND.source.split("|"), ...ENOENT_NEEDLES],
		parse: noProgram,
	},
	{
		needles: [
			"ecognized",
			"ecognised",
			"nknown argument",
			"nsupported",
			"not supported",
			"nknown option",
			"gcc: ",
			"cc1: ",
			"clang: ",
			"-gcc",
			"gcc-",
			"cc: ",
			"' option",
			"option '",
		],
		parse: option,
	},
];

/** Needles of the lines that have an event, as they stand in raw bytes. */
export const EVENT_NEEDLES = [
	...eventParsers.flatMap(({ needles }) => needles.filter((needle) => !/^\.[chSl](?: |: |')/.test(needle))),
	".h: ",
	".c: ",
	// A full-width colon follows in Chinese.
	"错误",
	"錯誤",
	"エラー",
	...ENOENT_NEEDLES,
];

/** The first lines of a crash in every architecture, and the frames of a trace that only a crash has, (mm/fault.c, traps.c, panic.c); reports that stop nothing are none. */
function crash(text: string): LogEvent | null {
	const flow = FLOW.exec(text);
	const module = /\+0x[0-9a-f]{1,8}(?:\/0x[0-9a-f]{1,8})? \[(\w{1,64})/.exec(text)?.[1] ?? null;
	if (flow !== null)
		return { kind: "crash", flow: true, symbol: flow.groups?.symbol ?? flow.groups?.target ?? null, module };
	if (
		/^(?:\? |\[<[0-9a-f]{1,16}>\] (?:\? )?)?(?:page_fault_oops|__die(?:_body)?|oops_end|die_kernel_fault|__do_kernel_fault)\+0x/.test(
			text,
		)
	)
		return { kind: "crash", flow: false, symbol: null, module };
	return /BUG: (?:unable to handle|kernel NULL)|\bOops(?:[: -]|$)|Internal error: |kernel BUG at |^Unable to handle |[Gg]eneral protection fault|Kernel panic - not syncing|^invalid opcode: |Synchronous External Abort|detected buffer overflow/.test(
		text,
	)
		? { kind: "crash", flow: false, symbol: null, module }
		: null;
}

/** kernel/cfi.c, arch/arm64/kernel/traps.c, arch/x86/kernel/cet.c. */
const FLOW =
	/CFI failure.{0,200}?\(target: (?<symbol>[\w.$]{1,200})|CFI failure|Oops - CFI|Missing ENDBR: (?<target>[\w.$]{1,200})|__cfi_(?:slowpath|check_fail)/;

/** "insmod x.ko" and below it "Killed"; the shell's own job lines name the command. */
function killed(text: string): LogEvent | null {
	if (
		!/^(?:\S{1,80}: line \d{1,6}: +\d{1,9} )?(?:Killed|Segmentation fault)(?: \(core dumped\))?(?:\s+(?:sudo )?(?:insmod|modprobe)\b.{0,300})?$/.test(
			text,
		)
	)
		return null;
	return { kind: "killed", module: null };
}

/** kernel/module: since 2.6.0 in these words; `ours` and `theirs` keep their trailing space. */
function vermagic(text: string): LogEvent | null {
	const found =
		/(?:(?<![\w.+/-])([\w.+-]{1,64}): )?version magic '([^']{0,400})' ?should be '([^']{1,400})'?/i.exec(
			text,
		);
	if (found === null) return null;
	const [, module = null, ours = "", theirs = ""] = found;
	return { kind: "vermagic", module, ours, theirs };
}

const LOADERS =
	/\b(?:insmod|modprobe|kmod(?:loader)?|finit_module|init_module|systemd-modules-load|modules-load|lxc|[Cc]ouldn't insert|could not insert|can't insert|cannot insert|[Ff]ailed to insert|[Ee]rror inserting|[Ff]ailed to insmod|[Ff]ailed to load module|can't load module|[Ff]ailed to load|error loading|[Cc]ould not load module|[Mm]odule load error|init module)\b/;

/** Names what was to be loaded, then the words of an errno: kmod, module-init-tools, busybox, toybox, systemd, ubox, dracut. */
function refusal(text: string): LogEvent | null {
	// "(os error 2)" is how Rust's programs end such a line, none of which loads modules.
	if (!LOADERS.test(text) || /\*\*\*|^depmod|not found in directory|\(os error \d{1,3}\)/.test(text))
		return null;
	// "could not load module": the file could not even be opened (kmod's insmod).
	if (
		/could not load module|can't (?:open|read)|cannot open|can't stat|change directory|fork\/exec|modules\.(?:dep|alias|builtin|order|softdep|symbols)/i.test(
			text,
		)
	)
		return null;
	const errno = errnoIn(text.replace(/'[^']{0,400}'/g, (name) => (errnoIn(name) ? name : "'…'")));
	if (errno === null) return null;
	const named =
		/(?:module|inserting|insert|insmod|load|loading|init_module:?) '?(?:module )?'?([^\s'"():]{1,400})'?/i.exec(
			text.replace(
				/.*?\b(?=could not insert|can't insert|cannot insert|[Ff]ailed to |[Ee]rror |can't load)/,
				"",
			),
		)?.[1] ?? null;
	const file =
		/([^\s'"():]{0,300}?[\w.+-]{1,64}\.k?o(?:\.(?:gz|xz|zst|bz2|lzma))?)(?![\w.])/.exec(text)?.[1] ?? null;
	// In other languages the name is what stands in quotes.
	const quoted = /'([\w+-]{1,64})'/.exec(text)?.[1];
	const name = file ?? (isName(named) ? named : (quoted ?? named));
	const module = name === null ? null : moduleName(name);
	return { kind: "refusal", module: isName(module) ? module : null, file, errno, words: text };
}

function isName(name: string | null): boolean {
	return (
		name !== null &&
		/^[\w.+-]{1,64}$/.test(name) &&
		!/^(?:module|modules|ERROR|error|failed|exec|load)$/i.test(name)
	);
}

/** The name that a file gives its module: no folders, no .ko.xz. The kernel would write - as _. */
export function moduleName(path: string): string {
	return (path.split("/").pop() ?? path).replace(/\.k?o(?:\.\w{2,4})?$/, "");
}

/** What make says for a missing rule, in the languages it is translated to (make 4.3), as: words before, target, needed by. */
const NO_RULE =
	/No rule to make target|Keine Regel|Aucune r.gle|ninguna regla|Nessuna regola|Sem regra|Нет правила|Brak regu|geen regel|Ž.dné pravidlo|Ingen regel|Нема правила|ルールがありません|没有规则|沒有規則|규칙이 없습니다|Não há regra|Ninguna regla|No hi ha cap regla/;

function noRule(text: string): LogEvent | null {
	if (!NO_RULE.test(text)) return null;
	const quoted = [...text.matchAll(/'([^']{1,400}?) ?'/g)].map(([, name = ""]) => name.trim());
	const [first, second] = quoted;
	if (first === undefined) return null;
	const level = Number(/make\[(\d{1,3})\]/.exec(text)?.[1] ?? 0);
	// Japanese and Korean name the one that needs it first.
	const reversed = second !== undefined && /に必要な|에서 필요한/.test(text);
	const target = reversed ? second : first;
	return { kind: "no-rule", target, neededBy: (reversed ? first : second) ?? null, level };
}

/** A source that only a whole tree has: the same as a missing rule for it. */
function noSource(text: string): LogEvent | null {
	const kconfig = /can't (?:find|open) file '?([^\s':]{0,200}Kconfig[^\s':]{0,60})/.exec(text)?.[1];
	const script = /(?:[Cc]an't|[Cc]annot) open '?\S{0,300}?(scripts\/[\w./-]{1,100})/.exec(text)?.[1];
	if (script !== undefined) return { kind: "no-rule", target: script, neededBy: null, level: 0 };
	const source =
		kconfig ??
		/(?:error: |(?:^|\s))((?:arch|scripts|tools|kernel|init|usr)\/[\w./-]{1,150}\.[chSl]): (?!\d)/.exec(
			text,
		)?.[1];
	if (source === undefined || (kconfig === undefined && !saysNoSuchFile(text))) return null;
	return { kind: "no-rule", target: source, neededBy: null, level: 0 };
}

function noPath(text: string): LogEvent | null {
	const made = /\*\*\* '?(\/[^\s':]{1,400}?)'? ?: ?(.{1,200})$/.exec(text);
	if (
		made?.[1] !== undefined &&
		(/\/modules\/[^/]{1,100}\/(?:build|source)$/.test(made[1]) || saysNoSuchFile(made[2] ?? ""))
	)
		return { kind: "no-path", path: made[1], how: "make" };
	const included = /[Mm]akefile\S{0,200}:\d{1,6}: ?(?:\*\*\* )?([^\s:]{1,400}): ?(.{1,200})$/.exec(text);
	if (included?.[1] !== undefined && saysNoSuchFile(included[2] ?? ""))
		return { kind: "no-path", path: included[1], how: "include" };
	const cd = /\bcd: (?:line \d+: )?(?:can't cd to )?'?(\/[^\s':]{1,400})'?/.exec(text);
	return cd?.[1] === undefined ? null : { kind: "no-path", path: cd[1], how: "cd" };
}

function noHeader(text: string): LogEvent | null {
	const found =
		/(?:^|\s)([^\s:]{1,300}):\d{1,7}:(?:\d{1,5}:)? (?:[^:]{1,60}: )?'?([\w./+-]{1,200}\.h)'? ?(?:: | file not found)(.{0,200})$/.exec(
			text,
		);
	if (found === null) return null;
	const [, source = null, header = "", words = ""] = found;
	if (text.includes("file not found") || saysNoSuchFile(words)) return { kind: "no-header", header, source };
	return null;
}

const HOST_TOOL =
	/(?:^|[\s'/])((?:\S{0,200}\/)?(?:scripts|tools)\/[\w.+/-]{1,150}|(?:\.\/)?(?:fixdep|modpost|genksyms|recordmcount|objtool|kallsyms|mk_elfconfig|sorttable|resolve_btfids)(?![\w.]))/;

function noExec(text: string): LogEvent | null {
	const tree = HOST_TOOL.exec(text)?.[1]?.replace(/:$/, "");
	// A script is of no machine; what it could not start is another program.
	if (tree === undefined || /\.(?:sh|pl|py|awk)$/.test(tree)) return null;
	if (
		!/cannot execute|can't execute|[Ss]yntax error|not executable|(?:wrong|bad) (?:exec|executable) format|rong architecture/.test(
			text,
		) &&
		(errnoIn(text) !== "ENOEXEC" || LOADERS.test(text))
	)
		return null;
	return { kind: "no-exec", program: tree.replace(/^\.\//, "").replace(/:$/, "") };
}

function noProgram(text: string): LogEvent | null {
	const shell =
		/(?:^|\s)\S{0,100}(?:\b(?:ba|da|a|k|z)?sh|make(?:\[\d{1,3}\])?|env|sudo|doas|nohup|xargs|gcc|Makefile\S{0,100}|[\w-]{1,40}\.sh) ?: (?:[^\s\d:]{1,12} )?(?:\d{1,6} ?: )?'?([^\s:']{1,300})'? ?: (.{1,100})$/.exec(
			text,
		) ??
		/^(?:\d{1,4}: )?(?:line \d{1,4}: )?([\w.+/-]{1,200}) ?: ((?:command )?not found|.{1,60})$/.exec(text);
	if (shell === null) return null;
	const [, program = "", words = ""] = shell;
	if (/\.(?:ko|c|h|o|mk)$|(?:^|\/)(?:Makefile|Kbuild)\S{0,60}$/.test(program)) return null;
	if (program === "***" || /^\d+$/.test(program)) return null;
	// "ld: cannot open X: No such file" is about X.
	if (/['：:]/.test(words) || !(NOT_FOUND_WHOLE.test(words) || saysNoSuchFile(words))) return null;
	return { kind: "no-program", program: program.replace(/^\.\//, "") };
}

/** gcc's and clang's words; gcc's are translated, the quoted option is not. */
function option(text: string): LogEvent | null {
	const compiler =
		/(?:^|[\s/])((?:[\w.-]{1,60}-)?(?:gcc|g\+\+|clang|cc1|cc1plus|cc|ld\.lld|ld)(?:-\d[\d.]*)?): /.exec(
			text,
		)?.[1] ?? null;
	if (/note: valid arguments/.test(text)) return null;
	const sub =
		/un(?:recognized|known|supported) argument (?:to|in) (?:option )?'(-[^']{1,120}?)'? option: '([^']{1,120})'/.exec(
			text,
		);
	if (sub !== null) return { kind: "option", option: sub[2] ?? "", compiler };
	const found =
		/(?:unrecogni[sz]ed|unknown|unsupported|invalid|not (?:a )?valid|bad value|not supported)[^']{0,60}'(-?[^']{1,160})'/i.exec(
			text,
		) ??
		/(?:unrecognized|unknown) (?:command[- ]line )?option "?(-[^\s"']{1,160})/i.exec(text) ??
		/option '(-[^']{1,160})' (?:not supported|is not supported|requires)/.exec(text);
	if (found?.[1] !== undefined && (compiler !== null || found[1].startsWith("-")))
		return { kind: "option", option: found[1], compiler };
	// Translated: "gcc: Fehler: nicht erkannte Kommandozeilenoption »-mfoo«".
	const foreign =
		compiler === null || /error:|warning:/.test(text) ? null : /'(-[fmWO][^']{1,160})'/.exec(text);
	return foreign?.[1] === undefined ? null : { kind: "option", option: foreign[1], compiler };
}
