import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlainMake, parseDkmsConf, withRelease } from "../../../../src/kernel/driver/dkms.ts";
import { readShellText } from "../../../../src/kernel/driver/shell-text.ts";

const places = { release: "1.2.3-x", build: "/tree", folder: "/src/drv", machine: "x86_64" };
const parse = (text: string) => parseDkmsConf(text, places);
const HEAD = 'PACKAGE_NAME="drv"\nPACKAGE_VERSION=0.7+5.3\n';

describe("parseDkmsConf", () => {
	it.each([
		["", "make -C /tree M=/src/drv"],
		[
			'MAKE[0]="make -C ${kernel_source_dir} M=${dkms_tree}/${PACKAGE_NAME}/${PACKAGE_VERSION}/build HDAPS=1"',
			"make -C /tree M=/src/drv HDAPS=1",
		],
		[
			'BDIR="$dkms_tree/${PACKAGE_NAME}/${PACKAGE_VERSION}/build"\nA="-C $kernel_source_dir M=${BDIR}/ext"\nMAKE="make ${A} modules ; find ${BDIR} -name \'*.ko\'"',
			"make -C /tree M=/src/drv/ext modules ; find /src/drv -name '*.ko'",
		],
		['MAKE="KERNELDIR=/lib/modules/${kernelver}/build make driver"', "KERNELDIR=/tree make driver"],
		['i=0\nMAKE[$i]="make KVER=$kernelver" # why\ni=$((i+1))', "make KVER=1.2.3-x"],
		['MAKE[0]="make \\\n  V=\\"${PACKAGE_VERSION}\\""', 'make   V="0.7+5.3"'],
	])("MAKE: %s", (text, command) => {
		expect(parse(HEAD + text)?.make).toEqual([command]);
	});

	it("passes over conditions and runs nothing", () => {
		const conf = parse(
			`${HEAD}if grep -q X $kernel_source_dir/.config; then\n  MAKE="rm -rf /"\nfi\ncase "$kernelver" in\n 2.*) MAKE=bad ;;\nesac\nfoo() {\n MAKE=bad\n}\nMAKE[0]="make X=$(rm -rf /) all"\n`,
		);
		expect(conf?.make).toEqual(["make X= all"]);
		expect(conf?.unread.join("\n")).toMatch(/if grep[\s\S]*MAKE: what a command would say/);
	});

	it("takes modules, patches, scripts and options", () => {
		const conf = parse(
			`${HEAD}PRE_BUILD="./configure --k=$kernel_source_dir"\nPATCH[0]=a.patch\nBUILD_EXCLUSIVE_CONFIG="CONFIG_USB !CONFIG_PREEMPT_RT"\nBUILT_MODULE_NAME[0]=drv\nBUILT_MODULE_LOCATION[0]="src/"\nDEST_MODULE_LOCATION[0]=/updates`,
		);
		expect(conf).toMatchObject({
			...{ name: "drv", version: "0.7+5.3", preBuild: "./configure --k=/tree", patches: ["a.patch"] },
			exclusiveConfig: ["CONFIG_USB", "!CONFIG_PREEMPT_RT"],
			modules: [{ name: "drv", location: "src/", destination: "/updates" }],
		});
	});

	it("is null without a package name", () => expect(parse("MAKE=make")).toBeNull());

	it("ends on any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."a=$({\"'`)\\}\n;#[]if fi ") }), (text) => {
				readShellText(text, new Map([["a", "1"]]));
			}),
		);
	});

	it("tells a plain make, and gives it the release as dkms does", () => {
		expect(isPlainMake("make -C /t M=/d X='a b'")).toBe(true);
		for (const other of ["make a && make b", "(./configure; make)", "KDIR=/t make", "make X=`id`"])
			expect(isPlainMake(other)).toBe(false);
		expect(withRelease("'make' all", "1.2", 2)).toBe("make -j2 KERNELRELEASE=1.2 all");
		expect(withRelease("makeit all", "1.2", 2)).toBe("makeit all");
	});
});
