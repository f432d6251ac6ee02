import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackageContext } from "../../host/packages/package-source.ts";
import { run } from "../../host/process/run.ts";
import type { Piece } from "./provider.ts";

/** What apt would install on a machine that has nothing. */
export interface Closure {
	pieces: Piece[];
	/** Bytes after unpacking, as apt counts them. */
	unpacked: number;
}

/**
 * The packages that installing `wanted` ("gcc-16=16.2.0-4") on an empty machine brings, as apt itself solves it, with
 * sizes and SHA-256 from its signed lists. What matches `present` counts as installed. Nothing is locked, written or
 * installed. Throws KprepError "command" with apt's words when it cannot be solved, or where the lists are unsigned.
 */
export async function aptClosure(
	wanted: string[],
	present: RegExp,
	context: PackageContext,
): Promise<Closure> {
	const folder = mkdtempSync(join(tmpdir(), "kprep-apt-"));
	const status = join(folder, "status");
	try {
		writeFileSync(status, "");
		const first = await solve(wanted, status, context);
		const there = first.pieces.filter(({ name }) => present.test(name));
		if (there.length === 0) return first;
		writeFileSync(status, await stanzas(there, context));
		return await solve(wanted, status, context);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Options under which apt reads no state of this machine and trusts nothing unsigned. */
export const STRICT = [
	...["-o", "Debug::NoLocking=1", "-o", "Acquire::ForceHash=sha256", "-o", "APT::Install-Recommends=0"],
	...["-o", "APT::Get::AllowUnauthenticated=0", "-o", "Acquire::AllowInsecureRepositories=0"],
];

async function solve(wanted: string[], status: string, context: PackageContext): Promise<Closure> {
	const { stdout } = await run(
		[
			"apt-get",
			"-q",
			"-y",
			...STRICT,
			"-o",
			`Dir::State::status=${status}`,
			"--print-uris",
			"install",
			...wanted,
		],
		{ env: environment(context), progress: context.progress, signal: context.signal, keep: 16 * 1024 * 1024 },
	);
	return parseUris(stdout);
}

/** Reads `'URI' FILE SIZE SHA256:DIGEST` lines of apt-get --print-uris; a line without such a digest is left out. */
export function parseUris(text: string): Closure {
	const pieces: Piece[] = [];
	for (const [, file = "", size, sha256 = ""] of text.matchAll(
		/^'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})$/gm,
	)) {
		const [name = "", version = ""] = file.split("_");
		pieces.push({ name, version: decodeURIComponent(version), file, size: Number(size), sha256 });
	}
	const [, number = "0", unit = "B"] = /^After this operation, ([\d.,]+) ([kMG]?B) of/m.exec(text) ?? [];
	const factor = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[unit] ?? 1;
	return { pieces, unpacked: Number(number.replaceAll(",", "")) * factor };
}

export function environment(context: PackageContext): Record<string, string> {
	return { LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive", ...context.env };
}

/** As dpkg's status would have them: what they provide, and nothing that they need. */
async function stanzas(pieces: Piece[], context: PackageContext): Promise<string> {
	const names = pieces.map(({ name, version }) => `${name}=${version}`);
	const { stdout } = await run(["apt-cache", "show", ...names], {
		...{
			env: environment(context),
			progress: context.progress,
			signal: context.signal,
			keep: 16 * 1024 * 1024,
		},
	});
	const kept = /^(?:Package|Version|Architecture|Multi-Arch|Provides|Maintainer|Description): .*$/gm;
	return stdout
		.split(/\n\n+/)
		.filter((stanza) => stanza.startsWith("Package: "))
		.map((stanza) => `${(stanza.match(kept) ?? []).join("\n")}\nStatus: hold ok installed\n\n`)
		.join("");
}
