import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Seconds of a command that must succeed. */
export function seconds(program, words) {
	const began = process.hrtime.bigint();
	const { status, stderr } = spawnSync(program, words, { encoding: "utf8", maxBuffer: 64 << 20 });
	if (status !== 0)
		throw new Error(`${program} ${words.join(" ")} ended with ${status}\n${stderr.slice(-2000)}`);
	return Number(process.hrtime.bigint() - began) / 1e9;
}

/** The config that the distribution ships for a kernel of the lab. */
export function configOf({ sysroot, release }) {
	const places = [`usr/src/linux-headers-${release}/.config`, `boot/config-${release}`];
	return places.map((path) => join(sysroot, path)).find((path) => existsSync(path));
}

/** The words by which make takes the kernel's own compiler, where this machine has it. */
export function makeWords(kernel) {
	if (kernel.architecture === "arm64") return ["ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-"];
	const named = /^CONFIG_CC_VERSION_TEXT="(\S+)/m.exec(readFileSync(configOf(kernel), "utf8"))?.[1] ?? "gcc";
	return [`CC=${spawnSync(named, ["--version"]).status === 0 ? named : "gcc"}`];
}

/** What the guides say: copy the config, answer by default, prepare, and build a module when one is given; seconds of make. */
export function recipe(kernel, tree, module = null) {
	const config = join(tree, ".config");
	copyFileSync(configOf(kernel), config);
	const keys = ["SYSTEM_TRUSTED_KEYS", "SYSTEM_REVOCATION_KEYS"].flatMap((key) => ["--set-str", key, ""]);
	seconds(join(tree, "scripts/config"), ["--file", config, ...keys]);
	const make = (...goals) =>
		seconds("make", ["-C", tree, `-j${availableParallelism()}`, ...makeWords(kernel), ...goals]);
	const prepared = make("olddefconfig") + make("modules_prepare");
	if (module === null) return prepared;
	const built = make(`M=${module}`, "KBUILD_MODPOST_WARN=1", "modules");
	make(`M=${module}`, "clean");
	return prepared + built;
}

/** One line: a ratio and its budget. */
export function row(name, ours, theirs, budget) {
	const ratio = ours / theirs;
	console.log(
		`${name}: ${ours.toFixed(2)} s : ${theirs.toFixed(2)} s = ${ratio.toFixed(3)}  (budget ${budget}: ${ratio <= budget ? "kept" : "MISSED"})`,
	);
}
