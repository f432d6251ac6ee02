/**
 * Why `name` cannot be the name of a module (and of its source file, its device and its C functions); null when it
 * can. MODULE_NAME_LEN is 64 - sizeof(unsigned long), the final NUL included (include/linux/moduleparam.h).
 */
export function moduleNameProblem(name: string): string | null {
	if (name === "") return "it is empty";
	if (!/^[A-Za-z]/.test(name)) return "it does not begin with a letter";
	if (!/^[A-Za-z0-9_-]+$/.test(name)) return "only letters, digits, '_' and '-' are possible";
	if (/[-_]$/.test(name)) return "it ends in '-' or '_'";
	if (name.length > LONGEST) return `it is longer than ${LONGEST} characters`;
	if (TAKEN.has(identifier(name).toLowerCase()))
		return "the kernel's own headers use names that begin with it";
	return null;
}

/** The name as the kernel lists a loaded module and as C identifiers begin: every '-' is '_'. */
export function identifier(name: string): string {
	return name.replaceAll("-", "_");
}

const LONGEST = 64 - 8 - 1;

/** `module_init`, `platform_probe`, `proc_open`...: X_init, X_exit and the like are macros or functions there. */
const TAKEN = new Set(
	"module kernel platform proc misc param driver device init exit linux current asm char int long do if".split(
		" ",
	),
);
