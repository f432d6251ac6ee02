import { has } from "../../era.ts";
import type { Decision } from "../../loading.ts";
import { refuse } from "../../verdict.ts";

/** Namespaces that name modules cannot be imported. */
export const importedNamespaces: Decision = {
	id: "imported-namespaces",
	follows: "kernel/module/main.c: setup_modinfo() (6.16)",
	decide({ kernel, module, name }) {
		if (has(kernel, "moduleNamespaces") !== true) return null;
		const imported = module?.modinfo.get("import_ns")?.find((namespace) => namespace.startsWith("module:"));
		if (imported === undefined) return null;
		return refuse(
			"EPERM",
			`${name}: module tries to import module namespace: ${imported}`,
			"namespace",
			"no import of a module: namespace",
			imported,
		);
	},
};

/** verify_module_namespace(): whether a `module:a,b*` namespace admits that module. */
export function namespaceAdmits(namespace: string, module: string): boolean {
	if (!namespace.startsWith("module:")) return false;
	return namespace
		.slice("module:".length)
		.split(",")
		.some((pattern) =>
			pattern.endsWith("*")
				? plain(module).startsWith(plain(pattern.slice(0, -1)))
				: plain(module) === plain(pattern),
		);
}

/** mod_strncmp() holds "-" and "_" for the same. */
function plain(name: string): string {
	return name.replaceAll("-", "_");
}
