import { buildFolderEntries } from "./building/build-folder.ts";
import { certificateEntries } from "./building/certificates.ts";
import { compilerEntries } from "./building/compiler.ts";
import { driversOwnEntries } from "./building/drivers-own.ts";
import { environmentEntries } from "./building/environment.ts";
import { hostHeaderEntries } from "./building/host-headers.ts";
import { hostPackageEntries } from "./building/host-packages.ts";
import { hostToolEntries } from "./building/host-tools.ts";
import { makeInvocationEntries } from "./building/make-invocation.ts";
import { mixedToolEntries } from "./building/mixed-tools.ts";
import { modpostEntries } from "./building/modpost.ts";
import { olderTreeEntries } from "./building/older-tree.ts";
import { otherTreeEntries } from "./building/other-tree.ts";
import { packagedEntries } from "./building/packaged.ts";
import { refusedEarlyEntries } from "./building/refused-early.ts";
import { rustEntries } from "./building/rust.ts";
import { sourceEntries } from "./building/source.ts";
import { treeEntries } from "./building/tree.ts";
import { vendorEntries } from "./building/vendors.ts";
import { vmlinuxEntries } from "./building/vmlinux.ts";
import type { Details, Entry } from "./entry.ts";
import { btfEntries } from "./loading/btf.ts";
import { crashEntries } from "./loading/crash.ts";
import { deviceEntries } from "./loading/devices.ts";
import { elfEntries } from "./loading/elf.ts";
import { initEntries } from "./loading/init.ts";
import { modprobeEntries } from "./loading/modprobe.ts";
import { relocationEntries } from "./loading/relocations.ts";
import { signatureEntries } from "./loading/signature.ts";
import { structModuleEntries } from "./loading/struct-module.ts";
import { symbolVersionEntries } from "./loading/symbol-versions.ts";
import { unknownSymbolEntries } from "./loading/unknown-symbols.ts";
import { vermagicEntries } from "./loading/vermagic.ts";
import { type Poster, posterCommands, posterOf, surroundings } from "./poster/poster.ts";
import { noiseEntries } from "./reading/noise.ts";
import { emptyScene } from "./reading/scene.ts";
import { fill } from "./reading/text.ts";

/** Every failure that kprep knows, by family, and what only kprep itself runs into (target-unknown). The same entries give the remedies of sync, build, check and verify. */
export const catalogue: readonly Entry[] = [
	...vermagicEntries,
	...structModuleEntries,
	...symbolVersionEntries,
	...unknownSymbolEntries,
	...signatureEntries,
	...btfEntries,
	...relocationEntries,
	...elfEntries,
	...initEntries,
	...deviceEntries,
	...crashEntries,
	...modprobeEntries,
	...noiseEntries,
	...refusedEarlyEntries,
	...buildFolderEntries,
	...treeEntries,
	...makeInvocationEntries,
	...olderTreeEntries,
	...vmlinuxEntries,
	...hostHeaderEntries,
	...hostToolEntries,
	...hostPackageEntries,
	...certificateEntries,
	...compilerEntries,
	...modpostEntries,
	...sourceEntries,
	...driversOwnEntries,
	...packagedEntries,
	...vendorEntries,
	...rustEntries,
	...mixedToolEntries,
	...environmentEntries,
	...otherTreeEntries,
];

/** The entry of that id; null when there is none. */
export function entryOf(id: string): Entry | null {
	return catalogue.find((entry) => entry.id === id) ?? null;
}

/** Facts for the texts: one value or several. */
export type Facts = { [name in keyof Details]?: string | readonly string[] };

/**
 * The remedy of a diagnosis with its facts filled in: one or two sentences for people. Every command prints this text
 * and no other. Throws TypeError for an id that is not in the catalogue: that is a bug of the caller.
 */
export function remedyFor(id: string, facts: Facts = {}): string {
	return fill(known(id).remedy, details(facts));
}

/** What this very log adds to the remedy; null for nothing. Throws as `remedyFor`. */
export function hereFor(id: string, facts: Facts, poster: Poster): string | null {
	return known(id).here?.(details(facts), surroundings(poster)) ?? null;
}

/** The title of a diagnosis; throws as `remedyFor`. */
export function titleOf(id: string): string {
	return known(id).title;
}

/** The cause of a diagnosis, as `remedyFor`. */
export function causeFor(id: string, facts: Facts = {}): string {
	return fill(known(id).cause, details(facts));
}

/**
 * The commands of a diagnosis, ready to type (values quoted for a shell). `install` gives the line that installs the
 * packages of some tools on this machine, or null: `installLine` of host/packages/tools.ts has that shape.
 * `poster` is the system that the commands are for; without one they are for any.
 */
export function commandsFor(
	id: string,
	facts: Facts = {},
	install: (tools: string[]) => string | null = () => null,
	poster: Poster | null = null,
): string[] {
	const filled = details(facts);
	return posterCommands(
		known(id).commands,
		filled,
		poster ?? posterOf(emptyScene(), filled, () => []),
		install,
	);
}

function known(id: string): Entry {
	const entry = entryOf(id);
	if (entry === null) throw new TypeError(`no such diagnosis: ${id}`);
	return entry;
}

function details(facts: Facts): Details {
	return Object.fromEntries(
		Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? [value] : [...value]]),
	);
}
