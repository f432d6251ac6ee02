// SPDX-License-Identifier: GPL-2.0
/*
 * The module that `kprep verify --boot` builds in a tree and loads on the target. It imports from several corners of
 * the kernel, so that symbol versions and relocations of every usual kind are put to the test, and it looks at two
 * structures that the kernel laid out, so that a layout other than the tree's shows.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init kprep_probe_init(void)
{
	char *name = kstrdup(THIS_MODULE->name, GFP_KERNEL);
	int fits;

	if (!name)
		return -ENOMEM;
	fits = strcmp(name, "kprep_probe") == 0 && strnlen(current->comm, TASK_COMM_LEN) < TASK_COMM_LEN;
	printk(KERN_INFO "kprep_probe: I am %s, loaded by process %d, %s\n", name, current->pid, current->comm);
	kfree(name);
	return fits ? 0 : -EPROTO;
}

static void __exit kprep_probe_exit(void)
{
	printk(KERN_INFO "kprep_probe: unloaded\n");
}

module_init(kprep_probe_init);
module_exit(kprep_probe_exit);
MODULE_DESCRIPTION("Shows that modules of this tree load");
MODULE_LICENSE("GPL");
