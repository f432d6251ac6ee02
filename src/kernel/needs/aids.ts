import { type Config, isOn } from "../config/config.ts";

/** What helps to develop a module and is a matter of the kernel's configuration, so that no rebuilt tree can add it. */
const AIDS: readonly [symbol: string, what: string][] = [
	["MODULE_UNLOAD", "modules can be unloaded"],
	["MODULE_FORCE_UNLOAD", "rmmod -f, for a module whose exit hangs or is missing"],
	["DEBUG_INFO", "stack traces with files and lines, gdb, BTF"],
	["DEBUG_INFO_BTF", "bpftrace and other BPF tools with types"],
	["KALLSYMS_ALL", "names of variables in oopses and for the debugger"],
	["DYNAMIC_DEBUG", "pr_debug() switched on line by line"],
	["FTRACE", "function tracing"],
	["KPROBES", "probes on any function"],
	["DEBUG_FS", "/sys/kernel/debug"],
	["MAGIC_SYSRQ", "a way out of a hung machine"],
];

/** Development aids that the kernel with this config lacks, the most wanted first. */
export function missingAids(config: Config): { symbol: string; what: string }[] {
	return AIDS.filter(([symbol]) => !isOn(config, symbol)).map(([symbol, what]) => ({ symbol, what }));
}
