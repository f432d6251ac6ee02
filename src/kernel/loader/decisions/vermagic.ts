import { modinfoValue } from "../../../formats/module/modinfo.ts";
import { sameMagic } from "../../vermagic/vermagic.ts";
import { on } from "../era.ts";
import { type Decision, forceLoad } from "../loading.ts";
import { refuse, undecided } from "../verdict.ts";

/** The vermagic strings, compared by the target's rule. */
export const vermagic: Decision = {
	id: "vermagic",
	follows: "kernel/module/main.c: check_modinfo(); kernel/module/version.c: same_magic()",
	decide(loading) {
		const { kernel, module, name, hasVersions } = loading;
		const actual = module === null ? null : modinfoValue(module.modinfo, "vermagic");
		if (actual === null) {
			const forced = forceLoad(loading, "bad vermagic");
			if (forced === "passes") return null;
			if (forced === "unknown") return undecided("vermagic", "a module with a vermagic", "none");
			return refuse("ENOEXEC", null, "vermagic", `'${kernel.vermagic ?? "a vermagic"}'`, "none");
		}
		const expected = kernel.vermagic;
		if (expected === actual) return null;
		const modversions = on(kernel, "MODVERSIONS");
		if (expected === null || modversions === null)
			return undecided("vermagic", "the target's vermagic and config", `'${actual}'`);
		if (sameMagic(actual, expected, { modversions, hasVersions })) return null;
		return refuse(
			"ENOEXEC",
			`${name}: version magic '${actual}' should be '${expected}'`,
			"vermagic",
			`'${expected}'`,
			`'${actual}'`,
		);
	},
};
