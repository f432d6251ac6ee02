// SPDX-License-Identifier: GPL-2.0
/*
 * @NAME@: /proc/@NAME@ counts how often it was read.
 *
 * struct proc_ops is there from Linux 5.6 on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int start;
module_param(start, int, 0444);
MODULE_PARM_DESC(start, "The number to begin with (default: 0)");

static atomic_t @ID@_count;

static int @ID@_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "%d\n", atomic_inc_return(&@ID@_count));
	return 0;
}

static int @ID@_open(struct inode *inode, struct file *file)
{
	return single_open(file, @ID@_show, NULL);
}

static ssize_t @ID@_write(struct file *file, const char __user *from, size_t count,
			  loff_t *position)
{
	int number;
	int error;

	error = kstrtoint_from_user(from, count, 0, &number);
	if (error)
		return error;

	atomic_set(&@ID@_count, number);
	return count;
}

static const struct proc_ops @ID@_operations = {
	.proc_open = @ID@_open,
	.proc_read = seq_read,
	.proc_write = @ID@_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init @ID@_init(void)
{
	atomic_set(&@ID@_count, start);
	if (!proc_create("@NAME@", 0644, NULL, &@ID@_operations)) {
		pr_err("cannot make /proc/@NAME@\n");
		return -ENOMEM;
	}

	pr_info("/proc/@NAME@ begins at %d\n", start);
	return 0;
}

static void __exit @ID@_exit(void)
{
	remove_proc_entry("@NAME@", NULL);
}

module_init(@ID@_init);
module_exit(@ID@_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("A file in /proc that counts how often it was read");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
