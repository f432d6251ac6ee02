import { gccHeader } from "./compiler/gcc-header.ts";
import { gnuInline } from "./compiler/gnu-inline.ts";
import { hardened } from "./compiler/hardened.ts";
import { m32 } from "./compiler/m32.ts";
import { newerErrors } from "./compiler/newer-errors.ts";
import { pie } from "./compiler/pie.ts";
import { vermagicGcc } from "./compiler/vermagic-gcc.ts";
import type { Cure, Cured, CureView, Finding } from "./cure.ts";
import { addressFamilies } from "./programs/address-families.ts";
import { common } from "./programs/common.ts";
import { engine } from "./programs/engine.ts";
import { hostStd } from "./programs/host-std.ts";
import { pathMax } from "./programs/path-max.ts";
import { toolWarnings } from "./programs/tool-warnings.ts";
import { awk } from "./scripts/awk.ts";
import { definedArray } from "./scripts/defined-array.ts";
import { mixedRules } from "./scripts/mixed-rules.ts";
import { wrapper } from "./scripts/wrapper.ts";

/** Every cure that is known. */
export const CURES: readonly Cure[] = [
	mixedRules,
	gccHeader,
	gnuInline,
	pie,
	hardened,
	m32,
	vermagicGcc,
	newerErrors,
	hostStd,
	common,
	pathMax,
	toolWarnings,
	addressFamilies,
	engine,
	definedArray,
	awk,
	wrapper,
];

/** What ails this tree on this machine. */
export function findTroubles(view: CureView, cures: readonly Cure[] = CURES): Finding[] {
	return cures.flatMap((cure) => {
		const found = cure.probe(view);
		return found === null ? [] : [{ id: cure.id, title: cure.title, code: cure.code, ...found }];
	});
}

/** Those of them that can be cured. */
export function curable(findings: readonly Finding[]): Cured[] {
	return findings.filter((one): one is Cured => !("cannot" in one));
}
