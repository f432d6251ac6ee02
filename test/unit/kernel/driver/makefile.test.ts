import { describe, expect, it } from "vitest";
import {
	folderWords,
	modulesOfOrder,
	ownMakefileWords,
	readDriverMakefile,
} from "../../../../src/kernel/driver/makefile.ts";
import { readSourceError } from "../../../../src/kernel/driver/source-error.ts";

describe("readDriverMakefile", () => {
	it.each([
		["obj-m := a.o", true, []],
		["obj-$(CONFIG_OWN) += a.o", true, ["CONFIG_OWN"]],
		["CONFIG_OWN ?= m\nobj-$(CONFIG_OWN) += a.o", true, []],
		["all:\n\t$(MAKE) -C $(KDIR) M=$(PWD)/src", false, []],
	])("%s", (text, kbuild, symbols) => expect(readDriverMakefile(text)).toEqual({ kbuild, symbols }));
});

describe("ownMakefileWords", () => {
	it.each([
		["KDIR ?= /lib/modules/$(shell uname -r)/build\nall:\n\tmake -C $(KDIR)", ["KDIR=/t"]],
		[
			"KVER := $(shell uname -r)\nKSRC := /lib/modules/$(KVER)/build\nall:\n\tmake -C $(KSRC)",
			["KSRC=/t", "KVER=1.2"],
		],
		["LINUX = yes\nall:\n\techo $(LINUX)", []],
		["all:\n\tmake -C $(KERNELDIR)", ["KERNELDIR=/t"]],
		// kprep new's own Makefile.
		[
			"KDIR ?= /lib/modules/$(shell uname -r)/build\nKBUILD = $(MAKE) -C $(KDIR)\nall:\n\t$(KBUILD) $@",
			["KDIR=/t"],
		],
	])("%s", (text, words) => expect(ownMakefileWords(text, "/t", "1.2")).toEqual(words));
});

it("modules.order of every era", () => {
	expect(modulesOfOrder("kernel//m/a.ko\n/m/b.ko\nc.o\nsub/d.o\n", "/m")).toEqual([
		...["/m/a.ko", "/m/b.ko", "/m/c.ko", "/m/sub/d.ko"],
	]);
});

describe("readSourceError", () => {
	it("names the kernel's header that declares it otherwise", () => {
		expect(
			readSourceError(
				[
					"/d/x.c:9:5: error: too few arguments to function 'f'",
					"./include/linux/proc_fs.h:3:6: note: declared here",
				],
				"/d",
				"/t",
			),
		).toEqual({
			...{ whose: "driver", header: "./include/linux/proc_fs.h", misfit: true },
			line: "/d/x.c:9:5: error: too few arguments to function 'f'",
		});
	});
	it("tells the tree's own", () => {
		expect(readSourceError(["/t/include/linux/x.h:1:1: error: y"], "/d", "/t")?.whose).toBe("tree");
		expect(readSourceError(["./arch/x86/include/asm/x.h:1:1: error: y"], "/d", "/t")?.whose).toBe("tree");
		expect(readSourceError(["ld: cannot find x"], "/d", "/t")).toBeNull();
	});
	it.each([
		["/d/x.c:3:16: error: expected ';' before '}' token", false],
		["/d/x.c:3:16: error: 'retrun' undeclared (first use in this function)", true],
		["x.c:9:2: error: implicit declaration of function 'init_timer'", true],
		["/d/x.c:9:2: error: format '%d' expects argument of type 'int' [-Werror=format=]", false],
	])("parts a slip of the driver's own from another kernel's ways: %s", (line, misfit) => {
		expect(readSourceError([line], "/d", "/t")).toEqual({ whose: "driver", line, header: null, misfit });
	});
	it("an error in a macro of the kernel that the driver's text uses is the driver's", () => {
		expect(
			readSourceError(
				[
					"./include/linux/minmax.h:31:9: error: called object is not a function",
					"   31 |   fn(x)",
					"/d/x.c:7:3: note: in expansion of macro 'max'",
				],
				"/d",
				"/t",
			),
		).toMatchObject({ whose: "driver", line: "/d/x.c:7:3: error: called object is not a function" });
	});
});

describe("folderWords", () => {
	it("leads the Makefiles below a driver to the tree by the names that they set themselves", () => {
		const top = "all:\n\t$(MAKE) -C inner\n";
		const inner = [
			"LIB_MODULES_PATH := /lib/modules",
			"KERNEL_MODLIB := $(LIB_MODULES_PATH)/$(KVER)",
			"KDIR := $(KERNEL_MODLIB)/build",
			"module:\n\t$(MAKE) -C $(KDIR) M=$(src) modules",
		].join("\n");
		expect(folderWords([top, inner], "/tree")).toEqual(["KDIR=/tree"]);
		expect(folderWords([top, "KDIR := $(TOP)/x\n$(KSRC)"], "/tree")).toEqual([]);
	});

	it.each([
		["KDIR ?= /lib/modules/$(shell uname -r)/build", ["KDIR=/tree"]],
		["  export KERNELDIR ?= $(KSRC) # the tree", ["KERNELDIR=/tree"]],
		["KSRC := /usr/src/linux-headers-$(KVER)", ["KSRC=/tree"]],
		// A command that holds the folder, and releases.
		["KBUILD = $(MAKE) -C $(KDIR) M=$(CURDIR)", []],
		["KERNEL := $(shell uname -r)", []],
		["KERNEL ?= $(KVER)", []],
		["KDIR := $(shell cat /etc/kdir)/x", []],
		["KERNEL := $(shell uname -r | sed 's/-x//')", []],
		["KDIR := $(if $(KSRC),$(KSRC),/lib/modules/$(shell uname -r)/build)", ["KDIR=/tree"]],
		["KSRC := $(firstword $(wildcard /lib/modules/$(KVER)/build /usr/src/linux))", ["KSRC=/tree"]],
	])("%s", (line, words) => {
		expect(folderWords([line], "/tree")).toEqual(words);
	});
});
