// SPDX-License-Identifier: GPL-2.0
/*
 * @NAME@: /dev/@NAME@ keeps the last text that was written to it.
 *
 * A misc device needs no device numbers and no class of its own; udev or devtmpfs makes the node.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/types.h>

#define @UPPER@_MOST_BYTES (1024 * 1024)

static unsigned int size = 1024;
module_param(size, uint, 0444);
MODULE_PARM_DESC(size, "How many bytes the device keeps (default: 1024)");

static DEFINE_MUTEX(@ID@_lock);	/* protects the two below */
static char *@ID@_text;
static size_t @ID@_length;

static ssize_t @ID@_read(struct file *file, char __user *to, size_t count,
			  loff_t *position)
{
	ssize_t read;

	if (mutex_lock_interruptible(&@ID@_lock))
		return -ERESTARTSYS;
	read = simple_read_from_buffer(to, count, position, @ID@_text, @ID@_length);
	mutex_unlock(&@ID@_lock);
	return read;
}

static ssize_t @ID@_write(struct file *file, const char __user *from, size_t count,
			  loff_t *position)
{
	ssize_t written;

	if (*position >= size)
		return -ENOSPC;
	if (mutex_lock_interruptible(&@ID@_lock))
		return -ERESTARTSYS;
	written = simple_write_to_buffer(@ID@_text, size, position, from, count);
	if (written > 0)
		@ID@_length = *position;
	mutex_unlock(&@ID@_lock);
	return written;
}

static const struct file_operations @ID@_operations = {
	.owner = THIS_MODULE,
	.read = @ID@_read,
	.write = @ID@_write,
	.llseek = default_llseek,
};

static struct miscdevice @ID@_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "@NAME@",
	.fops = &@ID@_operations,
	.mode = 0600,
};

static int __init @ID@_init(void)
{
	int error;

	if (size < 1 || size > @UPPER@_MOST_BYTES) {
		pr_err("size=%u is not between 1 and %d\n", size, @UPPER@_MOST_BYTES);
		return -EINVAL;
	}

	@ID@_text = kzalloc(size, GFP_KERNEL);
	if (!@ID@_text)
		return -ENOMEM;

	error = misc_register(&@ID@_device);
	if (error) {
		pr_err("cannot register the device: %d\n", error);
		goto free_text;
	}

	pr_info("/dev/%s keeps %u bytes\n", @ID@_device.name, size);
	return 0;

free_text:
	kfree(@ID@_text);
	return error;
}

static void __exit @ID@_exit(void)
{
	misc_deregister(&@ID@_device);
	kfree(@ID@_text);
}

module_init(@ID@_init);
module_exit(@ID@_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("A character device that keeps what is written to it");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
