import { expect, test } from "vitest";
import { outsideIncludes } from "../../../../src/kernel/kbuild/outside-includes.ts";

test.each<[path: string, line: string, paths: string[]]>([
	["rust/bindings/bindings_helper.h", '#include "../../drivers/base/base.h"', ["drivers/base/base.h"]],
	["rust/bindings/bindings_helper.h", "#include <../../drivers/base/base.h>", ["drivers/base/base.h"]],
	["rust/helpers/helpers.c", '# include "pci.c"', ["rust/helpers/pci.c"]],
	["rust/helpers/helpers.c", "#include <linux/pci.h>", []],
	["rust/a.h", '#include "../../etc/passwd"', ["etc/passwd"]],
	["rust/a.h", '#include "../../../../etc/passwd"', []],
	["rust/a.h", '// #include "b.h"', []],
	["Makefile.h", '#include "./b.h"', ["b.h"]],
])("%s: %s", (path, line, paths) => {
	expect(outsideIncludes(path, `/* ... */\n${line}\nint x;\n`).flat()).toEqual(paths);
});
