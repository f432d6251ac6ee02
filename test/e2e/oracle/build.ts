import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../../src/host/process/program.ts";
import { run } from "../../../src/host/process/run.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import { nativeRoot } from "./native.ts";

/** The headers of a kernel: the build folder with its config, and the folder with the real Makefile. */
export interface Headers {
	objtree: string;
	srctree: string;
	/** Where commands run: "/", or the root of another system that they are run in by chroot. */
	root: string;
}

export interface Change {
	/** Config symbols that are switched off for the modules alone. */
	off?: string[];
	/** Without the target's Module.symvers. */
	noSymvers?: boolean;
}

/** Where modules for the kernel can be compiled: with this machine's compiler, else with the kernel's own. */
export async function headersFor(
	kernel: LabKernel,
	probe: Record<string, string>,
	folder: string,
): Promise<Headers> {
	const headers = headersIn(kernel.sysroot, kernel.release, "/");
	try {
		await compile(headers, probe, join(folder, "probe"));
		return headers;
	} catch (error) {
		process.stderr.write(
			`oracle: this machine's compiler cannot build for ${kernel.release}: ${reason(error)}\n`,
		);
		return headersIn("/", kernel.release, await nativeRoot(kernel));
	}
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
	const outer = (path: string) => join(headers.root, path);
	rmSync(outer(folder), { recursive: true, force: true });
	const objtree = join(folder, "objtree");
	const work = join(folder, "modules");
	mkdirSync(outer(work), { recursive: true });
	// objtool reads /proc; the mount goes away with the namespace.
	const inRoot = headers.root === "/" ? [] : ["unshare", "--mount", "--mount-proc", `--root=${headers.root}`];
	await run([...inRoot, "cp", "-rs", headers.objtree, objtree]);
	if (change.noSymvers) rmSync(outer(join(objtree, "Module.symvers")));
	for (const symbol of change.off ?? []) switchOff(headers, outer(objtree), symbol);
	const names = Object.keys(modules);
	writeFileSync(outer(join(work, "Kbuild")), `obj-m := ${names.map((name) => `${name}.o`).join(" ")}\n`);
	for (const name of names) writeFileSync(outer(join(work, `${name}.c`)), modules[name] as string);
	await run(
		[
			...[...inRoot, "make", "-s", "-C", objtree, "-f", join(headers.srctree, "Makefile")],
			...[`KBUILD_OUTPUT=${objtree}`, `M=${work}`, `CC=${compilerOf(headers)}`, "KBUILD_MODPOST_WARN=1"],
			"modules",
		],
		{ timeout: 180_000, env: { MAKEFLAGS: undefined, MAKELEVEL: undefined, PATH: pathFor(headers) } },
	);
	return Object.fromEntries(
		names.map((name) => [name, new Uint8Array(readFileSync(outer(join(work, `${name}.ko`))))]),
	);
}

/** True when the build folder has the option switched on. */
export function isOn({ root, objtree }: Headers, symbol: string): boolean {
	return new RegExp(`^CONFIG_${symbol}=y$`, "m").test(
		readFileSync(join(root, objtree, "include/config/auto.conf"), "utf8"),
	);
}

/** Debian's headers packages: a flavour's folder, and the common one that its Makefile includes by an absolute path. */
export function headersIn(sysroot: string, release: string, root: string): Headers {
	const objtree = join(sysroot, "usr/src", `linux-headers-${release}`);
	const wrapper = readFileSync(join(root, objtree, "Makefile"), "utf8");
	const included = /^include (\/\S+)\/Makefile$/m.exec(wrapper)?.[1];
	return { objtree, srctree: included === undefined ? objtree : join(sysroot, included), root };
}

/** `copy` is the folder of links, as seen from here: its links lead to where the files are inside the root. */
function switchOff({ root, objtree }: Headers, copy: string, symbol: string): void {
	for (const file of ["include/config/auto.conf", "include/generated/autoconf.h"]) {
		const path = join(copy, file);
		const text = readFileSync(join(root, objtree, file), "utf8");
		rmSync(path);
		writeFileSync(
			path,
			text.replace(new RegExp(`^(#define CONFIG_${symbol} 1|CONFIG_${symbol}=y)\n`, "m"), ""),
		);
	}
}

/** The compiler of the kernel where it is installed. */
export function compilerOf({ root, objtree }: Headers): string {
	const config = readFileSync(join(root, objtree, ".config"), "utf8");
	const name = /^CONFIG_CC_VERSION_TEXT="(\S*gcc\S*)/m.exec(config)?.[1] ?? "gcc";
	const short = name.replace(/^x86_64-linux-gnu-/, "");
	const here = root === "/" ? findProgram(short) !== null : existsSync(join(root, "usr/bin", short));
	return here ? short : "gcc";
}

function pathFor({ root }: Headers): string {
	if (root !== "/") return "/usr/bin:/bin:/usr/sbin:/sbin";
	const links = "/usr/lib/ccache";
	return existsSync(links) && readdirSync(links).length > 0
		? `${links}:${process.env.PATH}`
		: `${process.env.PATH}`;
}

function reason(error: unknown): string {
	const lines = String(error instanceof Error ? error.message : error).split("\n");
	return (lines.find((line) => /error:|not found/.test(line)) ?? lines[0] ?? "").trim().slice(0, 160);
}
