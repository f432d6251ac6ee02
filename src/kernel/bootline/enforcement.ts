import { bootParameters } from "./bootline.ts";

/** What a boot of the target forbids: nothing, modules without a trusted signature (sig_enforce), or the same by a lockdown. */
export type Enforcement = "none" | "signature" | "lockdown";

/** What is known of one boot; null where it is not. */
export interface BootFacts {
	commandLine: string | null;
	/** Content of /sys/kernel/security/lockdown: "none [integrity] confidentiality". */
	lockdown: string | null;
	/** Content of /sys/module/module/parameters/sig_enforce: "Y" or "N". */
	sigEnforce: string | null;
	/** Whether the firmware has Secure Boot on. */
	secureBoot: boolean | null;
}

/**
 * What such a boot enforces, besides CONFIG_MODULE_SIG_FORCE which is the config's own word; null: that is open.
 * kernel/module/signing.c (module.sig_enforce), security/lockdown/lockdown.c (lockdown=, LOCK_DOWN_KERNEL_FORCE_*), and
 * LOCK_DOWN_IN_EFI_SECURE_BOOT, a patch that Debian, Ubuntu, Fedora and SUSE share. `symbol` gives a config symbol's value;
 * null when no config is known.
 */
export function enforcementOf(
	boot: BootFacts,
	symbol: ((name: string) => string | undefined) | null,
): Enforcement | null {
	const parameters = bootParameters(boot.commandLine ?? "");
	if (boot.sigEnforce?.startsWith("Y") || parameters.some(enforcesSignatures)) return "signature";
	const hasLockdown = symbol === null || symbol("SECURITY_LOCKDOWN_LSM") === "y";
	if (boot.lockdown !== null && /\[\w+\]/.test(boot.lockdown))
		return /\[(integrity|confidentiality)\]/.test(boot.lockdown) ? "lockdown" : none(boot);
	if (symbol !== null && !hasLockdown) return none(boot);
	if (parameters.some(({ name, value }) => name === "lockdown" && LOCKED.has(value ?? ""))) return "lockdown";
	if (symbol === null) return null;
	if (FORCED.some((name) => symbol(name) === "y")) return "lockdown";
	const byFirmware = symbol("LOCK_DOWN_IN_EFI_SECURE_BOOT") === "y";
	if (byFirmware && boot.secureBoot !== false) return boot.secureBoot === true ? "lockdown" : null;
	return none(boot);
}

/** Without the command line, or what the running kernel says of sig_enforce, nothing is excluded. */
function none({ commandLine, sigEnforce }: BootFacts): "none" | null {
	return commandLine === null && sigEnforce === null ? null : "none";
}

const LOCKED = new Set(["integrity", "confidentiality"]);
const FORCED = ["LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"];

/** param_set_bool_enable_only(): a bare word, and what kstrtobool() takes for true. */
function enforcesSignatures({ name, value }: { name: string; value: string | null }): boolean {
	return (
		name.replaceAll("-", "_") === "module.sig_enforce" &&
		(value === null || /^(?:[yY1tT]|[oO][nN])/.test(value))
	);
}

/** Names that module_blacklist= of the command line keeps out (kernel/module/main.c: blacklisted()); the last one counts. */
export function blacklistOf(commandLine: string): string[] {
	const lists = bootParameters(commandLine).filter(({ name }) => name === "module_blacklist");
	return (lists.at(-1)?.value ?? "").split(",").filter((name) => /^[\w.-]+$/.test(name));
}
