import type { EvidenceKind, TargetFacts } from "../target.ts";

/**
 * Whom to believe, best first, fact by fact. A kind that is not listed comes last. The user's own word (`flag`) and
 * a profile stand above all; then what was read from the kernel that boots, then what was packaged with it, then
 * what was computed or guessed from a name.
 */
export const PRECEDENCE: Readonly<Record<keyof TargetFacts, readonly EvidenceKind[]>> = {
	release: ["flag", "profile", "proc", "image", "headers", "module", "modules-dir", "boot", "name"],
	version: [
		"profile",
		"headers",
		"image",
		"proc",
		"sys",
		"modules-dir",
		"boot",
		"ostree",
		"config-package",
		"flag",
	],
	arch: ["profile", "image", "module", "headers", "modules-dir", "boot", "ostree", "proc", "flag", "name"],
	vermagic: ["profile", "module", "image", "derived"],
	compiler: [
		"profile",
		"image",
		"proc",
		"headers",
		"modules-dir",
		"boot",
		"ostree",
		"config-package",
		"flag",
	],
	packageVersion: ["profile", "image", "proc"],
	config: [
		"flag",
		"profile",
		"image",
		"proc",
		"module",
		"headers",
		"modules-dir",
		"boot",
		"ostree",
		"config-package",
	],
	makefile: ["profile", "headers"],
	symvers: ["profile", "headers", "modules-dir", "boot", "ostree", "image"],
	btf: ["profile", "sys", "headers", "image"],
	image: ["flag", "image", "modules-dir", "boot", "ostree"],
	modules: ["modules-dir"],
	randstructSeed: ["profile", "headers"],
	randstructHash: ["profile", "module", "image", "headers", "sys"],
	structModuleSize: ["profile", "module", "image", "headers", "derived"],
	moduleLayoutCrc: ["profile", "module", "image", "derived"],
	signatureCheck: ["profile", "modules-dir"],
	moduleSignature: ["profile", "module"],
	retpoline: ["profile", "module"],
	enforcement: ["profile", "proc", "boot", "derived"],
	blacklist: ["profile", "proc", "boot"],
	loader: ["profile"],
};

/** Why the first kind is believed over the second, for conflicts between them; `*` stands for any. */
const REASONS: readonly [
	fact: keyof TargetFacts | "*",
	winner: EvidenceKind,
	loser: EvidenceKind | "*",
	why: string,
][] = [
	[
		"release",
		"headers",
		"headers",
		"utsrelease.h is compiled into modules; kernel.release is only what kbuild computed",
	],
	["release", "flag", "*", "the release that was asked for counts; what names another one is not relied on"],
	["release", "image", "*", "the image that boots counts, not what is written beside it"],
	["release", "proc", "*", "the running kernel's own word counts"],
	[
		"config",
		"headers",
		"*",
		"modules are built with the headers' .config; others are copies that packaging trims",
	],
	["*", "flag", "*", "it was named on the command line"],
	["*", "profile", "*", "the profile was captured from the target"],
	["*", "module", "*", "a module of the target is what its kernel loads"],
	["*", "image", "*", "the image is what boots"],
	["*", "proc", "*", "the running kernel says so itself"],
	["*", "sys", "*", "the running kernel says so itself"],
	["*", "headers", "*", "the headers are what modules are built with"],
];

/** One sentence why `winner` is believed over `loser`. */
export function reason(fact: keyof TargetFacts, winner: EvidenceKind, loser: EvidenceKind): string {
	const found = REASONS.find(
		([of, wins, loses]) =>
			(of === fact || of === "*") && wins === winner && (loses === loser || loses === "*"),
	);
	return found?.[3] ?? `${winner} stands above ${loser} for ${fact}`;
}
