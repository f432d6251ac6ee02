import { wordsOf } from "../../errno/errno-text.ts";
import type { LogEvent } from "./events.ts";

/** "error" as gcc's translations write it (gcc 15), and clang, which has none. */
const ERROR =
	"(?:fatal )?error|(?:schwerwiegender )?Fehler|erreur(?: fatale)?|error(?: fatal)?|errore(?: irreversibile)?|erro(?: fatal)?|(?:фатальная )?ошибка|(?:致命)?错误|(?:嚴重)?錯誤|(?:致命的)?エラー|błąd(?: krytyczny)?|fout|fatale fout|(?:ödesdigert )?fel|fejl|virhe|hata|помилка|chyba|오류";

const AT = new RegExp(
	`(?:^|[\\s'(])([^\\s:'"()]{1,300}\\.(?:c|h|cc|cpp|S|inc|rs)):(\\d{1,7}):(?:\\d{1,5}:)? ?(${ERROR}) ?: ?(.{1,600})$`,
	"i",
);

/** gcc names the line that it was at when the disk refused what it writes: the source is not at fault (gcc/c-family/c-opts.cc). */
const REFUSED = new RegExp(
	`: (?:${["EROFS", "ENOSPC", "EDQUOT", "EACCES", "EIO"]
		.flatMap((errno) => wordsOf(errno))
		.map((words) => words.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&"))
		.join("|")})$`,
	"i",
);

/** A compiler stopped at a place in a source: gcc's and clang's `file:line:column: error: words`; null for other lines and for configure's probes. */
export function compileError(text: string): LogEvent | null {
	const found = AT.exec(text);
	if (found === null) return null;
	const [, file = "", , , words = ""] = found;
	if (/(?:^|\/)conftest\d*\.c$|^note:/.test(file)) return null;
	if (REFUSED.test(words.trimEnd())) return null;
	const option = /\[-W(?:error[=,](?:-W)?)?([\w+-]{2,60})=?\]\s*$/.exec(words)?.[1] ?? null;
	return { kind: "compile-error", file, words, option, asError: /\[-Werror[=,\]]/.test(words) };
}

/** True for a source of the kernel tree itself rather than of a module: absolute below a tree, or at a place that every tree has. */
export function isOfTree(file: string): boolean {
	return (
		/^\/\S{0,200}\/(?:linux-headers-[^/]+|linux-kbuild-[^/]+|kernels\/[^/]+|modules\/[^/]+\/(?:build|source)|linux-\d[^/]*|kernel-source|linux)\/(?:include|arch|scripts|tools|kernel|init|mm|rust)\//.test(
			file,
		) ||
		/^(?:\.{1,2}\/){0,4}(?:include\/(?:linux|net|uapi|asm-generic|drm|sound|media|scsi|crypto|trace|acpi|generated)|arch\/\w+|kernel|init|mm|tools|scripts|certs|usr|rust)\//.test(
			file,
		)
	);
}
