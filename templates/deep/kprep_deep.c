// SPDX-License-Identifier: GPL-2.0
/*
 * What kprep builds in a tree to see what becomes of modules there: one that has an init and an exit function, a call
 * through a pointer, an array on the stack and a return, so that whatever instruments these leaves its mark. It is never
 * loaded.
 */
#include <linux/init.h>
#include <linux/module.h>

static int (*volatile kprep_deep_callee)(char *text, int count);

static int kprep_deep_called(char *text, int count)
{
	return text[count & 63];
}

static noinline int kprep_deep_guarded(int count)
{
	char buffer[64];
	int at;

	for (at = 0; at < 64; at++)
		buffer[at] = at + count;
	if (kprep_deep_callee)
		at += kprep_deep_callee(buffer, count);
	return at + buffer[count & 63];
}

static int __init kprep_deep_init(void)
{
	kprep_deep_callee = kprep_deep_called;
	return kprep_deep_guarded(1) > 1000;
}

static void __exit kprep_deep_exit(void)
{
	kprep_deep_callee = NULL;
}

module_init(kprep_deep_init);
module_exit(kprep_deep_exit);
MODULE_DESCRIPTION("Shows how this tree lays out struct module, and how it instruments code");
MODULE_LICENSE("GPL");
