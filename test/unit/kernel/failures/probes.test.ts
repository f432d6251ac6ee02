import { describe, expect, it } from "vitest";
import { catalogue, entryOf } from "../../../../src/kernel/failures/catalogue.ts";
import type { Details, Machine, Verdict } from "../../../../src/kernel/failures/entry.ts";

interface Here {
	/** Path → text; a path that ends in / is a folder. */
	files?: Record<string, string>;
	config?: Record<string, string> | null;
	programs?: string[];
	hardware?: string;
}

const RELEASE = "6.1.0-7-amd64";
const BUILD = `/lib/modules/${RELEASE}/build`;

function machine({ files = {}, config = null, programs = [], hardware = "x86_64" }: Here): Machine {
	const paths = Object.keys(files);
	const below = (path: string) => paths.filter((name) => name.startsWith(`${path.replace(/\/$/, "")}/`));
	return {
		kernel: "the running kernel",
		release: RELEASE,
		hardware,
		uid: 1000,
		exists: (path) => paths.includes(path) || below(path).length > 0,
		text: (path) => files[path] ?? null,
		list: (path) => [
			...new Set(below(path).map((name) => name.slice(path.length + 1).split("/")[0] as string)),
		],
		program: (name) => (programs.includes(name) ? `/usr/bin/${name}` : null),
		config: (symbol) => (config === null ? null : (config[symbol] ?? "n")),
	};
}

const symvers = {
	[`${BUILD}/Module.symvers`]:
		"0x1\tbus_register\tvmlinux\tEXPORT_SYMBOL_GPL\t\n0x2\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0x3\tdma_buf_get\tvmlinux\tEXPORT_SYMBOL_GPL\tDMA_BUF\n",
};
const build = { [`${BUILD}/Makefile`]: "" };

type Case = [id: string, details: Details, here: Here, verdict: Verdict["verdict"]];

const cases: Case[] = [
	["vermagic-flags", { flags_missing: ["preempt"] }, { config: { PREEMPT: "y" } }, "confirmed"],
	["vermagic-flags", { flags_missing: ["SMP"] }, { config: {} }, "contradicted"],
	["vermagic-flags", { flags_missing: ["SMP"], release_kernel: ["5.4.0"] }, { config: {} }, "not-checkable"],
	["vermagic-flags", { flags_missing: ["686"] }, { config: {} }, "not-checkable"],
	["vermagic-randstruct", {}, { config: { RANDSTRUCT: "y" } }, "confirmed"],
	["vermagic-randstruct", {}, { config: {} }, "not-checkable"],
	["vermagic-missing", {}, { files: { "/proc/sys/kernel/tainted": "4098" } }, "confirmed"],
	["vermagic-missing", {}, { files: { "/proc/sys/kernel/tainted": "4096" } }, "contradicted"],
	["vermagic-missing", {}, {}, "not-checkable"],
	["struct-module-size", {}, { config: { DEBUG_INFO_BTF_MODULES: "y" } }, "not-checkable"],
	["livepatch-reload", {}, { files: { "/sys/kernel/livepatch/one/enabled": "1" } }, "confirmed"],
	["livepatch-reload", {}, {}, "contradicted"],
	["compiler-runtime-symbol", { symbol: ["__aeabi_uldivmod"] }, { hardware: "armv7l" }, "confirmed"],
	["compiler-runtime-symbol", { symbol: ["__udivdi3"] }, {}, "not-checkable"],
	["protected-symbol-export", {}, { config: { MODULE_SIG_PROTECT: "y" } }, "confirmed"],
	["protected-symbol-export", {}, { config: {} }, "contradicted"],
	["gpl-only-symbol", { symbol: ["bus_register"] }, { files: symvers }, "confirmed"],
	["gpl-only-symbol", { symbol: ["printk"] }, { files: symvers }, "contradicted"],
	["gpl-only-symbol", { symbol: ["printk"] }, {}, "not-checkable"],
	["symbol-namespace", { symbol: ["dma_buf_get"], namespace: ["DMA_BUF"] }, { files: symvers }, "confirmed"],
	["symbol-namespace", { symbol: ["printk"], namespace: ["DMA_BUF"] }, { files: symvers }, "contradicted"],
	["duplicate-export", { symbol: ["printk"] }, { files: symvers }, "confirmed"],
	["unknown-symbol", { symbol: ["nothing"] }, { files: symvers }, "confirmed"],
	["unknown-symbol", { symbol: ["printk"] }, { files: symvers }, "not-checkable"],
	["modpost-undefined", { symbol: ["nothing"] }, { files: symvers }, "confirmed"],
	["signature-format", {}, { config: { MODULE_SIG: "y" } }, "confirmed"],
	["selinux-denied", {}, { files: { "/sys/fs/selinux/enforce": "1" } }, "confirmed"],
	["selinux-denied", {}, { files: { "/sys/fs/selinux/enforce": "0" } }, "contradicted"],
	["selinux-denied", {}, { files: { "/sys/kernel/security/lsm": "lockdown,capability" } }, "contradicted"],
	["module-decompress-failed", {}, { files: { "/sys/module/compression": "xz" } }, "confirmed"],
	["module-decompress-failed", {}, { config: {} }, "contradicted"],
	["module-area-exhausted", {}, { files: { "/proc/meminfo": "VmallocTotal:     245760 kB" } }, "confirmed"],
	[
		"module-area-exhausted",
		{},
		{ files: { "/proc/meminfo": "VmallocTotal:   34359738367 kB" } },
		"not-checkable",
	],
	["module-init-failed", { module: ["a-b"] }, { files: { "/sys/module/a_b/": "" } }, "contradicted"],
	["module-init-failed", { module: ["a-b"] }, {}, "not-checkable"],
	[
		"unknown-parameter",
		{ module: ["a"], parameter: ["p"] },
		{ files: { "/sys/module/a/parameters/p": "" } },
		"contradicted",
	],
	[
		"unknown-parameter",
		{ module: ["a"], parameter: ["q"] },
		{ files: { "/sys/module/a/parameters/p": "" } },
		"not-checkable",
	],
	[
		"module-not-retpoline",
		{},
		{ files: { "/sys/devices/system/cpu/vulnerabilities/spectre_v2": "Mitigation: Retpolines" } },
		"confirmed",
	],
	["benign-noise", { module: ["a"] }, { files: { "/proc/modules": "", "/sys/module/a/": "" } }, "confirmed"],
	["not-a-kernel-tree", { path: ["/src"] }, { files: { "/src/README": "" } }, "confirmed"],
	[
		"not-a-kernel-tree",
		{ path: ["/src"] },
		{ files: { "/src/Makefile": "", "/src/scripts/": "" } },
		"contradicted",
	],
	["not-a-kernel-tree", { path: ["/elsewhere"] }, {}, "not-checkable"],
	["tree-not-prepared", { file: ["include/config/auto.conf"] }, { files: build }, "confirmed"],
	["tree-not-prepared", { file: ["include/config/auto.conf"] }, {}, "not-checkable"],
	[
		"tree-not-prepared",
		{ file: ["include/config/auto.conf"] },
		{ files: { [`${BUILD}/include/config/auto.conf`]: "" } },
		"contradicted",
	],
	["tree-not-clean", { path: ["/l"] }, { files: { "/l/Makefile": "", "/l/.config": "" } }, "confirmed"],
	["tree-not-clean", { path: ["/l"] }, { files: { "/l/Makefile": "" } }, "contradicted"],
	["module-lds-missing", {}, { files: build }, "confirmed"],
	["host-tools-missing", { file: ["scripts/basic/fixdep"] }, { files: build }, "confirmed"],
	["objtool-missing", {}, { files: { ...build, [`${BUILD}/tools/objtool/objtool`]: "" } }, "contradicted"],
	["libelf-missing", { file: ["gelf.h"] }, {}, "confirmed"],
	["libelf-missing", { file: ["gelf.h"] }, { files: { "/usr/include/gelf.h": "" } }, "contradicted"],
	["libelf-missing", { file: ["-lelf"] }, { files: { "/usr/lib64/libelf.so": "" } }, "contradicted"],
	["openssl-headers-missing", { file: ["openssl/bio.h"] }, {}, "confirmed"],
	[
		"trusted-keys-missing",
		{ file: ["debian/x.pem"] },
		{ config: { SYSTEM_TRUSTED_KEYS: '"debian/x.pem"' } },
		"confirmed",
	],
	["trusted-keys-missing", { file: ["debian/x.pem"] }, { config: {} }, "not-checkable"],
	[
		"compiler-flag-unsupported",
		{},
		{ files: { "/proc/version": "Linux (a@b) (gcc-12 (Debian) 12.2)" } },
		"not-checkable",
	],
	["symvers-missing", {}, { files: build }, "confirmed"],
	["symvers-missing", {}, { files: symvers }, "contradicted"],
	["symbol-name-too-long", {}, { config: { MODVERSIONS: "y" } }, "confirmed"],
	[
		"arch-variable-wrong",
		{ file: ["arch/amd64/Makefile"] },
		{ files: { [`${BUILD}/arch/x86/Makefile`]: "" } },
		"confirmed",
	],
	["path-with-space", { path: ["/my drivers/x"] }, { files: { "/my drivers/x/Makefile": "" } }, "confirmed"],
	[
		"noexec-mount",
		{ file: ["/mnt/tree/scripts/basic/fixdep"] },
		{
			files: {
				"/mnt/tree/scripts/basic/fixdep": "",
				"/proc/self/mounts": "/dev/a / ext4 rw 0 0\n/dev/b /mnt ext4 rw,noexec 0 0",
			},
		},
		"confirmed",
	],
	[
		"tree-not-writable",
		{ path: ["/mnt/tree"] },
		{ files: { "/mnt/tree/x": "", "/proc/self/mounts": "/dev/a / ext4 rw 0 0\n/dev/b /mnt ext4 rw 0 0" } },
		"contradicted",
	],
	["pahole-missing", {}, {}, "confirmed"],
	["toolchain-missing", { tool: ["gcc-12"] }, { programs: ["gcc-12"] }, "contradicted"],
];

describe("what the machine says", () => {
	it.each(cases)("%s %j %j: %s", (id, details, here, verdict) => {
		const answer = entryOf(id)?.confirm?.(details, machine(here));
		expect(answer?.verdict).toBe(verdict);
		if (verdict !== "not-checkable") expect(answer?.evidence).not.toEqual([]);
	});

	it("is asked by most entries, and an empty machine breaks none of them", () => {
		const asking = catalogue.filter(({ confirm }) => confirm !== undefined);
		expect(asking.length).toBeGreaterThanOrEqual(55);
		for (const { id, confirm } of asking) {
			const said = confirm?.({}, machine({}));
			expect(["confirmed", "contradicted", "not-checkable"], id).toContain(said?.verdict);
			for (const line of said?.evidence ?? []) expect(line, id).not.toMatch(/undefined|null|NaN/);
		}
	});
});
