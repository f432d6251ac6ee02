// SPDX-License-Identifier: GPL-2.0
/*
 * @NAME@: a platform driver whose device reports from time to time.
 *
 * Everything that probe() takes is managed by the device (devm_): it is given back, last first,
 * when probe() fails and when the device goes. So there is no remove(), whose type differs by
 * kernel.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

static unsigned int interval_ms = 10000;
module_param(interval_ms, uint, 0444);
MODULE_PARM_DESC(interval_ms, "Milliseconds between reports, at least 100 (default: 10000)");

/* What the driver knows of one device. */
struct @ID@ {
	struct device *dev;
	struct delayed_work report;
	unsigned long reports;
};

static void @ID@_report(struct work_struct *work)
{
	struct @ID@ *it = container_of(to_delayed_work(work), struct @ID@, report);

	dev_info(it->dev, "report %lu\n", ++it->reports);
	schedule_delayed_work(&it->report, msecs_to_jiffies(interval_ms));
}

static void @ID@_stop(void *it_)
{
	struct @ID@ *it = it_;

	cancel_delayed_work_sync(&it->report);
	dev_info(it->dev, "stopped after %lu reports\n", it->reports);
}

static int @ID@_probe(struct platform_device *pdev)
{
	struct @ID@ *it;
	int error;

	it = devm_kzalloc(&pdev->dev, sizeof(*it), GFP_KERNEL);
	if (!it)
		return -ENOMEM;

	it->dev = &pdev->dev;
	INIT_DELAYED_WORK(&it->report, @ID@_report);
	error = devm_add_action_or_reset(&pdev->dev, @ID@_stop, it);
	if (error)
		return error;

	platform_set_drvdata(pdev, it);
	schedule_delayed_work(&it->report, 0);
	dev_info(&pdev->dev, "reports every %u ms\n", interval_ms);
	return 0;
}

static const struct of_device_id @ID@_of_match[] = {
	{ .compatible = "example,@NAME@" },
	{ }
};
MODULE_DEVICE_TABLE(of, @ID@_of_match);

static struct platform_driver @ID@_driver = {
	.probe = @ID@_probe,
	.driver = {
		.name = "@NAME@",
		.of_match_table = @ID@_of_match,
	},
};

/*
 * A real driver has no device of its own: firmware or a bus makes it, and module_platform_driver()
 * is all that the driver needs.
 */
static struct platform_device *@ID@_device;

static int __init @ID@_init(void)
{
	int error;

	interval_ms = max(interval_ms, 100U);
	error = platform_driver_register(&@ID@_driver);
	if (error)
		return error;

	@ID@_device = platform_device_register_simple("@NAME@", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(@ID@_device)) {
		error = PTR_ERR(@ID@_device);
		goto unregister_driver;
	}
	return 0;

unregister_driver:
	platform_driver_unregister(&@ID@_driver);
	return error;
}

static void __exit @ID@_exit(void)
{
	platform_device_unregister(@ID@_device);
	platform_driver_unregister(&@ID@_driver);
}

module_init(@ID@_init);
module_exit(@ID@_exit);

MODULE_AUTHOR("@AUTHOR@");
MODULE_DESCRIPTION("A platform driver whose device reports from time to time");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
