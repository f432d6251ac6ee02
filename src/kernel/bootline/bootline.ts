/** One parameter of a kernel's command line; `value` is null for a bare word. */
export interface BootParameter {
	name: string;
	value: string | null;
}

/**
 * The parameters of a command line, as next_arg() of lib/cmdline.c takes it apart: double quotes keep spaces together,
 * what follows "--" is for init.
 */
export function bootParameters(line: string): BootParameter[] {
	const words: string[] = line.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
	const end = words.indexOf("--");
	return words.slice(0, end < 0 ? undefined : end).map((word) => {
		const text = word.replaceAll('"', "");
		const at = text.indexOf("=");
		return at < 0 ? { name: text, value: null } : { name: text.slice(0, at), value: text.slice(at + 1) };
	});
}

/** Where a boot loader keeps command lines. */
export type BootFileKind = "grub" | "entry" | "extlinux" | "plain";

/**
 * The command lines with which a boot loader's file starts the kernel of that release, in the order of the file; a
 * `plain` file holds one that is for every kernel. GRUB's grub.cfg, entries of the Boot Loader Specification,
 * extlinux.conf, and files such as cmdline.txt. Lines for rescue are left out.
 */
export function commandLinesFor(kind: BootFileKind, text: string, release: string): string[] {
	const found = kind === "plain" ? [text.trim()] : READERS[kind](text.split("\n"), release);
	return found.filter((line) => !bootParameters(line).some(({ name }) => RESCUE.has(name)));
}

const RESCUE = new Set(["single", "1", "recovery", "rescue", "emergency", "systemd.unit"]);

const READERS = {
	grub: (lines: string[], release: string) =>
		lines.flatMap((line) => {
			const [, path = "", options = ""] = /^\s*linux(?:16|efi)?\s+(\S+)\s*(.*)$/.exec(line) ?? [];
			return isOf(path, release) ? [options] : [];
		}),
	entry: (lines: string[], release: string) => {
		const values = (key: string) =>
			lines.flatMap((line) => {
				const [, word, value = ""] = /^\s*(\S+)\s+(.*)$/.exec(line) ?? [];
				return word === key ? [value.trim()] : [];
			});
		const named = [...values("linux"), ...values("efi")].some((path) => isOf(path, release));
		return named || values("version").includes(release) ? [values("options").join(" ")] : [];
	},
	extlinux: (lines: string[], release: string) => {
		const found: string[] = [];
		let mine = false;
		for (const line of lines) {
			const [, key = "", value = ""] = /^\s*(\w+)\s*(.*)$/.exec(line) ?? [];
			const word = key.toLowerCase();
			if (word === "label") mine = false;
			if (word === "kernel" || word === "linux") mine = isOf(value, release);
			if (word === "append" && mine) found.push(value);
		}
		return found;
	},
} satisfies Record<string, (lines: string[], release: string) => string[]>;

/** vmlinuz-R, /R/linux, vmlinuz-R-CHECKSUM; not a release that only begins alike. */
function isOf(path: string, release: string): boolean {
	const at = path.indexOf(release);
	if (at < 0) return false;
	return /^(?:$|[\s/]|\.(?:efi|signed|gz)\b|-[0-9a-f]{16,})/.test(path.slice(at + release.length));
}
