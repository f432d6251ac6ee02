import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../../src/host/emulator.ts";
import { run } from "../../../src/host/run.ts";

/** The headers of a kernel in a sysroot: the build folder with its config, and the folder with the real Makefile. */
export interface Headers {
	objtree: string;
	srctree: string;
}

/** Debian's headers packages: a flavour's folder, and the common one that its Makefile includes by an absolute path. */
export function headersIn(sysroot: string, release: string): Headers {
	const sources = join(sysroot, "usr/src");
	const objtree = join(sources, `linux-headers-${release}`);
	const wrapper = readFileSync(join(objtree, "Makefile"), "utf8");
	const included = /^include (\/\S+)\/Makefile$/m.exec(wrapper)?.[1];
	return { objtree, srctree: included === undefined ? objtree : join(sysroot, included) };
}

export interface Change {
	/** Config symbols that are switched off for the modules alone. */
	off?: string[];
	/** Without the target's Module.symvers. */
	noSymvers?: boolean;
}

/**
 * Compiles modules against headers, in a copy of the build folder made of links that `change` applies to. Gives the
 * modules' bytes by name.
 */
export async function compile(
	headers: Headers,
	modules: Record<string, string>,
	folder: string,
	change: Change = {},
): Promise<Record<string, Uint8Array>> {
	rmSync(folder, { recursive: true, force: true });
	const objtree = join(folder, "objtree");
	const work = join(folder, "modules");
	mkdirSync(work, { recursive: true });
	await run(["cp", "-rs", headers.objtree, objtree]);
	if (change.noSymvers) rmSync(join(objtree, "Module.symvers"));
	for (const symbol of change.off ?? []) switchOff(objtree, symbol);
	const names = Object.keys(modules);
	writeFileSync(join(work, "Kbuild"), `obj-m := ${names.map((name) => `${name}.o`).join(" ")}\n`);
	for (const name of names) writeFileSync(join(work, `${name}.c`), modules[name] as string);
	await run(
		[
			...["make", "-s", "-C", objtree, "-f", join(headers.srctree, "Makefile")],
			...[
				`KBUILD_OUTPUT=${objtree}`,
				`M=${work}`,
				`CC=${compilerOf(objtree)}`,
				"KBUILD_MODPOST_WARN=1",
				"modules",
			],
		],
		{ timeout: 120_000, env: { MAKEFLAGS: undefined, MAKELEVEL: undefined, PATH: ccachePath() } },
	);
	return Object.fromEntries(
		names.map((name) => [name, new Uint8Array(readFileSync(join(work, `${name}.ko`)))]),
	);
}

/** True when the build folder has the option switched on. */
export function isOn({ objtree }: Headers, symbol: string): boolean {
	return new RegExp(`^CONFIG_${symbol}=y$`, "m").test(
		readFileSync(join(objtree, "include/config/auto.conf"), "utf8"),
	);
}

function switchOff(objtree: string, symbol: string): void {
	for (const file of ["include/config/auto.conf", "include/generated/autoconf.h"]) {
		const path = join(objtree, file);
		const text = readFileSync(path, "utf8");
		rmSync(path);
		writeFileSync(
			path,
			text.replace(new RegExp(`^(#define CONFIG_${symbol} 1|CONFIG_${symbol}=y)\n`, "m"), ""),
		);
	}
}

/** The compiler of the kernel where it is installed. */
function compilerOf(objtree: string): string {
	const config = readFileSync(join(objtree, ".config"), "utf8");
	const name = /^CONFIG_CC_VERSION_TEXT="(\S*gcc\S*)/m.exec(config)?.[1] ?? "gcc";
	const short = name.replace(/^x86_64-linux-gnu-/, "");
	return findProgram(short) === null ? "gcc" : short;
}

function ccachePath(): string {
	const links = "/usr/lib/ccache";
	return existsSync(links) && readdirSync(links).length > 0
		? `${links}:${process.env.PATH}`
		: `${process.env.PATH}`;
}
