import { quoted } from "../../shell-word.ts";

/** What modules once imported and the kernel keeps to itself now: since when, and what stands in its place. From the commits that took the EXPORT_SYMBOL away. */
const WITHDRAWN: readonly (readonly [name: RegExp, since: string, instead: string])[] = [
	[
		/^kallsyms_(?:lookup_name|on_each_symbol)$/,
		"since 5.7 (kernel/kallsyms.c)",
		"use the exported interface that was looked up, or a newer version of the driver",
	],
	[/^sys_call_table$/, "since 2.6", "use ftrace, kprobes or an LSM hook"],
	[
		/^(?:__(?:x64|ia32|arm64|se|do)_)?k?sys_(?:open(?:at)?|read|write|close|lseek|unlink|mkdir|rmdir|rename|ioctl|fork|kill|execve|getdents(?:64)?|chmod|chown|socket|bind|listen|connect|mmap|munmap|dup2?|chdir|access)$/,
		"in no kernel of today (system calls are no interface of modules)",
		"use filp_open, kernel_read, kernel_write, kernel_connect and their like",
	],
	[/^vfs_(?:read|write)$/, "since 4.14 (fs/read_write.c)", "use kernel_read and kernel_write"],
	[
		/^__kernel_fpu_(?:begin|end)$/,
		"since 5.0 (arch/x86/kernel/fpu/core.c)",
		"use kernel_fpu_begin, which is for GPL modules",
	],
	[/^do_exit$/, "since 5.17 (kernel/exit.c)", "use kthread_complete_and_exit, or return from the thread"],
	[/^strlcpy$/, "since 6.8 (lib/string.c)", "use strscpy"],
];

/** A sentence on the symbols that no present kernel exports; null when none is among them. */
export function withdrawnAdvice(symbols: readonly string[] = []): string | null {
	const found = symbols.flatMap((symbol) => {
		const [, since, instead] = WITHDRAWN.find(([name]) => name.test(symbol)) ?? [];
		return since === undefined ? [] : [`${symbol} is not exported ${since}: ${instead}.`];
	});
	return found.length === 0 ? null : found.slice(0, 3).join(" ");
}

/** The symbols as one pattern of grep -wE, quoted for a shell; the first few when they are many. */
export function anyOf(symbols: readonly string[]): string {
	const [first = "SYMBOL"] = symbols;
	const plain = symbols.filter((symbol) => /^\w+$/.test(symbol)).slice(0, 8);
	return plain.length > 1
		? `-wE ${quoted(plain.join("|"))}`
		: `-w ${quoted(first.startsWith("-") ? "SYMBOL" : first)}`;
}
