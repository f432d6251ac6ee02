import { open } from "node:fs/promises";
import { CHARACTER_DEVICE, type CpioEntry, FILE, FOLDER, newc } from "../../formats/archive/cpio.ts";

export interface BootModule {
	/** Told back in the report; need not be the module's own name, and several may have the same. */
	name: string;
	/** The .ko as finit_module shall get it: modprobe decompresses first, and so must the caller. */
	bytes: Uint8Array;
	/** Stays loaded for the modules after it, as what they depend on must; otherwise it is unloaded again at once. */
	keep?: boolean;
	/** Module parameters as on insmod's command line. */
	parameters?: string;
	/** The name that the kernel will list it under, as far as it is known: what to unload. */
	listed?: string;
}

/** What is loaded when the kernel asks for a module by that name: one word, an alias such as "crypto-crc32c". */
export interface RequestedModules {
	name: string;
	/** In the order of loading. */
	modules: BootModule[];
}

/**
 * Writes a newc archive with templates/init.c's program, its list of modules and the modules themselves; `word` begins
 * each line that the program will print, `show` are files whose first line it shall print,
 * `requests` what the kernel may ask for. Gives back its size in bytes.
 */
export async function writeInitramfs(
	path: string,
	init: Uint8Array,
	modules: BootModule[],
	show: string[],
	word: string,
	requests: RequestedModules[] = [],
): Promise<number> {
	const list = modules.map(
		(it, index) =>
			`${it.keep ? "k" : "l"} ${fileOf(index)} ${it.listed || "-"}${it.parameters ? ` ${it.parameters}` : ""}\n`,
	);
	const requested = [...new Set(requests.flatMap((it) => it.modules))];
	const files = new Map(requested.map((module, index) => [module, requestedFile(index)]));
	const asked = requests.map((it) => `${[it.name, ...it.modules.map((one) => files.get(one))].join(" ")}\n`);
	const entries: CpioEntry[] = [
		{ name: "dev", mode: FOLDER | 0o755 },
		{ name: "dev/console", mode: CHARACTER_DEVICE | 0o600, device: { major: 5, minor: 1 } },
		{ name: "dev/kmsg", mode: CHARACTER_DEVICE | 0o600, device: { major: 1, minor: 11 } },
		{ name: "init", mode: FILE | 0o755, content: init },
		{ name: "kprep", mode: FOLDER | 0o755 },
		{ name: "kprep/list", mode: FILE | 0o644, content: text(`${word}\n${list.join("")}`) },
		{ name: "kprep/show", mode: FILE | 0o644, content: text(show.map((it) => `${it}\n`).join("")) },
		{ name: "kprep/requests", mode: FILE | 0o644, content: text(asked.join("")) },
		...requested.map((it) => ({
			...{ name: (files.get(it) as string).slice(1), mode: FILE | 0o644, content: it.bytes },
		})),
		...modules.map((it, index) => ({
			...{ name: fileOf(index).slice(1), mode: FILE | 0o644, content: it.bytes },
		})),
	];
	const file = await open(path, "w");
	let size = 0;
	try {
		for (const part of newc(entries)) {
			await file.writeFile(part);
			size += part.length;
		}
	} finally {
		await file.close();
	}
	return size;
}

/** Under which name the module at that place of the list lies in the archive: what the init prints of it. */
export function fileOf(index: number): string {
	return `/kprep/${index}.ko`;
}

/** Where the module lies that is the index-th of those that requests lead to. */
export function requestedFile(index: number): string {
	return `/kprep/r${index}.ko`;
}

function text(content: string): Uint8Array {
	return new TextEncoder().encode(content);
}
