/** A structure that most modules share with the kernel, and the header of the tree that declares it. */
export interface CommonStruct {
	/** Without "struct". */
	name: string;
	/** Path below include/. */
	header: string;
}

/** What is compared when nobody says otherwise: the first one decides whether a module loads at all. */
export const COMMON_STRUCTS: readonly CommonStruct[] = [
	{ name: "module", header: "linux/module.h" },
	{ name: "task_struct", header: "linux/sched.h" },
	{ name: "mm_struct", header: "linux/mm_types.h" },
	{ name: "vm_area_struct", header: "linux/mm_types.h" },
	{ name: "page", header: "linux/mm_types.h" },
	{ name: "file", header: "linux/fs.h" },
	{ name: "file_operations", header: "linux/fs.h" },
	{ name: "inode", header: "linux/fs.h" },
	{ name: "super_block", header: "linux/fs.h" },
	{ name: "dentry", header: "linux/dcache.h" },
	{ name: "cdev", header: "linux/cdev.h" },
	{ name: "device", header: "linux/device.h" },
	{ name: "device_driver", header: "linux/device/driver.h" },
	{ name: "kobject", header: "linux/kobject.h" },
	{ name: "work_struct", header: "linux/workqueue.h" },
	{ name: "mutex", header: "linux/mutex.h" },
	{ name: "sk_buff", header: "linux/skbuff.h" },
	{ name: "net_device", header: "linux/netdevice.h" },
	{ name: "sock", header: "net/sock.h" },
	{ name: "pci_dev", header: "linux/pci.h" },
];

/**
 * C source that includes headers and names these structures, so that a compiler describes them in its debug information;
 * headers that are not there are passed over. `lines` tells on which line each header is included.
 */
export function structSource(
	structs: readonly CommonStruct[],
	headers: readonly string[] = [...new Set(structs.map(({ header }) => header))],
): { text: string; lines: Map<number, string> } {
	const lines = new Map(headers.map((header, at) => [at * 3 + 2, header]));
	const text = [
		...headers.flatMap((header) => [`#if __has_include(<${header}>)`, `#include <${header}>`, "#endif"]),
		...structs.map(({ name }) => `struct ${name} *kprep_${name};`),
		"",
	].join("\n");
	return { text, lines };
}
