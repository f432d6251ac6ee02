import type { Era } from "./tree.ts";

/** Host programs as shell scripts, an external module that notes the release (its .ko is a file that lies ready), and a file written only when it differs. */
const COMMON = `
Q = @
.PHONY: FORCE scripts_basic scripts prepare prepare-all modules_prepare modules kernelrelease
FORCE:
write-if-new = mkdir -p $(dir $@); $(1) > $@.tmp; if cmp -s $@.tmp $@; then rm -f $@.tmp; else echo '  UPD     $@'; mv -f $@.tmp $@; fi
program = mkdir -p $(dir $@) && echo '  HOSTCC  $@' && printf '\\#!/bin/sh\\nexit 0\\n' > $@ && chmod 755 $@ && echo 'cmd_$@ := gcc' > $(dir $@).$(notdir $@).cmd
scripts/basic/fixdep: ; $(Q)$(program)
scripts/mod/modpost: ; $(Q)$(program)
scripts_basic: scripts/basic/fixdep
external = test -e include/config/auto.conf -o -e include/config/MARKER || { echo '  ERROR: Kernel configuration is invalid.' >&2; exit 1; }; sed -n 's/.*UTS_RELEASE "\\(.*\\)"/\\1/p' $(UTSRELEASE) > $(M)/release; echo '  CC [M]  $(M)/hello.o'; if test -e $(M)/hello.ko.in; then cp $(M)/hello.ko.in $(M)/hello.ko; fi
hook = sh $(srctree)/scripts/hook
`;

/** Sources and objects in two folders (O=), as from 2.6.8 on; refused when the source tree was built in. */
const OUTPUT = `
ifndef sub_make_done
srctree := $(CURDIR)
ifeq ("$(origin O)", "command line")
objtree := $(abspath $(O))
else
objtree := $(CURDIR)
endif
else
srctree := $(KBUILD_SRC)
objtree := $(CURDIR)
endif
export srctree objtree
ifneq ($(objtree),$(CURDIR))
.PHONY: $(MAKECMDGOALS) _sub
_sub:
	@test ! -e $(srctree)/.config -a ! -e $(srctree)/include/config || { echo '  ERROR: the source tree is not clean, please run make mrproper' >&2; exit 1; }
	@mkdir -p $(objtree)
	@printf 'all:\\n%%:\\n\\t@$$(MAKE) -C $(srctree) O=$(objtree) $$@\\nMakefile: ;\\n' > $(objtree)/Makefile; echo '  GEN     Makefile'
	@$(MAKE) --no-print-directory -C $(objtree) -f $(srctree)/Makefile sub_make_done=1 KBUILD_SRC=$(srctree) $(MAKECMDGOALS)
$(MAKECMDGOALS): _sub ;
else
`;

const CONFIG_GOALS = `
ifneq ($(filter %config,$(MAKECMDGOALS)),)
%config: scripts_basic FORCE
	$(Q)echo '  HOSTCC  scripts/kconfig/conf'
	$(Q)$(MAKE) --no-print-directory -f $(srctree)/scripts/kconfig/Makefile $@
else
`;

/** SPLIT is printed before split-include runs; version.h comes after it; the plain \`include .config\` of that time. */
const MAKEFILE_2_6_12 = `srctree := $(CURDIR)
objtree := $(CURDIR)
export srctree
space := $(subst ,, )
ARCH ?= i386
localver := $(sort $(wildcard $(objtree)/localversion*))
localver := $(foreach f,$(localver),$(if $(findstring ~,$(f)),,$(f)))
LOCALVERSION = $(subst $(space),,$(shell cat /dev/null $(localver)) $(patsubst "%",%,$(CONFIG_LOCALVERSION)))
KERNELRELEASE=$(VERSION).$(PATCHLEVEL).$(SUBLEVEL)$(EXTRAVERSION)$(LOCALVERSION)
UTSRELEASE = include/linux/version.h
export AUTOCONF := include/linux/autoconf.h
export SPLITS_LATER := 1
export HOSTCC CC ARCH KERNELRELEASE
${COMMON}
${CONFIG_GOALS}
include .config
.config: ;
ifdef M
modules: ; $(Q)$(external)
else
include/linux/autoconf.h: .config
	$(Q)$(MAKE) --no-print-directory -f $(srctree)/Makefile silentoldconfig
include/config/MARKER: include/linux/autoconf.h
	@echo '  SPLIT   include/linux/autoconf.h -> include/config/*'
	@mkdir -p include/config; $(hook) split; grep -c . include/linux/autoconf.h > include/config/smp.h
	@touch $@
include/linux/version.h: include/config/MARKER FORCE
	@$(hook) after-split
	$(Q)$(call write-if-new,(echo \\#define UTS_RELEASE '"$(KERNELRELEASE)"'; echo \\#define LINUX_VERSION_CODE $$(($(VERSION) * 65536 + $(PATCHLEVEL) * 256 + $(SUBLEVEL)))))
include/asm:
	@echo '  SYMLINK $@ -> include/asm-$(ARCH)'
	@ln -fsn asm-$(ARCH) $@
prepare-all: include/linux/version.h include/asm
	$(Q)$(hook) prepare
	$(Q)mkdir -p include/asm-$(ARCH); echo '\\#define OFFSET 4' > include/asm-$(ARCH)/asm_offsets.h
prepare: prepare-all
scripts: scripts_basic scripts/mod/modpost include/config/MARKER
	$(Q)$(hook) scripts
modules_prepare: prepare-all scripts
kernelrelease: ; @echo $(KERNELRELEASE)
endif
endif
`;

/** kconfig splits by itself; kernel.release from $(kernelrelease), utsrelease.h in include/linux. */
const MAKEFILE_2_6_18 = `srctree := $(CURDIR)
objtree := $(CURDIR)
export srctree
space := $(subst ,, )
ARCH ?= i386
KERNELVERSION = $(VERSION).$(PATCHLEVEL).$(SUBLEVEL)$(EXTRAVERSION)
localver = $(subst $(space),,$(shell cat /dev/null $(filter-out %~,$(wildcard localversion*))) $(patsubst "%",%,$(CONFIG_LOCALVERSION)))
kernelrelease = $(KERNELVERSION)$(localver)$(LOCALVERSION)
KERNELRELEASE = $(shell cat include/config/kernel.release 2> /dev/null)
UTSRELEASE = include/linux/utsrelease.h
export AUTOCONF := include/linux/autoconf.h
${COMMON}
${CONFIG_GOALS}
ifdef M
modules: ; $(Q)$(external)
else
-include include/config/auto.conf
include/config/auto.conf: .config
	$(Q)$(MAKE) --no-print-directory -f $(srctree)/Makefile silentoldconfig
include/config/kernel.release: include/config/auto.conf FORCE
	$(Q)rm -f $@; echo $(kernelrelease) > $@
include/linux/utsrelease.h: include/config/kernel.release FORCE
	$(Q)$(call write-if-new,echo \\#define UTS_RELEASE '"$(KERNELRELEASE)"')
include/linux/version.h: FORCE
	$(Q)$(call write-if-new,echo \\#define LINUX_VERSION_CODE $$(($(VERSION) * 65536 + $(PATCHLEVEL) * 256 + $(SUBLEVEL))))
include/asm:
	@echo '  SYMLINK $@ -> include/asm-$(ARCH)'
	@ln -fsn asm-$(ARCH) $@
prepare: include/linux/utsrelease.h include/linux/version.h include/asm
	$(Q)$(hook) prepare
scripts: scripts_basic scripts/mod/modpost include/config/auto.conf
	$(Q)$(hook) scripts
modules_prepare: prepare scripts
kernelrelease: ; @echo $(KERNELRELEASE)
endif
endif
`;

/** filechk_kernel.release is what makes the release; \`text\` says how. */
const modern = (text: string, sync: string) => `${OUTPUT}
KERNELVERSION = $(VERSION).$(PATCHLEVEL).$(SUBLEVEL)$(EXTRAVERSION)
export KERNELVERSION
KERNELRELEASE = $(shell cat include/config/kernel.release 2> /dev/null)
UTSRELEASE = include/generated/utsrelease.h
export AUTOCONF := include/generated/autoconf.h
CC = $(CROSS_COMPILE)gcc
${text}
${COMMON}
${CONFIG_GOALS}
ifdef M
modules: ; $(Q)$(external)
else
-include include/config/auto.conf
include/config/auto.conf: .config
	@echo '  SYNC    $@'
	$(Q)$(MAKE) --no-print-directory -f $(srctree)/Makefile ${sync}
include/config/kernel.release: include/config/auto.conf FORCE
	$(Q)$(call write-if-new,($(filechk_kernel.release)))
include/generated/utsrelease.h: include/config/kernel.release FORCE
	$(Q)if [ $$(printf %s '$(KERNELRELEASE)' | wc -c) -gt 64 ]; then echo too long >&2; exit 1; fi
	$(Q)$(call write-if-new,echo \\#define UTS_RELEASE '"$(KERNELRELEASE)"')
include/generated/uapi/linux/version.h: FORCE
	$(Q)$(call write-if-new,echo \\#define LINUX_VERSION_CODE $$(($(VERSION) * 65536 + $(PATCHLEVEL) * 256 + $(SUBLEVEL))))
prepare: include/generated/utsrelease.h include/generated/uapi/linux/version.h
	$(Q)$(hook) prepare
scripts: scripts_basic scripts/mod/modpost include/config/auto.conf
	$(Q)$(hook) scripts
modules_prepare: prepare scripts
kernelrelease: ; @$(filechk_kernel.release)
endif
endif
endif
`;

export const MAKEFILES: Readonly<Record<Era, string>> = {
	"2.6.12": MAKEFILE_2_6_12,
	"2.6.18": MAKEFILE_2_6_18,
	"3.10": modern(
		'filechk_kernel.release = echo "$(KERNELVERSION)$$($(SHELL) $(srctree)/scripts/setlocalversion $(srctree))"',
		"silentoldconfig",
	),
	"6.6": modern(
		`ifeq ($(origin KERNELRELEASE),file)
filechk_kernel.release = $(srctree)/scripts/setlocalversion $(srctree)
else
filechk_kernel.release = echo $(KERNELRELEASE)
endif
export KBUILD_CC_TEXT := $(shell $(CC) --version 2>/dev/null | head -n 1)`,
		"syncconfig",
	),
};
