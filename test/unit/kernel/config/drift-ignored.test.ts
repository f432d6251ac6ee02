import { expect, it } from "vitest";
import { parseConfig } from "../../../../src/kernel/config/config.ts";
import { compareConfigs } from "../../../../src/kernel/config/drift.ts";

const drift = (target: string, tree: string) =>
	compareConfigs(parseConfig(target), parseConfig(tree)).map(({ symbol }) => symbol);

it.each(["MODULE_SIG_ALL=y", 'MODULE_SIG_KEY="a.pem"', 'BUILD_SALT="x"', "PAHOLE_VERSION=124"])(
	"CONFIG_%s, which /boot/config may leave out, is no drift",
	(line) => expect(drift("", `CONFIG_${line}`)).toEqual([]),
);

it.each(["MODULE_SIG=y", "MODULE_SIG_FORCE=y", "SMP=y"])("CONFIG_%s is", (line) =>
	expect(drift("", `CONFIG_${line}`)).toEqual([line.split("=")[0]]),
);
