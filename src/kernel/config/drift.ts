import type { Config } from "./config.ts";

/** One symbol on which the tree's .config and the target's differ. `null`: absent there. */
export interface Drift {
	symbol: string;
	target: string | null;
	tree: string | null;
	/** Why, when it can be known. */
	cause: string | null;
	/** Whether a header of the tree depends on the symbol, so that structures may differ; null: not looked into. */
	abi: boolean | null;
}

/** What is known of the machine and the tree, for causes. */
export interface DriftContext {
	/** First line of pahole --version; null: not installed. */
	pahole: string | null;
	/** Compiler texts as in CC_VERSION_TEXT; null: unknown. */
	compiler: { target: string | null; tree: string | null };
	/** V.P.S. of both; null: unknown. */
	version: { target: string | null; tree: string };
	hasRust: boolean;
}

/**
 * Symbols that only record what the host had, name files of the build machine, or say what modules_install does
 * (MODULE_SIG_ALL, which Debian leaves out of /boot/config): they change nothing in a module.
 */
const IGNORED =
	/^(?:CC_VERSION_TEXT|BUILD_SALT|RUSTC_VERSION_TEXT|BINDGEN_VERSION_TEXT|(?:\w+_)?VERSION|SYSTEM_TRUSTED_KEYS|SYSTEM_REVOCATION_KEYS|MODULE_SIG_KEY|MODULE_SIG_ALL|LOCALVERSION)$/;

/** What Kconfig found out about the host's Rust tools: of no weight while CONFIG_RUST is off. */
const RUST_PROBE = /^(?:RUSTC_|BINDGEN_|RUST_IS_AVAILABLE$)/;

/** All symbols that differ, in the target's order, without causes and ABI. `is not set` and absent count as the same, as autoconf.h has neither. */
export function compareConfigs(target: Config, tree: Config): Drift[] {
	const names = new Set([...target.keys(), ...tree.keys()]);
	const found: Drift[] = [];
	const rust = target.get("RUST") === "y" || tree.get("RUST") === "y";
	for (const symbol of names) {
		if (IGNORED.test(symbol) || (!rust && RUST_PROBE.test(symbol))) continue;
		const [wanted, got] = [target.get(symbol) ?? null, tree.get(symbol) ?? null];
		if (wanted === got || ((wanted ?? "n") === "n" && (got ?? "n") === "n")) continue;
		found.push({ symbol, target: wanted, tree: got, cause: null, abi: null });
	}
	return found;
}

const PAHOLE =
	/^(?:DEBUG_INFO_BTF\w*|PAHOLE_\w+|BPF_PRELOAD\w*|MODULE_ALLOW_BTF_MISMATCH|PROBE_EVENTS_BTF_ARGS|SCHED_CLASS_EXT|HID_BPF)$/;
const COMPILER = /^(?:CC_|GCC\d*_|CLANG_|AS_|LD_|LLD_|TOOLS_SUPPORT_|HAVE_\w*GCC|PLUGIN_HOSTCC)/;

/** Why a symbol drifted; null when it cannot be told from what is known. */
export function driftCause({ symbol, target: wanted }: Drift, context: DriftContext): string | null {
	if (PAHOLE.test(symbol)) {
		return context.pahole === null
			? "pahole was missing when the config was generated"
			: `pahole here is ${context.pahole}, too old for this option, or the option was switched off by hand`;
	}
	if (/RUST/.test(symbol) && !context.hasRust) return "rustc was missing when the config was generated";
	if (/^(?:PREEMPT_RT|ARCH_SUPPORTS_RT|HAVE_PREEMPT_LAZY)$/.test(symbol) && wanted === "y") {
		return "this tree lacks the realtime patch that the target was built with";
	}
	if (/GCC_PLUGIN/.test(symbol))
		return "the compiler's plugin headers were missing when the config was generated";
	const { target, tree } = context.compiler;
	if (COMPILER.test(symbol) && target !== null && tree !== null && target !== tree) {
		return `the target was built with ${target}, this tree is configured for ${tree}`;
	}
	if (context.version.target !== null && context.version.target !== context.version.tree) {
		return `the tree is ${context.version.tree}, the target ${context.version.target}`;
	}
	return null;
}

/**
 * Whether this drift silently changes the ABI because a tool is missing: nothing built with it can be trusted. RUST is
 * not among them: struct module, BTF and a boot agreed on 7.2 without it, only modules in Rust need it.
 */
export function isFatal({ symbol, target, tree }: Drift): boolean {
	return (
		/^(?:DEBUG_INFO_BTF|DEBUG_INFO_BTF_MODULES|GCC_PLUGIN_\w+|RANDSTRUCT\w*)$/.test(symbol) &&
		target === "y" &&
		(tree ?? "n") === "n"
	);
}
