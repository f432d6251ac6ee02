import { on } from "../era.ts";
import { type Decision, findSection } from "../loading.ts";
import { refuse, undecided } from "../verdict.ts";

/** PERCPU_MODULE_RESERVE (include/linux/percpu.h; the second with MEM_ALLOC_PROFILING, 6.10), in bytes. */
const [RESERVE, WITH_PROFILING] = [8 << 10, 8 << 13];
/** Architectures that keep a reserve (arch/x86/kernel/setup_percpu.c with 64 bits; drivers/base/arch_numa.c, mm/percpu.c). */
const RESERVES: ReadonlySet<string> = new Set(["x86", "arm64"]);

/** A module's per-CPU variables have to fit into what is kept for all modules together. */
export const perCpu: Decision = {
	id: "per-cpu",
	follows: "kernel/module/main.c: percpu_modalloc() (kernel/module.c before 5.19)",
	decide(loading) {
		const { kernel, name } = loading;
		const size = findSection(loading, ".data..percpu")?.size ?? 0;
		const profiling = on(kernel, "MEM_ALLOC_PROFILING");
		const room = profiling === true ? WITH_PROFILING : RESERVE;
		if (size <= room || kernel.bits !== 64) return null;
		const expected = `at most ${room} bytes of per-CPU variables`;
		const smp = kernel.vermagic === null ? on(kernel, "SMP") : / SMP /.test(kernel.vermagic);
		const sure = smp === true && profiling !== null && RESERVES.has(kernel.arch ?? "");
		if (smp === false) return null;
		if (!sure) return undecided("per-cpu", expected, `${size}`);
		const line = `${name}: Could not allocate ${size} bytes percpu data`;
		return refuse("ENOMEM", line, "per-cpu", expected, `${size}`);
	},
};
