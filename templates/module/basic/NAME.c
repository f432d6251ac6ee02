// SPDX-License-Identifier: GPL-2.0
/*
 * @NAME@: greets somebody in the kernel log.
 *
 * Every line that it logs begins with the module's name, because of pr_fmt() below.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>

#define @UPPER@_MOST_TIMES 10

static char *whom = "world";
module_param(whom, charp, 0444);
MODULE_PARM_DESC(whom, "Whom to greet (default: world)");

static unsigned int times = 1;
module_param(times, uint, 0444);
MODULE_PARM_DESC(times, "How often to greet, 1 to 10 (default: 1)");

static char *greeting;

static int __init @ID@_init(void)
{
	unsigned int i;

	if (times < 1 || times > @UPPER@_MOST_TIMES) {
		pr_err("times=%u is not between 1 and %d\n", times, @UPPER@_MOST_TIMES);
		return -EINVAL;
	}

	greeting = kasprintf(GFP_KERNEL, "Hello, %s", whom);
	if (!greeting)
		return -ENOMEM;

	for (i = 0; i < times; i++)
		pr_info("%s\n", greeting);
	return 0;
}

static void __exit @ID@_exit(void)
{
	pr_info("Goodbye, %s\n", whom);
	kfree(greeting);
}

module_init(@ID@_init);
module_exit(@ID@_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("Greets somebody in the kernel log");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
