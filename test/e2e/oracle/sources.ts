import type { SymversEntry } from "./symvers.ts";

const HEAD = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
`;
const TAIL = `
static int __init oracle_init(void) { return 0; }
static void __exit oracle_exit(void) { }
module_init(oracle_init);
module_exit(oracle_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("One variant of kprep's oracle");
`;

/** What is compiled for every kernel: the text of a module by its name. */
export function sources(symbols: { namespaced: SymversEntry | null; gplOnly: SymversEntry | null }) {
	const modules: Record<string, string> = {
		hello: `${HEAD}
static int __init hello_init(void) { printk(KERN_INFO "hello: it is me\\n"); return 0; }
static void __exit hello_exit(void) { printk(KERN_INFO "hello: bye\\n"); }
module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("One variant of kprep's oracle");
`,
		exporter: `${HEAD}
int kprep_oracle_exported(void);
int kprep_oracle_exported(void) { return 7; }
EXPORT_SYMBOL(kprep_oracle_exported);
${TAIL}`,
		importer: `${HEAD}
int kprep_oracle_exported(void);
int (*kprep_oracle_pointer)(void) = kprep_oracle_exported;
${TAIL}`,
		unknown: `${HEAD}${uses("kprep_oracle_nowhere")}${TAIL}`,
		weak: `${HEAD}${uses("kprep_oracle_nowhere", ".weak kprep_oracle_nowhere\\n\\t")}${TAIL}`,
	};
	if (symbols.gplOnly !== null) modules.gplonly = `${HEAD}${uses(symbols.gplOnly.symbol)}${TAIL}`;
	if (symbols.namespaced !== null) {
		const { symbol, namespace } = symbols.namespaced;
		// A string from 6.13 on, a bare word before: the macro itself tells which.
		modules.namespaced = `${HEAD}${uses(symbol)}
MODULE_INFO(import_ns, "${namespace}");
${TAIL}`;
	}
	return modules;
}

/** Refers to a symbol without a declaration, which could differ from one in the kernel's headers. */
function uses(symbol: string, before = ""): string {
	return `asm(".pushsection .data\\n\\t${before}.quad ${symbol}\\n\\t.popsection");\n`;
}
