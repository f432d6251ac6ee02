import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/kernel/config/config.ts";
import type { Circumstances } from "../../../../src/kernel/needs/need.ts";
import { needsOf } from "../../../../src/kernel/needs/needs.ts";

const needs = (config: string, more: Partial<Circumstances> = {}) =>
	needsOf({
		config: parseConfig(config),
		has: null,
		minimums: new Map([["make", "4.0"]]),
		pahole: "1.21",
		arch: "x86",
		host: "x86",
		compiler: null,
		...more,
	});
const tools = (config: string, more: Partial<Circumstances> = {}) =>
	needs(config, more)
		.filter(({ must }) => must)
		.map(({ tool }) => tool);

describe("needsOf", () => {
	const cases: [config: string, tool: string][] = [
		["CONFIG_DEBUG_INFO_BTF=y", "pahole"],
		["CONFIG_OBJTOOL=y", "gelf.h"],
		["CONFIG_STACK_VALIDATION=y", "gelf.h"],
		["CONFIG_MODULE_SIG=y", "openssl/opensslv.h"],
		["CONFIG_GENDWARFKSYMS=y", "elfutils/libdw.h"],
		["CONFIG_RUST=y", "rustc"],
		["CONFIG_RUST=y", "bindgen"],
		["CONFIG_MODULE_COMPRESS_XZ=y", "xz"],
		["CONFIG_MODULE_COMPRESS_ZSTD=y", "zstd"],
		["CONFIG_CC_IS_CLANG=y", "clang"],
		["CONFIG_LD_IS_LLD=y", "ld.lld"],
	];
	it.each(cases)("%s needs %s, and nothing else does", (config, tool) => {
		expect(tools(config)).toContain(tool);
		expect(tools("")).not.toContain(tool);
		expect(tools("CONFIG_SOMETHING_ELSE=y")).not.toContain(tool);
	});

	it("names each tool once, with every reason", () => {
		const all = needs("CONFIG_MODVERSIONS=y");
		expect(new Set(all.map(({ tool }) => tool)).size).toBe(all.length);
		expect(all.find(({ tool }) => tool === "flex")?.neededFor).toBe("kconfig; CONFIG_MODVERSIONS: genksyms");
	});

	it("probes the tree: no grammar, no flex", () => {
		expect(tools("", { has: () => false })).not.toContain("flex");
		expect(tools("", { has: (path) => path === "scripts/kconfig/lexer.l" })).toContain("flex");
		expect(tools("", { has: (path) => path === "kernel/timeconst.pl" })).toContain("perl");
		expect(tools("")).not.toContain("perl");
	});

	it("passes on what the tree asks for", () => {
		expect(needs("").find(({ tool }) => tool === "make")?.required).toBe("4.0");
		expect(needs("CONFIG_DEBUG_INFO_BTF=y").find(({ tool }) => tool === "pahole")?.required).toBe("1.21");
	});

	it("names the target's own compiler, its plugins, and a cross compiler", () => {
		const compiler = "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0";
		const own = needs("CONFIG_GCC_PLUGINS=y", { compiler });
		expect(own.find(({ tool }) => tool === "gcc-12")).toMatchObject({ required: "12", must: false });
		expect(own.map(({ tool }) => tool)).toEqual(expect.arrayContaining(["gcc-12-plugin", "g++"]));
		expect(tools("", { compiler, arch: "arm64" })).toContain("aarch64-linux-gnu-gcc");
		expect(tools("", { compiler, arch: "arm64", host: "arm64" })).not.toContain("aarch64-linux-gnu-gcc");
		expect(tools("CONFIG_X86_32=y")).toContain("gcc-m32");
	});

	it("of a clang kernel all of LLVM, by a name with the number or without, best of the target's version", () => {
		const compiler = "Debian clang version 19.1.7 (3)";
		const all = needs("CONFIG_CC_IS_CLANG=y\nCONFIG_LD_IS_LLD=y", { compiler });
		for (const tool of ["clang", "ld.lld", "llvm-ar"]) {
			expect(all.find((need) => need.tool === tool)).toMatchObject({ must: true, instead: [`${tool}-19`] });
			expect(all.find((need) => need.tool === `${tool}-19`)).toMatchObject({
				...{ required: "19", must: false, instead: [tool] },
			});
		}
		expect(tools("CONFIG_CC_IS_CLANG=y", { compiler })).not.toContain("llvm-ar");
	});

	it.each([
		["x86", "qemu-system-x86_64"],
		["arm64", "qemu-system-aarch64"],
		["riscv", "qemu-system-riscv64"],
	])("--boot of %s wants %s, but nothing is refused without it", (arch, tool) => {
		expect(needs("", { arch }).find((need) => need.tool === tool)).toMatchObject({ must: false });
	});
});
