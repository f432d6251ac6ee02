import { posix } from "node:path";
import { archWord } from "../../kernel/arch.ts";
import { baseOf, parseVersionBlock, wrappedMakefile } from "../../kernel/release/makefile.ts";
import {
	parseUtsRelease,
	parseVersion,
	RELEASE_HEADERS,
	VERSION_HEADERS,
} from "../../kernel/release/version-header.ts";
import { btfFact } from "../facts/btf-fact.ts";
import { fileFact, firstFile } from "../facts/file-fact.ts";
import { folderOf, textOf } from "../facts/look.ts";
import { symversFact } from "../facts/symvers-fact.ts";
import type { Evidence, Fact } from "../target.ts";
import type { EvidenceProvider, Subject } from "./provider.ts";
import { randstructHash, randstructSeed } from "./randstruct.ts";

/** Where the headers (or the build folder) of release R may be, in the order of trust (FACTS section 8). */
const PLACES = [
	"/lib/modules/R/build",
	"/usr/lib/modules/R/build",
	"/run/booted-system/kernel-modules/lib/modules/R/build",
	"/run/current-system/kernel-modules/lib/modules/R/build",
	"/usr/src/linux-headers-R",
	"/usr/src/kernels/R",
] as const;

/** Where the sources that belong to a build folder may be: beside its link, or in it (O= builds leave a `source` link). */
const SOURCES = ["../source", "source"] as const;

/** The headers package of the target, or the folder that it was built in. */
export const headers: EvidenceProvider = {
	name: "headers",
	cost: "quick",
	gives: [],
	async gather(subject) {
		if (subject.release === null) return [];
		const seen = new Set<string>();
		return PLACES.flatMap((place) => {
			const folder = place.replace("R", () => subject.release as string);
			const real = folderOf(subject, folder);
			if (real === null || seen.has(real)) return [];
			seen.add(real);
			return headersEvidence(subject, folder);
		});
	},
};

/**
 * What one headers folder says. utsrelease.h is what modules are compiled with and comes first; kernel.release is a
 * second voice (Debian 6.1 leaves the bare base in it).
 */
function headersEvidence(subject: Subject, folder: string): Evidence[] {
	const makefile = realMakefile(subject, folder);
	const config = fileFact(subject, `${folder}/.config`, "headers");
	const first: Evidence = {
		release: firstFact(subject, folder, RELEASE_HEADERS, parseUtsRelease),
		version: version(subject, folder, makefile),
		arch: firstFact(subject, folder, [".kernelvariables"], archOfVariables),
		config,
		makefile: makefile === null ? null : fileFact(subject, makefile, "headers"),
		symvers: symversFact(fileFact(subject, `${folder}/Module.symvers`, "headers")),
		btf: btfFact(firstFile(subject, [`${folder}/vmlinux`, `${folder}/btf`], "headers")),
		randstructSeed: randstructSeed(subject, folder),
		randstructHash: randstructHash(subject, folder),
	};
	const second = firstFact(subject, folder, ["include/config/kernel.release"], firstWord);
	return second === null ? [first] : [first, { release: second }];
}

function firstFact(
	subject: Subject,
	folder: string,
	files: readonly string[],
	parse: (text: string) => string | null,
): Fact | null {
	for (const file of files) {
		const text = textOf(subject, `${folder}/${file}`);
		const value = text === null ? null : parse(text);
		if (value !== null)
			return { value, source: { kind: "headers", path: subject.root.outer(`${folder}/${file}`) } };
	}
	return null;
}

const MOST_WRAPPERS = 4;

/** Path inside the root of the real top-level Makefile: wrappers (Debian, O= builds) are followed to what they include. */
function realMakefile(subject: Subject, folder: string): string | null {
	let path = `${folder}/Makefile`;
	for (let step = 0; step < MOST_WRAPPERS; step++) {
		const text = textOf(subject, path);
		if (text === null) break;
		if (parseVersionBlock(text) !== null) {
			const elsewhere = /^MAKEARGS\s*:=\s*-C\s+(\S+)/m.exec(text)?.[1];
			if (elsewhere === undefined) return path;
			path = posix.resolve(folder, elsewhere, "Makefile");
			continue;
		}
		const included = wrappedMakefile(text);
		if (included === null || included.includes("$")) break;
		path = posix.resolve(posix.dirname(path), included);
	}
	const beside = SOURCES.map((source) => `${folder}/${source}/Makefile`);
	return beside.find((candidate) => parseVersionBlock(textOf(subject, candidate) ?? "") !== null) ?? null;
}

/**
 * From the version header, except where SUBLEVEL outgrew LINUX_VERSION_CODE (above 255 it counts as 255) and the
 * header has no LINUX_VERSION_SUBLEVEL: there the Makefile knows the number.
 */
function version(subject: Subject, folder: string, makefile: string | null): Fact | null {
	const told = firstFact(subject, folder, VERSION_HEADERS, parseVersion);
	const built = told === null || told.value.endsWith(".255") ? makefileVersion(subject, makefile) : null;
	if (told === null || built === null) return told ?? built;
	const [head, sublevel] = built.value.split(/\.(?=\d+$)/);
	return told.value === `${head}.255` && Number(sublevel) > 255 ? built : told;
}

function makefileVersion(subject: Subject, path: string | null): Fact | null {
	const block = path === null ? null : parseVersionBlock(textOf(subject, path) ?? "");
	if (path === null || block === null) return null;
	return { value: baseOf(block), source: { kind: "headers", path: subject.root.outer(path) } };
}

/** `override ARCH = x86` of Debian's .kernelvariables. */
function archOfVariables(text: string): string | null {
	const word = /^(?:override[ \t]+)?ARCH[ \t]*:?=[ \t]*(\w+)/m.exec(text)?.[1];
	return word === undefined ? null : archWord(word);
}

function firstWord(text: string): string | null {
	return /^\s*(\S+)/.exec(text)?.[1] ?? null;
}
