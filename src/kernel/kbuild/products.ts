const NAMES =
	/(?:^|\/)(?:\.[^/]*\.(?:cmd|d)|[^/]+\.(?:o|a|ko|mod|mod\.c|order|so|so\.dbg|lex\.c|tab\.[ch]|symtypes|symversions)|\.config(?:\.old|\.cmd)?|\.version|\.kernelrelease|\.tmp[^/]*|\.checked-[^/]*|modules\.[^/]*|Module\.symvers|vmlinux[^/]*|System\.map)$/;

const FOLDERS = /(?:^|\/)include\/(?:config|generated)(?:\/|$)|^\.tmp_versions(?:\/|$)/;

/** Headers among the sources until 2.6.32, and parsers that were copied from `_shipped` files until 4.15. */
const OLD =
	/^include\/linux\/(?:version|autoconf|utsrelease|compile)\.h$|^include\/asm-[^/]+\/(?:(?:asm[-_]offsets|constants|offsets?|nr-irqs|mach-?types)\.h|\.?(?:arch|mach|cpu|proc|unit))$|^scripts\/mod\/elfconfig\.h$|^scripts\/(?:kconfig|genksyms)\/(?:lex\.[^/]+\.c|lex\.c|parse\.[ch]|keywords\.c)$/;

/**
 * Whether a path relative to objtree is a thing that kbuild makes, told by its name and place alone (scripts/Makefile.build,
 * Makefile's CLEAN_FILES and MRPROPER_FILES, all eras). `siblings` are the names in its folder: a target built by
 * `if_changed` has a `.NAME.cmd` beside it.
 */
export function isProduct(path: string, siblings: ReadonlySet<string> = new Set()): boolean {
	const name = path.slice(path.lastIndexOf("/") + 1);
	return NAMES.test(path) || FOLDERS.test(path) || OLD.test(path) || siblings.has(`.${name}.cmd`);
}

const REWRITTEN =
	/^(?:[^/]+$|include\/(?:config|generated)\/|include\/asm$|include\/asm-[^/]+\/(?:(?:asm[-_]offsets|constants|offsets?|nr-irqs|mach-?types)\.h|\.?(?:arch|mach|cpu|proc|unit))$|include\/linux\/(?:version|autoconf|utsrelease|compile)\.h$|arch\/[^/]+\/include\/(?:generated|asm)\/|arch\/[^/]+\/(?:tools|kernel|entry|boot|lib)\/|kernel\/|scripts\/|tools\/|certs\/|usr\/|security\/selinux\/|rust\/|\.tmp_versions\/)/;

/**
 * Whether making a tree ready (config to modules_prepare) may rewrite what is at this path. Together with `isProduct`,
 * or for an executable program, it says which files of an earlier preparation must be saved first.
 */
export function mayBeRewritten(path: string): boolean {
	return REWRITTEN.test(path);
}
