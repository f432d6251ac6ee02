import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTree } from "../../../../src/tree/read.ts";
import { type Item, packageContents, packedSettings } from "../../../../src/workflows/package/contents.ts";
import { readHostArch } from "../../../../src/workflows/package/host-arch.ts";
import { packageNames } from "../../../../src/workflows/package/names.ts";
import { rpmSpec } from "../../../../src/workflows/package/rpm.ts";
import { writeArchive, writeDeb, writeFolder } from "../../../../src/workflows/package/write.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-package-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MAKEFILE = `VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\nkernelrelease:\n\t@echo "$(KERNELVERSION)"\nimage_name:\n`;

function tree(): string {
	const top = mkdtempSync(join(folder, "tree-"));
	const put = (path: string, text: string, mode = 0o644) => {
		mkdirSync(dirname(join(top, path)), { recursive: true });
		writeFileSync(join(top, path), text, { mode });
	};
	put("Makefile", MAKEFILE);
	put(".config", "CONFIG_X86=y\n");
	for (const path of [
		"include/linux/module.h",
		"include/generated/autoconf.h",
		"include/generated/compile.h",
	])
		put(path, "x");
	for (const path of [
		"include/config/auto.conf",
		"include/config/OTHER",
		"Module.symvers",
		"certs/signing_key.pem",
	])
		put(path, "x");
	for (const path of ["arch/x86/Makefile", "arch/x86/include/asm/a.h", "arch/x86/include/generated/asm/g.h"])
		put(path, "x");
	for (const path of ["arch/arm/include/asm/a.h", "arch/x86/kernel/setup.c", "scripts/kconfig/conf"])
		put(path, "x");
	for (const path of ["scripts/Makefile.build", "scripts/mod/modpost.o", "scripts/mod/.modpost.cmd"])
		put(path, "x");
	put("scripts/mod/modpost", "#!/bin/sh\n", 0o755);
	put("GNUmakefile", "# somebody's\n");
	symlinkSync("linux", join(top, "include/dt"));
	symlinkSync("/etc", join(top, "include/out"));
	symlinkSync("../../..", join(top, "include/up"));
	return top;
}

describe("names", () => {
	it("tell rpm of a release only where it is a version to it", () => {
		const spec = (release: string) =>
			rpmSpec(packageNames(release, "6.1.9"), "/usr/src/x", { compiler: [], libraries: [] });
		expect(spec("6.12.5-200.fc41.x86_64")).toContain("kernel-devel-uname-r = 6.12.5-200.fc41.x86_64\n");
		expect(spec("6.1.0-57-amd64")).not.toContain("kernel-devel-uname-r");
	});

	it("know the architectures by the words of dpkg, rpm and uname", () => {
		for (const word of ["arm64", "aarch64"]) expect(readHostArch(word).triplet).toBe("aarch64-linux-gnu");
		expect(readHostArch("amd64").machine).toBe(62);
		expect(() => readHostArch("vax")).toThrow(/no architecture/);
	});
});

describe("packageContents", () => {
	const top = tree();
	const items = packageContents(readTree(top), "6.1.0-5-x");
	const textOf = (path: string) =>
		(items.find((item) => item.path === path) as Extract<Item, { kind: "text" }>).text;

	it("takes what an external build reads, and no key, saved command or link that leads out", () => {
		expect(items.map(({ path }) => path)).toEqual(
			[
				...[".config", ".kprep-headers", "Makefile", "Module.symvers", "arch/x86/Makefile"],
				...["arch/x86/include/asm/a.h", "arch/x86/include/generated/asm/g.h", "include/config/auto.conf"],
				...["include/config/kernel.release", "include/dt", "include/generated/autoconf.h"],
				...["include/linux/module.h", "scripts/Makefile.build", "scripts/mod/modpost"],
			].sort(),
		);
	});

	it("states the release", () => {
		expect(textOf("include/config/kernel.release")).toBe("6.1.0-5-x\n");
		expect(textOf("Makefile")).toContain(
			"kernelrelease:\n\t@cat $(objtree)/include/config/kernel.release\nimage_name:",
		);
	});

	it("keeps the cross compiler's prefix only for another architecture than the one that compiles", () => {
		const variables = { ARCH: "arm64", CROSS_COMPILE: "aarch64-linux-gnu-", CC: "aarch64-linux-gnu-gcc-12" };
		const settings = { release: null, quietScm: false, variables };
		expect(packedSettings({ ...readTree(top), settings }, "arm64")).toEqual({ ARCH: "arm64", CC: "gcc-12" });
		expect(packedSettings({ ...readTree(top), settings }, "x86")).toEqual(variables);
	});

	it("gives the same bytes twice, as tar and as deb, that tar and dpkg read", async () => {
		const facts = {
			...{ names: packageNames("6.1.0-5-x", "6.1.9"), architecture: "amd64", depends: ["libc6"] },
			...{ kibibytes: 1, mtime: 1_700_000_000, base: "6.1.9" },
		};
		const read = (name: string) => readFileSync(join(folder, name));
		for (const name of ["1", "2"]) {
			await writeDeb(items, facts, join(folder, `${name}.deb`));
			await writeArchive(items, "headers", join(folder, `${name}.tar.gz`), 1_700_000_000);
		}
		expect(read("1.deb").equals(read("2.deb"))).toBe(true);
		expect(read("1.tar.gz").equals(read("2.tar.gz"))).toBe(true);
		const listed = execFileSync("tar", ["-tzf", join(folder, "1.tar.gz")], { encoding: "utf8" });
		expect(listed.split("\n")).toContain("headers/scripts/mod/modpost");
		const members = read("1.deb")
			.toString("latin1")
			// A member of even length has no line end before the next one's head.
			.match(/(debian-binary|(control|data)\.tar\.\w+)(?= +1700000000 .*`$)/gm);
		expect(members).toEqual(["debian-binary", "control.tar.gz", "data.tar.xz"]);
	});

	it("fills only an empty folder", () => {
		const target = join(folder, "dir");
		writeFolder(items, target, 1);
		expect(readFileSync(join(target, "scripts/mod/modpost"), "utf8")).toBe("#!/bin/sh\n");
		expect(() => writeFolder(items, target, 1)).toThrow(/is there already/);
	});
});
