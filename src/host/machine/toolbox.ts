import { existsSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../process/program.ts";
import { attempt } from "../process/run.ts";

/** What of a needed thing is on this machine. */
export interface Found {
	/** Path of the program or header. */
	path: string;
	/** "12.2.0"; null for headers, and when the program does not say. */
	version: string | null;
}

/**
 * Looks for a tool as packageFor() names it: a program on PATH, a header or library by compiling, or one of the sets.
 * null when it is not here. Runs the tool itself for its version, and `compiler` for headers.
 */
export async function findTool(tool: string, compiler = "gcc"): Promise<Found | null> {
	const set = /^(.*gcc(?:-\d+)?)-(plugin|m32)$/.exec(tool);
	if (set !== null) return set[2] === "plugin" ? findPlugin(set[1] as string) : findMultilib(compiler);
	if (tool === "rust-src") return findRustSource();
	if (tool.endsWith(".h")) return findHeader(tool, compiler);
	const path = findProgram(tool) ?? findProgramOfRoot(tool);
	return path === null ? null : { path, version: await versionOf(path) };
}

/** Dotted numbers compared by semver on coerced versions; "1.07.1" counts as 1.7.1. */
export async function isAtLeast(version: string, required: string): Promise<boolean> {
	const { default: semver } = await import("semver");
	const plain = (text: string) => semver.coerce(text.replace(/(^|\.)0+(?=\d)/g, "$1"));
	const [have, want] = [plain(version), plain(required)];
	return have !== null && want !== null && semver.gte(have, want);
}

/** The version in the first line that `--version` and its kin print; parts in brackets name packages, not the tool. */
export function versionIn(output: string): string | null {
	const line = output.split("\n").find((it) => /\d/.test(it)) ?? "";
	const plain = line.replace(/\([^)]*\)/g, " ");
	const dotted = /\d+(?:\.\d+)+/;
	return (dotted.exec(plain) ?? dotted.exec(line) ?? /\d+/.exec(plain))?.[0] ?? null;
}

const PATIENCE = 10_000;

async function versionOf(program: string): Promise<string | null> {
	for (const flag of ["--version", "version"]) {
		const { status, stdout, stderr } = await attempt([program, flag], {
			timeout: PATIENCE,
			env: { LC_ALL: "C" },
		});
		const version = status === 0 ? versionIn(stdout === "" ? stderr : stdout) : null;
		if (version !== null) return version;
	}
	return null;
}

/** Programs such as depmod are often only on root's PATH. */
function findProgramOfRoot(name: string): string | null {
	return ["/usr/sbin", "/sbin"].map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** `-M` makes the preprocessor list the files that were read. */
async function findHeader(header: string, compiler: string): Promise<Found | null> {
	const listed = await ask([compiler, "-M", "-x", "c", "-"], `#include <${header}>\n`);
	const path = listed?.split(/\s+/).find((word) => word.endsWith(`/${header}`));
	return path === undefined ? null : { path, version: null };
}

async function findPlugin(compiler: string): Promise<Found | null> {
	const program = findProgram(compiler) === null ? "gcc" : compiler;
	const folder = (await ask([program, "-print-file-name=plugin"]))?.trim();
	const path = folder === undefined ? "" : join(folder, "include/plugin-version.h");
	return folder?.startsWith("/") && existsSync(path) ? { path, version: null } : null;
}

/** Linking needs more than compiling: start files and libgcc of 32 bits. */
async function findMultilib(compiler: string): Promise<Found | null> {
	const path = (await ask([compiler, "-m32", "-print-libgcc-file-name"]))?.trim();
	const works = await ask(
		[compiler, "-m32", "-x", "c", "-o", "/dev/null", "-"],
		"int main(void) { return 0; }\n",
	);
	return works === null || path === undefined ? null : { path, version: null };
}

async function findRustSource(): Promise<Found | null> {
	const root = (await ask(["rustc", "--print", "sysroot"]))?.trim();
	const path = join(root ?? "", "lib/rustlib/src/rust/library/core/src/lib.rs");
	return root !== undefined && existsSync(path) ? { path, version: null } : null;
}

/** What the program prints; null when it is missing or fails. */
async function ask(command: string[], input = ""): Promise<string | null> {
	if (findProgram(command[0] ?? "") === null) return null;
	const { status, stdout } = await attempt(command, { input, timeout: PATIENCE, env: { LC_ALL: "C" } });
	return status === 0 ? stdout : null;
}
