// SPDX-License-Identifier: GPL-2.0
/* What `kprep verify --deep` builds: the smallest module that has an init and an exit function. It is never loaded. */
#include <linux/init.h>
#include <linux/module.h>

static int __init kprep_deep_init(void)
{
	return 0;
}

static void __exit kprep_deep_exit(void)
{
}

module_init(kprep_deep_init);
module_exit(kprep_deep_exit);
MODULE_DESCRIPTION("Shows how this tree lays out struct module");
MODULE_LICENSE("GPL");
