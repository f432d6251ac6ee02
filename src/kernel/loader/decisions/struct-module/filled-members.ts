import { modinfoValue } from "../../../../formats/module/modinfo.ts";
import { findSection, type Loading } from "../../loading.ts";

/** Whether a place in struct module holds something other than zero when relocations are applied. */
export type Filled = "yes" | "no" | "maybe";

/** Members that are filled, each 8 bytes of them, for every module: lists that point to themselves, a count, the state. */
const ALWAYS = new Set(["list", "source_list", "target_list", "refcnt"]);

/** Members that are pointers or counts of a section: filled when the module has it. */
const BY_SECTION: Record<string, string> = {
	kp: "__param",
	num_kp: "__param",
	syms: "__ksymtab",
	crcs: "__kcrctab",
	num_syms: "__ksymtab",
	gpl_syms: "__ksymtab_gpl",
	gpl_crcs: "__kcrctab_gpl",
	num_gpl_syms: "__ksymtab_gpl",
	flagstab: "__kflagstab",
	extable: "__ex_table",
	num_exentries: "__ex_table",
	percpu: ".data..percpu",
	percpu_size: ".data..percpu",
	num_tracepoints: "__tracepoints_ptrs",
	tracepoints_ptrs: "__tracepoints_ptrs",
	num_srcu_structs: "___srcu_struct_ptrs",
	srcu_struct_ptrs: "___srcu_struct_ptrs",
	num_bpf_raw_events: "__bpf_raw_tp_map",
	bpf_raw_events: "__bpf_raw_tp_map",
	jump_entries: "__jump_table",
	num_jump_entries: "__jump_table",
	trace_events: "_ftrace_events",
	num_trace_events: "_ftrace_events",
	trace_evals: "_ftrace_eval_map",
	num_trace_evals: "_ftrace_eval_map",
	num_trace_bprintk_fmt: "__trace_printk_fmt",
	trace_bprintk_fmt_start: "__trace_printk_fmt",
	static_call_sites: ".static_call_sites",
	num_static_call_sites: ".static_call_sites",
	ei_funcs: "_error_injection_whitelist",
	num_ei_funcs: "_error_injection_whitelist",
	kprobes_text_start: ".kprobes.text",
	kprobes_text_size: ".kprobes.text",
	noinstr_text_start: ".noinstr.text",
	noinstr_text_size: ".noinstr.text",
	printk_index_start: ".printk_index",
	printk_index_size: ".printk_index",
	ctors: ".init_array",
	num_ctors: ".init_array",
};

/** Members that stay zero until after relocations (post_relocation(), mod_sysfs_setup(), do_init_module()). */
const LATER = new Set([
	"init",
	"exit",
	"args",
	"mkobj",
	"modinfo_attrs",
	"holders_dir",
	"sect_attrs",
	"notes_attrs",
	"kallsyms",
	"core_kallsyms",
	"num_bugs",
	"bug_list",
	"bug_table",
	"klp",
	"klp_alive",
	"klp_info",
	"async_probe_requested",
]);

const BY_TAG = new Set(["version", "srcversion"]);

/**
 * Looks at the part of `member` that overlaps `size` bytes at `offset` of struct module, as load_module() has left it
 * when apply_relocations() begins (kernel/module.c 5.10, kernel/module/main.c 6.1 to 6.12).
 */
export function filledMember(
	loading: Loading,
	member: { name: string; offset: number; size: number },
	offset: number,
	size: number,
): Filled {
	const { name } = member;
	const whole = member.offset >= offset && member.offset + member.size <= offset + size;
	if (ALWAYS.has(name)) return "yes";
	if (name === "state") return "yes";
	if (LATER.has(name)) return "no";
	if (name === "name") return offset < member.offset + loading.name.length ? "yes" : "no";
	if (name === "taints") return loading.taints.length > 0 ? "yes" : "no";
	const section = BY_SECTION[name];
	if (section !== undefined) return present(loading, section) ? (whole ? "yes" : "maybe") : "no";
	if (BY_TAG.has(name))
		return loading.module && modinfoValue(loading.module.modinfo, name) !== null ? "yes" : "no";
	return "maybe";
}

function present(loading: Loading, section: string): boolean {
	return (findSection(loading, section)?.size ?? 0) > 0;
}
