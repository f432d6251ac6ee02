import { existsSync, readdirSync } from "node:fs";
import { machine, release } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Machine } from "../../kernel/failures/entry.ts";
import { readRegular } from "../files/regular.ts";
import { findProgram } from "../process/program.ts";

const MOST_TEXT = 8 * 1024 * 1024;

/** What stands for the machine in tests: a folder, `uname -r`, PATH. */
export interface Place {
	root?: string;
	uname?: string;
	path?: string;
}

/**
 * The machine on which kprep runs, as the failure catalogue asks about it (Machine of kernel/failures/entry.ts).
 * Nothing is read before it is asked for; nothing is written or run.
 */
export function runningMachine(place: Place = {}): Machine {
	const { root = "/", uname = release(), path: search = process.env.PATH ?? "" } = place;
	const at = (path: string) => join(root, path);
	let config: Map<string, string> | null | undefined;
	return {
		kernel: "the running kernel",
		release: uname,
		hardware: machine(),
		uid: process.geteuid?.() ?? null,
		exists: (path) => existsSync(at(path)),
		text: (path) => readSmall(at(path))?.toString("utf8").trim() ?? null,
		list: (path) => listing(at(path)),
		program: (name) => findProgram(name, search),
		config(symbol) {
			config ??= runningConfig(at, uname);
			return config === null ? null : (config.get(symbol) ?? "n");
		},
	};
}

/** The running kernel's .config: /proc/config.gz, /boot, or beside its modules. */
function runningConfig(at: (path: string) => string, uname: string): Map<string, string> | null {
	const packed = readSmall(at("/proc/config.gz"));
	const places = [
		`/boot/config-${uname}`,
		`/lib/modules/${uname}/config`,
		`/lib/modules/${uname}/build/.config`,
	];
	const bytes =
		packed === null
			? places.map((path) => readSmall(at(path))).find((found) => found !== null)
			: gunzipSync(packed);
	if (bytes === undefined || bytes === null) return null;
	const lines = bytes.toString("latin1").matchAll(/^CONFIG_(\w+)=(.*)$/gm);
	return new Map([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** At most MOST_TEXT bytes of a regular file: a log may name any path, and what lies there may be a pipe. */
function readSmall(path: string): Buffer | null {
	try {
		return readRegular(path, { limit: MOST_TEXT });
	} catch {
		return null;
	}
}

function listing(path: string): string[] {
	try {
		return readdirSync(path).sort();
	} catch {
		return [];
	}
}
