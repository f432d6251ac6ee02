import { modinfoValue } from "../../../formats/module/modinfo.ts";
import { on } from "../era.ts";
import type { Decision, Loading } from "../loading.ts";
import { refuse, undecided } from "../verdict.ts";

/** license_is_gpl_compatible(), include/linux/license.h. */
const GPL_COMPATIBLE = new Set([
	"GPL",
	"GPL v2",
	"GPL and additional rights",
	"Dual BSD/GPL",
	"Dual MIT/GPL",
	"Dual MPL/GPL",
]);

/** Names that the kernel counts as proprietary, whatever licence they declare. */
const OFFENDERS = new Set(["driverloader", "lve"]);

/** True when the kernel keeps GPL-only symbols from a module of that licence; null: no licence is declared. */
function isProprietary(license: string | null): boolean {
	return !GPL_COMPATIBLE.has(license ?? "unspecified");
}

/** Taints that follow from what the module says of itself; a livepatch needs a kernel with LIVEPATCH. */
export const taints: Decision = {
	id: "taints",
	follows: "kernel/module/main.c: check_modinfo(), module_augment_kernel_taints() (6.4)",
	decide(loading) {
		const { kernel, module, name } = loading;
		if (module === null) return null;
		const tag = (key: string) => modinfoValue(module.modinfo, key);
		const taint = (flag: string, message: string) =>
			loading.taints.push({ flag, message: `${name}: ${message}` });
		if (tag("intree") === null) taint("O", "loading out-of-tree module taints kernel.");
		if (tag("retpoline") === null && on(kernel, retpolineSymbol(loading)) === true)
			loading.warnings.push(`${name}: loading module not compiled with retpoline compiler.`);
		if (tag("staging") !== null)
			taint("C", "module is from the staging directory, the quality is unknown, you have been warned.");
		if (tag("livepatch") !== null) {
			const livepatch = on(kernel, "LIVEPATCH");
			if (livepatch === null) return undecided("livepatch", "whether the target has CONFIG_LIVEPATCH");
			if (!livepatch)
				return refuse(
					"ENOEXEC",
					`${name}: module is marked as livepatch module, but livepatch support is disabled`,
					"livepatch",
					"CONFIG_LIVEPATCH=y",
					"CONFIG_LIVEPATCH is not set",
				);
			taint("K", "tainting kernel with TAINT_LIVEPATCH");
		}
		const license = tag("license");
		loading.proprietary = isProprietary(license) || OFFENDERS.has(name);
		if (loading.proprietary) taint("P", `module license '${license ?? "unspecified"}' taints kernel.`);
		if (tag("test") !== null) taint("N", "loading test module taints kernel.");
		if (loading.signatureOk === false)
			taint("E", "module verification failed: signature and/or required key missing - tainting kernel");
		return null;
	},
};

/** RETPOLINE was renamed in 6.9. */
function retpolineSymbol({ kernel }: Loading): string {
	return kernel.symbol?.("MITIGATION_RETPOLINE") === undefined ? "RETPOLINE" : "MITIGATION_RETPOLINE";
}
