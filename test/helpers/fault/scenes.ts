import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { attributes } from "../attributes.ts";
import { HOLDING } from "../kbuild/hold.ts";
import { Bench } from "../kbuild/machine.ts";

/** All points, or as many as fit into a scene's part of the bounded run. */
export const ALL = process.env.KPREP_FAULTS === "all";

export const TARGET = "6.6.30-me";
/** Its release does not begin with the tree's version: the sync has to pin it. */
export const PIN = "6.6.0-56-amd64";

/** A tree that was prepared before, with what is hard to put back: modes, times, links, hard links. */
export function preparedTree(release = TARGET): Bench {
	const bench = new Bench({
		era: "6.6",
		release,
		hook: HOLDING,
		more: {
			".config": "CONFIG_OLD=y\n",
			"include/generated/utsrelease.h": '#define UTS_RELEASE "6.6.30-old"\n',
			"include/config/auto.conf": "CONFIG_OLD=y\n",
			"scripts/mod/modpost": "#!/bin/sh\n",
			"scripts/mod/.modpost.cmd": "savedcmd_scripts/mod/modpost := gcc\n",
			"kernel/blob.o": "a binary of the user's",
		},
	});
	chmodSync(join(bench.tree, ".config"), 0o600);
	linkSync(join(bench.tree, "Makefile"), join(bench.tree, "Makefile.twin"));
	linkSync(join(bench.tree, "kernel/blob.o"), join(bench.tree, "kernel/blob.twin"));
	symlinkSync("asm-x86", join(bench.tree, "include/asm"));
	// As scripts/dtc/include-prefixes has them: a link of the sources, where make may write too.
	symlinkSync("mod", join(bench.tree, "scripts/prefix"));
	execFileSync("touch", ["-d", "@1500000000.123456789", ".config", "include/generated"], { cwd: bench.tree });
	utimesSync(join(bench.tree, "kernel/blob.o"), 1_400_000_000, 1_400_000_000);
	return bench;
}

/** What kprep is run with, on top of a tree that other syncs may have changed already. */
export interface Scene {
	name: string;
	bench: Bench;
	/** The attributes of the tree before any sync. */
	pristine: Record<string, string>;
	args: string[];
	env: Record<string, string>;
	/** Brings the tree to where the faulty run begins. */
	begin(): void;
}

/** The syncs and the undo that faults are tried in. */
export const SCENES = ["first sync", "pin", "rerun", "second target", "undo", "restore"] as const;

/** Makes a scene ready; those that begin with a synced tree sync it once and copy it for each run. */
export async function sceneOf(name: (typeof SCENES)[number]): Promise<Scene> {
	if (name === "restore") return restored();
	const bench = preparedTree(name === "pin" ? PIN : TARGET);
	const pristine = attributes(bench.tree);
	const sync = ["sync", bench.tree, "--sysroot", bench.root, "-j", "2", "--json"];
	if (name === "first sync" || name === "pin")
		return { name, bench, pristine, args: sync, env: {}, begin: () => {} };
	const until = name === "rerun" ? ["--until", "split"] : [];
	const { json, stderr } = await bench.kprep([...sync, ...until]);
	if (json?.applied !== true) throw new Error(stderr);
	if (name === "second target") bench.install("6.6.30-other", "6.6.30");
	const synced = join(bench.top, "synced");
	execFileSync("cp", ["-a", bench.tree, synced]);
	const begin = () => {
		rmSync(bench.tree, { recursive: true, force: true });
		execFileSync("cp", ["-a", synced, bench.tree]);
	};
	const args = {
		rerun: sync,
		"second target": [...sync, "-t", "6.6.30-other"],
		undo: ["undo", bench.tree, "--json"],
	}[name];
	return { name, bench, pristine, args, env: {}, begin };
}

/** A tree in which nothing was prepared, and an equal one that was, by way of the store. */
async function restored(): Promise<Scene> {
	const bench = new Bench({ era: "6.6", release: PIN });
	const [env, first] = [{ KPREP_STORE: "" }, join(bench.top, "first")];
	const args = (tree: string) => ["sync", tree, "--sysroot", bench.root, "-j", "2", "--json"];
	execFileSync("cp", ["-a", bench.tree, first]);
	const { json, stderr } = await bench.kprep(args(first), env);
	if (json?.applied !== true) throw new Error(stderr);
	const pristine = attributes(bench.tree);
	return { name: "restore", bench, pristine, args: args(bench.tree), env, begin: () => {} };
}

/** Which calls the bounded run tries: another choice each time, unless KPREP_FAULTS_SEED names the one that was printed. */
export const SEED = Number(process.env.KPREP_FAULTS_SEED ?? Date.now() % 1_000_000);

/** `count` of the numbers 1 to `total`, in an order that spreads out from the first on. */
export function sample(total: number, count: number): number[] {
	return Array.from({ length: total }, (_, at) => at + 1)
		.sort((one, other) => placeOf(one) - placeOf(other))
		.slice(0, count);
}

/** The golden section spreads numbers that follow each other as evenly as can be. */
function placeOf(number: number): number {
	return ((number + SEED) * 0.618034) % 1;
}
