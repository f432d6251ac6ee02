import type { Machine } from "../entry.ts";
import { optionsOf } from "../options.ts";
import {
	aboutAnother,
	configured,
	exportOf,
	exportsOf,
	NOT_CHECKABLE,
	observed,
	type Probe,
	sysName,
} from "./probe.ts";

/** The options that put a word into the version magic (include/linux/vermagic.h). */
const WORDS: Readonly<Record<string, readonly string[]>> = {
	SMP: ["SMP"],
	preempt: ["PREEMPT_BUILD", "PREEMPT"],
	preempt_rt: ["PREEMPT_RT"],
	mod_unload: ["MODULE_UNLOAD"],
	modversions: ["MODVERSIONS"],
	thumb2: ["THUMB2_KERNEL"],
	p2v8: ["ARM_PATCH_PHYS_VIRT"],
};

/** Whether the running kernel has the options that the kernel of the log has. */
export const flagsOfKernel: Probe = (details, machine) => {
	const words = (details.flags_missing ?? []).filter((word) => WORDS[word] !== undefined);
	const [word] = words;
	if (word === undefined) return NOT_CHECKABLE;
	return configured(WORDS[word] as readonly string[], (value) => value === "y")(details, machine);
};

/** A seed that fits can only be the kernel's own. */
export const randomised: Probe = (details, machine) => {
	if (aboutAnother(details, machine)) return NOT_CHECKABLE;
	const seed = ["scripts/basic/randstruct.seed", "scripts/gcc-plugins/randomize_layout_seed.h"]
		.map((path) => `/lib/modules/${machine.release}/build/${path}`)
		.find((path) => machine.exists(path));
	const used = ["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"].some((symbol) => machine.config(symbol) === "y");
	if (!used) return observed(seed === undefined ? "the headers here ship no seed" : `${seed} is there`);
	return {
		verdict: "confirmed",
		evidence: [
			`${machine.kernel} randomises structures`,
			seed === undefined ? "its headers ship no seed: nothing can be built for it" : `its seed is in ${seed}`,
		],
	};
};

/** Bits of /proc/sys/kernel/tainted (Documentation/admin-guide/tainted-kernels.rst). */
const FORCED_MODULE = 1 << 1;

export const forcedTaint: Probe = (_, machine) => {
	const tainted = machine.text("/proc/sys/kernel/tainted");
	if (tainted === null) return NOT_CHECKABLE;
	const forced = (Number(tainted) & FORCED_MODULE) !== 0;
	return {
		verdict: forced ? "confirmed" : "contradicted",
		evidence: [
			`/proc/sys/kernel/tainted is ${tainted}: a module was ${forced ? "" : "not "}forced in since boot`,
		],
	};
};

/** struct module grows with the BTF of modules, which olddefconfig drops where pahole is missing. */
export const droppedBtf: Probe = (details, machine) => {
	if (aboutAnother(details, machine)) return NOT_CHECKABLE;
	const value = machine.config("DEBUG_INFO_BTF_MODULES");
	if (value === null) return NOT_CHECKABLE;
	const pahole = machine.program("pahole");
	return observed(
		`CONFIG_DEBUG_INFO_BTF_MODULES of ${machine.kernel} is ${value}`,
		value !== "y"
			? null
			: pahole === null
				? "pahole is not on PATH here: a tree that was configured here lacks the option"
				: `pahole is here: ${pahole}`,
	);
};

export const livepatched: Probe = (_, machine) => {
	if (!machine.exists("/sys/kernel/livepatch"))
		return {
			verdict: "contradicted",
			evidence: ["/sys/kernel/livepatch is not there: this kernel has no live patches"],
		};
	const patches = machine.list("/sys/kernel/livepatch");
	return {
		verdict: patches.length > 0 ? "confirmed" : "contradicted",
		evidence: [`/sys/kernel/livepatch holds ${patches.join(" ") || "nothing"}`],
	};
};

/** Routines of libgcc are asked for where the machine has no instruction for them. */
export const narrowMachine: Probe = ({ symbol }, machine) => {
	const division = symbol?.some((name) => /div|mod/.test(name)) ?? false;
	const narrow = /^(?:i[3-6]86|arm(?!64)\w{0,5}|mips(?!64)\w{0,4}|ppc|riscv32)$/.test(machine.hardware);
	return division
		? { verdict: narrow ? "confirmed" : "not-checkable", evidence: [`uname -m is ${machine.hardware}`] }
		: observed(protector(machine));
};

function protector(machine: Machine): string | null {
	const value = machine.config("STACKPROTECTOR_PER_TASK") ?? machine.config("STACKPROTECTOR");
	return value === null ? null : `${machine.kernel}'s stack protector setting is ${value}`;
}

/** What the running kernel's own list says of a symbol: its licence kind. */
export const gplOnly: Probe = ({ symbol }, machine) => {
	const row = symbol?.[0] === undefined ? undefined : exportOf(symbol[0], machine);
	if (row === undefined) return NOT_CHECKABLE;
	const kind = row?.find((column) => column.startsWith("EXPORT_SYMBOL"));
	return {
		verdict: kind?.includes("GPL") ? "confirmed" : "contradicted",
		evidence: [`Module.symvers of ${machine.release} has ${symbol?.[0]} as ${kind ?? "nothing"}`],
	};
};

/** 5.4 and 5.5 have the namespace in the third column, later ones in the last. */
export const namespaced: Probe = ({ symbol, namespace }, machine) => {
	const row = symbol?.[0] === undefined ? undefined : exportOf(symbol[0], machine);
	if (row === undefined || namespace?.[0] === undefined) return NOT_CHECKABLE;
	const there = row?.includes(namespace[0]) ?? false;
	return {
		verdict: there ? "confirmed" : "contradicted",
		evidence: [
			`Module.symvers of ${machine.release} ${there ? "has" : "does not have"} ${symbol?.[0]} in ${namespace[0]}`,
		],
	};
};

const MOST_SYMBOLS = 40;

/** Which of the symbols the running kernel's headers list: those are a matter of loading or of the tree that was used. */
export const unexported: Probe = (details, machine) => {
	const symbols = (details.symbol ?? []).slice(0, MOST_SYMBOLS);
	if (symbols.length === 0 || aboutAnother(details, machine)) return NOT_CHECKABLE;
	const rows = exportsOf(symbols, machine);
	const off = symbols.flatMap((symbol) => switchedOff(symbol, machine));
	if (rows === undefined) return off.length === 0 ? NOT_CHECKABLE : { verdict: "confirmed", evidence: off };
	const absent = symbols.filter((_, at) => rows[at] === null);
	const present = symbols.flatMap((symbol, at) => {
		const row = rows[at];
		return row ? [`${symbol} is exported by ${row[2]} in ${machine.release}`] : [];
	});
	if (absent.length === 0) return observed(...present);
	return {
		verdict: "confirmed",
		evidence: [`Module.symvers of ${machine.release} does not have ${absent.join(", ")}`, ...off, ...present],
	};
};

/** The option that brings a symbol, where the kernel has it off. */
function switchedOff(symbol: string, machine: Machine): string[] {
	return optionsOf(symbol)
		.filter((option) => machine.config(option) === "n")
		.map((option) => `CONFIG_${option}, which brings ${symbol}, is off in ${machine.kernel}`);
}

/** Who exports a symbol already. */
export const exported: Probe = ({ symbol }, machine) => {
	const row = symbol?.[0] === undefined ? undefined : exportOf(symbol[0], machine);
	if (row === undefined) return NOT_CHECKABLE;
	return row === null
		? observed(`Module.symvers of ${machine.release} does not have ${symbol?.[0]}`)
		: { verdict: "confirmed", evidence: [`${symbol?.[0]} is exported by ${row[2]} in ${machine.release}`] };
};

export const enforcing: Probe = (_, machine) => {
	const enforce = machine.text("/sys/fs/selinux/enforce");
	const modules = machine.text("/sys/kernel/security/lsm");
	if (enforce === null && modules === null) return NOT_CHECKABLE;
	const others = /selinux|apparmor|loadpin|smack|tomoyo/.test(modules ?? "");
	return {
		verdict: enforce === "1" ? "confirmed" : enforce === "0" || !others ? "contradicted" : "not-checkable",
		evidence: [
			...(enforce === null ? [] : [`SELinux is ${enforce === "1" ? "enforcing" : "permissive"}`]),
			...(modules === null ? [] : [`security modules: ${modules}`]),
		],
	};
};

export const decompresses: Probe = (_, machine) => {
	const kind = machine.text("/sys/module/compression");
	const value = machine.config("MODULE_DECOMPRESS");
	if (kind === null && value === null) return NOT_CHECKABLE;
	return {
		verdict: kind !== null || value === "y" ? "confirmed" : "contradicted",
		evidence: [
			...(kind === null ? [] : [`this kernel decompresses ${kind} itself`]),
			...(value === null ? [] : [`CONFIG_MODULE_DECOMPRESS is ${value}`]),
		],
	};
};

export const vmallocTotal: Probe = (_, machine) => {
	const meminfo = machine.text("/proc/meminfo");
	const total = /VmallocTotal:\s+(\d+) kB/.exec(meminfo ?? "")?.[1];
	if (total === undefined) return NOT_CHECKABLE;
	const small = Number(total) < 4 * 1024 * 1024;
	return {
		verdict: small ? "confirmed" : "not-checkable",
		evidence: [`the vmalloc range here is ${Math.round(Number(total) / 1024)} MiB`],
	};
};

/** A module that is in now did start. */
export const startedSince: Probe = (details, machine) => {
	const name = sysName(details);
	if (name === null) return NOT_CHECKABLE;
	const there = machine.exists(`/sys/module/${name}`);
	return there
		? { verdict: "contradicted", evidence: [`/sys/module/${name} is there: it is loaded now`] }
		: { verdict: "not-checkable", evidence: [`/sys/module/${name} is not there`] };
};

export const isLoaded: Probe = (details, machine) => {
	const name = sysName(details);
	if (name === null || !machine.exists("/proc/modules")) return NOT_CHECKABLE;
	return machine.exists(`/sys/module/${name}`)
		? { verdict: "confirmed", evidence: [`/sys/module/${name} is there: it is loaded`] }
		: observed(`/sys/module/${name} is not there now`);
};

export const hasParameter: Probe = (details, machine) => {
	const name = sysName(details);
	const parameter = details.parameter?.[0];
	if (name === null || parameter === undefined || !machine.exists(`/sys/module/${name}`))
		return NOT_CHECKABLE;
	const there = machine.exists(`/sys/module/${name}/parameters/${parameter}`);
	return {
		verdict: there ? "contradicted" : "not-checkable",
		evidence: [
			`/sys/module/${name}/parameters/${parameter} is ${there ? "there" : "not there (it may be hidden)"}`,
		],
	};
};

export const spectre: Probe = (_, machine) => {
	const state = machine.text("/sys/devices/system/cpu/vulnerabilities/spectre_v2");
	if (state === null) return NOT_CHECKABLE;
	return {
		verdict: /retpoline/i.test(state) ? "confirmed" : "not-checkable",
		evidence: [`spectre_v2: ${state}`],
	};
};
