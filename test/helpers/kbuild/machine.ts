import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { attempt } from "../../../src/host/process/run.ts";
import { addFiles, configText, headersFolder } from "../../unit/target/fake-root.ts";
import { ARCH, type Era, type TreeOptions, VERSION, writeKbuildTree } from "./tree.ts";

const BIN = fileURLToPath(new URL("../../../bin/run.js", import.meta.url));
export const COMPILER = "gcc (Made Up 12.2.0-1) 12.2.0";

export interface Case extends TreeOptions {
	era: Era;
	/** The target's release. */
	release: string;
	/** Added to the target's .config. */
	config?: string[];
	/** Programs put before PATH: name → shell script. */
	programs?: Record<string, string>;
}

export interface Answer {
	status: number | null;
	stdout: string;
	stderr: string;
	// biome-ignore lint/suspicious/noExplicitAny: documents of all commands
	json: any;
}

/** A tree, a root folder with the target's headers, and a PATH with made-up compilers, in one temporary folder. */
export class Bench {
	readonly top = mkdtempSync(join(tmpdir(), "kprep-era-"));
	readonly tree = join(this.top, "tree");
	readonly root = join(this.top, "root");
	readonly bin = join(this.top, "bin");
	readonly release: string;

	constructor({ era, release, config = [], programs = {}, ...tree }: Case) {
		onTestFinished(() => rmSync(this.top, { recursive: true, force: true }));
		this.release = release;
		mkdirSync(this.tree);
		writeKbuildTree(this.tree, era, tree);
		this.install(release, VERSION[era], config);
		mkdirSync(this.bin);
		const compiler = `echo '${COMPILER}'`;
		for (const [name, script] of Object.entries({ gcc: compiler, ...programs })) this.program(name, script);
	}

	/** Headers of a kernel in the root folder, as \`make modules_install\` would link them. */
	install(release: string, version: string, config: string[] = []): void {
		const lines = ["CONFIG_64BIT=y", "CONFIG_X86_64=y", ...config];
		const text = configText(version, lines, ARCH).replace(
			/CC_VERSION_TEXT=.*/,
			`CC_VERSION_TEXT="${COMPILER}"`,
		);
		addFiles(this.root, {
			...headersFolder(`usr/src/linux-headers-${release}`, release, version),
			[`lib/modules/${release}/build`]: { link: `/usr/src/linux-headers-${release}` },
			[`usr/src/linux-headers-${release}/.config`]: text,
			[`usr/src/linux-headers-${release}/Makefile`]: "include /usr/src/linux-common/Makefile\n",
		});
	}

	program(name: string, script: string): void {
		writeFileSync(join(this.bin, name), `#!/bin/sh\n${script}\n`);
		chmodSync(join(this.bin, name), 0o755);
	}

	/** The environment of a fresh shell, without settings of whoever runs the tests. */
	env(more: Record<string, string> = {}): Record<string, string> {
		return {
			PATH: `${this.bin}:${process.env.PATH}`,
			HOME: this.top,
			LC_ALL: "C.UTF-8",
			KPREP_STORE: "none",
			...more,
		};
	}

	/** Starts kprep, stdin a pipe that stays open and empty: whoever asks a question waits for ever. */
	start(args: string[], env: Record<string, string> = {}, cwd = this.top): ChildProcess {
		return spawn(process.execPath, [BIN, ...args], {
			cwd,
			env: this.env(env),
			stdio: ["pipe", "pipe", "pipe"],
		});
	}

	async kprep(args: string[], env: Record<string, string> = {}, cwd = this.top): Promise<Answer> {
		return await ended(this.start(args, env, cwd));
	}

	/** \`kprep sync TREE\` for the target, with --json. */
	async sync(...args: string[]): Promise<Answer> {
		return await this.kprep(["sync", this.tree, "--sysroot", this.root, "-j", "2", "--json", ...args]);
	}

	async undo(...args: string[]): Promise<Answer> {
		return await this.kprep(["undo", this.tree, "--json", ...args]);
	}

	/** What a person types in a shell of their own. */
	async make(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
		const names = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
		return await attempt(["make", ...args], {
			cwd: this.top,
			env: { ...names, ...this.env() },
			timeout: 30_000,
		});
	}
}

/** Waits for a kprep and reads its JSON; stdout that is not one document gives null. */
export async function ended(child: ChildProcess): Promise<Answer> {
	let [stdout, stderr] = ["", ""];
	child.stdout?.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr?.on("data", (chunk) => {
		stderr += chunk;
	});
	const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
	let json = null;
	try {
		json = JSON.parse(stdout);
	} catch {}
	return { status, stdout, stderr, json };
}
