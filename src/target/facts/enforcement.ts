import { imageCommandLine } from "../../host/files/kernel-image.ts";
import { type BootFileKind, commandLinesFor } from "../../kernel/bootline/bootline.ts";
import {
	type BootFacts,
	blacklistOf,
	type Enforcement,
	enforcementOf,
} from "../../kernel/bootline/enforcement.ts";
import type { Config } from "../../kernel/config/config.ts";
import type { Subject } from "../providers/provider.ts";
import type { EvidenceKind, Fact, TargetFacts } from "../target.ts";
import { namesIn, textOf } from "./look.ts";

/** Boot loaders' files, most specific first; a name with "*" stands for all files of its folder that end so. */
const FILES: readonly [kind: BootFileKind, path: string][] = [
	["entry", "/boot/loader/entries/*.conf"],
	["entry", "/efi/loader/entries/*.conf"],
	["entry", "/boot/efi/loader/entries/*.conf"],
	["grub", "/boot/grub/grub.cfg"],
	["grub", "/boot/grub2/grub.cfg"],
	["extlinux", "/boot/extlinux/extlinux.conf"],
	["extlinux", "/extlinux/extlinux.conf"],
	["plain", "/boot/firmware/cmdline.txt"],
	["plain", "/boot/cmdline.txt"],
	["plain", "/etc/kernel/cmdline"],
];

/** Secure Boot's variable: four bytes of attributes, then 1 or 0 (UEFI 2.10, 3.3). */
const SECURE_BOOT = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

type Facts = Pick<TargetFacts, "enforcement" | "blacklist">;

/**
 * What the target's boot enforces and which modules it keeps out: by the running kernel's own word, by that of the
 * machine whose facts the sysroot holds, or by the boot loader's entry for the release. A target that is only a file
 * on this machine has none; both are null then, and where the sources leave it open.
 */
export function bootEnforcement(subject: Subject, release: string, config: Config | null): Facts {
	const symbol = config === null ? null : (name: string) => config.get(name);
	const told = runningFacts(subject) ?? loaderFacts(subject, release) ?? imageFacts(subject, symbol);
	const facts = told?.facts ?? NOTHING;
	const value = enforcementOf(facts, symbol);
	const source = told?.source ?? ({ kind: "derived", path: "its config" } as const);
	const fact = <T extends string>(it: T): Fact<T> => ({ value: it, source });
	const blacklist = blacklistOf(facts.commandLine ?? "");
	return {
		enforcement: value === null ? null : fact<Enforcement>(value),
		blacklist: blacklist.length === 0 ? null : fact(blacklist.join(",")),
	};
}

const NOTHING: BootFacts = { commandLine: null, lockdown: null, sigEnforce: null, secureBoot: null };

interface Told {
	facts: BootFacts;
	source: { kind: EvidenceKind; path: string };
}

/** /proc and /sys, which speak of the running kernel; in another root they are what was brought from a running machine. */
function runningFacts(subject: Subject): Told | null {
	const { root } = subject;
	if (!subject.running && root.isHost) return null;
	const commandLine = textOf(subject, "/proc/cmdline")?.trim() || null;
	if (commandLine === null) return null;
	return {
		facts: {
			commandLine,
			lockdown: textOf(subject, "/sys/kernel/security/lockdown"),
			sigEnforce: textOf(subject, "/sys/module/module/parameters/sig_enforce"),
			secureBoot: secureBoot(subject),
		},
		source: { kind: "proc", path: root.outer("/proc/cmdline") },
	};
}

function secureBoot(subject: Subject): boolean | null {
	const variable = textOf(subject, SECURE_BOOT);
	if (variable !== null && variable.length >= 5) return variable.endsWith("\u0001");
	// Booted without EFI there is nothing that could lock it down.
	return subject.running && !subject.root.exists("/sys/firmware/efi") ? false : null;
}

function loaderFacts(subject: Subject, release: string): Told | null {
	const { root } = subject;
	if ((subject.image !== null || subject.profile !== null) && root.isHost) return null;
	for (const [kind, pattern] of FILES) {
		for (const path of matching(subject, pattern)) {
			const [commandLine] = commandLinesFor(kind, textOf(subject, path) ?? "", release);
			if (commandLine === undefined || commandLine.includes("$")) continue;
			const source = { kind: "boot", path: root.outer(path) } as const;
			return { facts: { ...NOTHING, commandLine }, source };
		}
	}
	return null;
}

/**
 * The command line that a boot file brings (boot.img, UKI). The boot loader adds words of its own: what is in it is
 * enforced, what is not may be all the same.
 */
function imageFacts(subject: Subject, symbol: Parameters<typeof enforcementOf>[1]): Told | null {
	const commandLine = subject.image === null ? null : imageCommandLine(subject.image);
	if (subject.image === null || commandLine === null) return null;
	const facts = { ...NOTHING, commandLine };
	const value = enforcementOf(facts, symbol);
	return value === null || value === "none"
		? null
		: { facts, source: { kind: "image", path: subject.image } };
}

function matching(subject: Subject, pattern: string): string[] {
	if (!pattern.includes("*")) return subject.root.exists(pattern) ? [pattern] : [];
	const folder = pattern.slice(0, pattern.lastIndexOf("/"));
	const ending = pattern.slice(pattern.indexOf("*") + 1);
	return namesIn(subject, folder)
		.filter((name) => name.endsWith(ending))
		.map((name) => `${folder}/${name}`);
}
