import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = `#include <linux/module.h>
static int __init hello_init(void)
{
	return 0;
}
static void __exit hello_exit(void)
{
}
module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
`;

/** Writes an external module named hello, which says nothing and does nothing, into `folder`. */
export function writeHello(folder: string): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "Kbuild"), "obj-m := hello.o\n");
	writeFileSync(join(folder, "hello.c"), SOURCE);
}
