import { modinfoValue, parseBuiltinModinfo } from "../../../formats/module/modinfo.ts";
import { readRegular } from "../../../host/files/regular.ts";
import { readableFile } from "../../facts/look.ts";
import type { Fact } from "../../target.ts";
import type { Subject } from "../provider.ts";

/** Larger than any that a kernel has (180 kB for 380 drivers built in). */
const LARGEST = 16 * 1024 * 1024;
const ENFORCE = "sig_enforce:bool_enable_only";

/**
 * Whether the kernel checks the signatures of modules, by modules.builtin.modinfo of a modules folder: what is built
 * in and takes parameters is in it. null when the file is absent, cut short or does not tell.
 */
export function signatureCheckFact(subject: Subject, folder: string): Fact | null {
	const path = `${folder}/modules.builtin.modinfo`;
	const real = readableFile(subject, path);
	if (real === null || (subject.root.stat(path)?.size ?? 0) > LARGEST) return null;
	const value = signatureCheck(readRegular(real));
	return value === null ? null : { value, source: { kind: "modules-dir", path: real } };
}

/**
 * signing.o, which is only built with CONFIG_MODULE_SIG (kernel/module/Makefile, 5.19), has the parameter sig_enforce.
 * Before that module.o had it: with CONFIG_MODULE_SIG always, until 5.13 without it too. So its absence always tells.
 */
function signatureCheck(bytes: Uint8Array): "checked" | "not checked" | null {
	const builtin = parseBuiltinModinfo(bytes);
	const enforces = (name: string) => builtin.get(name)?.get("parmtype")?.includes(ENFORCE) === true;
	if (enforces("signing")) return "checked";
	const whole =
		bytes.at(-1) === 0 && [...builtin.values()].some((one) => modinfoValue(one, "license") !== null);
	return enforces("module") || !whole ? null : "not checked";
}
