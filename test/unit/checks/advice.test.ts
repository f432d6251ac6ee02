/**
 * Every command that verify and sync advise, over situations of target, tree and host: it parses with the real flags,
 * names packages that the package lists have, carries what the user named, and is not what was just run.
 */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@oclif/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { baseFlags } from "../../../src/cli/command.ts";
import { silent } from "../../../src/host/progress.ts";
import { shellWords } from "../../../src/kernel/kbuild/compile-command.ts";
import type { Target } from "../../../src/target/target.ts";
import { type VerifyRequest, verify } from "../../../src/workflows/verify/index.ts";
import { configText, type Files, fakeRoot } from "../target/fake-root.ts";
import { fact, fakeTarget, fileFact, prepare, RELEASE, strangeTarget, treeFolder } from "./fake-context.ts";

const LISTED = ["apt", "gcc-12", "pahole", "bison"];

beforeEach(() => {
	const entries = LISTED.map((name) => `${name}:\n  Installed: (none)\n  Candidate: 1.0\n 1.0 500 https://x`);
	const host = fakeRoot({ "bin/apt-cache": `#!/bin/sh\ncat <<'END'\n${entries.join("\n")}\nEND\n` });
	chmodSync(join(host, "bin/apt-cache"), 0o755);
	vi.stubEnv("PATH", `${join(host, "bin")}:/usr/bin:/bin`);
});
afterEach(() => vi.unstubAllEnvs());

const VERSION = "6.1.192";
const broken: Files = { "scripts/basic/fixdep": "\x7fELF", "scripts/mod/modpost": "\x7fELF" };

const TREES: Record<string, () => string> = {
	"never prepared": () => treeFolder(VERSION),
	"prepared for it": () => prepared(VERSION, RELEASE),
	"prepared for another release": () => prepared(VERSION, "6.1.192-other"),
	"another sublevel": () => prepared("6.1.190", "6.1.190-other"),
	"host tools of another machine": () => prepared(VERSION, RELEASE, broken),
	"another compiler, options lost": () => prepared(VERSION, RELEASE, {}, "gcc (Distro 14.1.0-1) 14.1.0"),
};

function prepared(version: string, release: string, more: Files = {}, compiler?: string): string {
	const folder = treeFolder(version, {
		"include/linux/lost.h": "#ifdef CONFIG_LOST\n",
		Kconfig: 'config LOST\n\tbool "Lost"\n',
	});
	const text = configText(version, []);
	const config = compiler === undefined ? text : text.replace("gcc-12 (Distro 12.2.0-14) 12.2.0", compiler);
	prepare(folder, release, version, {
		".config": config,
		"include/linux/vermagic.h": "#define VERMAGIC_STRING UTS_RELEASE MODULE_ARCH_VERMAGIC\n",
		"arch/x86/include/asm/vermagic.h": '#define MODULE_ARCH_VERMAGIC ""\n',
		...more,
	});
	return folder;
}

const config = (...lines: string[]) => fileFact(configText(VERSION, lines));
const TARGETS: Record<string, () => Promise<Target>> = {
	plain: () => fakeTarget({ config: config("CONFIG_LOST=y") }),
	"forced signatures": () =>
		fakeTarget({ config: config("CONFIG_MODULE_SIG=y", "CONFIG_MODULE_SIG_FORCE=y") }),
	"built-in lockdown": () => fakeTarget({ config: config("CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY=y") }),
	randstruct: () =>
		fakeTarget({ config: config("CONFIG_RANDSTRUCT=y"), randstructSeed: fileFact("e".repeat(64)) }),
	"gcc 14": () =>
		fakeTarget({ compiler: fact("gcc-14 (D 14.1.0-1) 14.1.0"), config: config("CONFIG_CFI=y") }),
	clang: () => fakeTarget({ compiler: fact("clang version 19.1.0"), config: config("CONFIG_CFI_CLANG=y") }),
	"nothing known": async () => strangeTarget(await fakeTarget()),
};

const SPECS: Record<string, Partial<VerifyRequest>> = {
	"nothing named": {},
	"--sysroot": { spec: { sysroot: "/mnt/a board" } },
	"-t, --config and -O": { spec: { target: "6.1.0-1-test", config: "/etc/its config" } },
	"just synced": { spec: { sysroot: "/mnt/board" }, after: { fetched: false } },
	"just synced with --toolchain fetch": { spec: { target: RELEASE }, after: { fetched: true } },
};

const COMMANDS: Record<string, () => Promise<{ default: unknown }>> = {
	sync: () => import("../../../src/commands/sync.ts"),
	verify: () => import("../../../src/commands/verify.ts"),
	build: () => import("../../../src/commands/build.ts"),
	doctor: () => import("../../../src/commands/doctor.ts"),
	"source list": () => import("../../../src/commands/source/list.ts"),
	"source get": () => import("../../../src/commands/source/get.ts"),
};

/** Every second of all combinations: each pair of tree, target and way of naming still comes up. */
const situations = Object.keys(TREES).flatMap((tree, one) =>
	Object.keys(TARGETS).flatMap((target, two) =>
		Object.keys(SPECS)
			.map((spec) => [tree, target, spec] as const)
			.filter((_, three) => (one + two + three) % 2 === 0),
	),
);

describe(`advice in ${situations.length} situations`, () => {
	it.each(Object.keys(SPECS))("%s", { timeout: 120_000 }, async (spec) => {
		for (const [tree, target] of situations.filter((one) => one[2] === spec)) {
			const folder = TREES[tree]?.() as string;
			const request = SPECS[spec] as Partial<VerifyRequest>;
			const report = await verify({
				...{ tree: folder, target: (await TARGETS[target]?.()) as Target, progress: silent },
				...{ proof: { mode: "never" }, ...request },
			});
			for (const { id, commands } of report.checks)
				for (const command of commands)
					await expectGood(command, request, folder, `${tree}, ${target}, ${spec}, ${id}: ${command}`);
		}
	});
});

async function expectGood(command: string, request: Partial<VerifyRequest>, tree: string, what: string) {
	const words = shellWords(command);
	if (words[0] !== "kprep") {
		const at = words.indexOf("install");
		for (const name of at < 0 ? [] : words.slice(at + 1).filter((word) => !word.startsWith("-")))
			expect(LISTED, what).toContain(name);
		return;
	}
	const name = [words.slice(1, 3).join(" "), words[1] ?? ""].find((one) => one in COMMANDS);
	expect(name, what).toBeDefined();
	const loaded = (await COMMANDS[name as string]?.())?.default;
	const known = loaded as { flags: object; args: object; strict?: boolean };
	const argv = words.slice(1 + (name as string).split(" ").length);
	const parsed = await Parser.parse(argv, {
		...{ flags: { ...baseFlags, ...known.flags } as never, args: (known.args ?? {}) as never },
		strict: known.strict ?? true,
	}).catch((error: Error) => expect.fail(`${what}: ${error.message}`));
	const flags = parsed.flags as Record<string, unknown>;
	// A build is named by its folder; it has no target of its own to be told again.
	if (name !== "build") {
		const { sysroot, target, config: file } = request.spec ?? {};
		expect(flags.sysroot, what).toBe(sysroot);
		if (target !== undefined) expect(flags.target, what).toBe(target);
		expect(flags.config, what).toBe(file);
	}
	if (name === "sync" || name === "verify") expect(argv, what).toContain(tree);
	if (request.after === undefined || name !== "sync") return;
	expect(request.after.fetched, what).toBe(false);
	expect(flags.toolchain, what).toBe("fetch");
}
