import type { LoaderPart } from "../../formats/profile/loader-part.ts";
import type { Enforcement } from "../../kernel/bootline/enforcement.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import type { StructModule, TargetKnowledge, TargetSymbol } from "../../kernel/loader/knowledge.ts";
import { kernelBtf, structModuleFrom } from "../../kernel/loader/struct-members.ts";
import type { Target } from "../target.ts";
import { targetBtf } from "./kernel-btf.ts";
import { exportsOf } from "./loader-exports.ts";
import { loaderFacts } from "./loader-facts.ts";
import { type ModuleKey, verifierFor } from "./module-keys.ts";

/** Architectures that only have 64 bits. */
const SIXTY_FOUR = new Set(["arm64", "s390", "ia64", "alpha"]);

/**
 * Gathers what the loader model asks for from the facts about the target; what is not there is null in it. `enforce` is
 * what the user says that the target's boot enforces. Throws as loaderFacts() does.
 */
export async function loaderKnowledge(target: Target, enforce?: Enforcement): Promise<TargetKnowledge> {
	const config = target.config === null ? null : parseConfig(await textOf(target.config));
	const arch = target.arch?.value ?? null;
	const modversions = config === null || config.get("MODVERSIONS") === "y";
	const { btf: own, ...facts } = await loaderFacts(target, config);
	const btf = own ?? (await targetBtf({ ...target, image: null }));
	const bits = bitsOf(arch, config?.get("64BIT"));
	return {
		release: target.release?.value ?? "",
		version: versionOf(target),
		...{ arch, bits, little: facts.little },
		symbol: config === null ? null : (name: string) => config.get(name),
		proven: provenSymbols(target),
		vermagic: target.vermagic?.value ?? null,
		structModule: structModule(facts, btf === null ? null : structModuleFrom(btf, bits === 32 ? 4 : 8)),
		exports: await exportsOfTarget(target, modversions),
		installed: facts.installed === null ? null : new Set(facts.installed),
		proprietary: new Set(),
		says: saysOf(facts),
		refusesMissingVersion: facts.refusesMissingVersion,
		...keysOf(facts),
		btf: btf === null ? null : kernelBtf(btf),
		enforces: enforce ?? target.enforcement?.value ?? null,
		blacklist: new Set(target.blacklist?.value.split(",").filter(Boolean) ?? []),
		builtin: builtinOf(facts),
	};
}

/** What a target without a config tells all the same. RETPOLINE stands for both of its names. */
function provenSymbols({ signatureCheck, retpoline }: Target): Map<string, boolean> {
	const proven = new Map<string, boolean>();
	if (signatureCheck !== null) proven.set("MODULE_SIG", signatureCheck.value === "checked");
	if (retpoline !== null) proven.set("RETPOLINE", retpoline.value === "yes");
	return proven;
}

async function textOf(file: { read(): Promise<Uint8Array> }): Promise<string> {
	return new TextDecoder().decode(await file.read());
}

function versionOf({ version }: Target): [number, number, number] | null {
	const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version?.value ?? "") ?? [];
	return major === undefined ? null : [Number(major), Number(minor), Number(patch ?? 0)];
}

function bitsOf(arch: string | null, sixtyFour: string | undefined): 32 | 64 | null {
	if (sixtyFour !== undefined) return sixtyFour === "y" ? 64 : 32;
	return arch !== null && SIXTY_FOUR.has(arch) ? 64 : null;
}

async function exportsOfTarget(
	target: Target,
	modversions: boolean,
): Promise<Map<string, TargetSymbol> | null> {
	return target.symvers === null ? null : exportsOf(await textOf(target.symvers), modversions);
}

/** A text that this kprep looks for and the one that captured did not is not known. */
function saysOf({ texts }: LoaderPart): TargetKnowledge["says"] {
	if (texts === null) return null;
	const [asked, held] = [new Set(texts.asked), new Set(texts.held)];
	return (text) => (asked.has(text) ? held.has(text) : null);
}

function keysOf({ keys }: LoaderPart): Pick<TargetKnowledge, "trustedKeys" | "verify"> {
	if (keys === null) return { trustedKeys: null, verify: null };
	const decoded = keys.map(
		({ ids, key }): ModuleKey => ({ ids, key: new Uint8Array(Buffer.from(key, "base64")) }),
	);
	return { trustedKeys: new Set(keys.flatMap(({ ids }) => ids)), verify: verifierFor(decoded) };
}

function builtinOf({ builtin }: LoaderPart): TargetKnowledge["builtin"] {
	if (builtin === null) return null;
	return new Map([
		...builtin.possible.map((name) => [name, "possible"] as const),
		...builtin.certain.map((name) => [name, "certain"] as const),
	]);
}

/** An installed module shows what the loader compares; BTF adds the members. They are of one build, so they agree. */
function structModule(
	{ structModule: shown }: LoaderPart,
	fromBtf: StructModule | null,
): StructModule | null {
	const size = shown?.size ?? fromBtf?.size ?? null;
	if (size === null) return null;
	const agrees = fromBtf !== null && fromBtf.size === size;
	return {
		size,
		init: shown?.init ?? (agrees ? fromBtf.init : null),
		exit: shown?.exit ?? (agrees ? fromBtf.exit : null),
		members: agrees ? fromBtf.members : null,
	};
}
