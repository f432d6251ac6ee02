import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Btf } from "../../formats/btf/btf.ts";
import { FormatError } from "../../formats/error.ts";
import { type ModuleFile, readModule } from "../../formats/module/module.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import { openKernel } from "../../host/files/kernel-image.ts";
import { readRegular } from "../../host/files/regular.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { FEATURE_TEXTS } from "../../kernel/loader/era.ts";
import type { StructModule, TargetKnowledge, TargetSymbol } from "../../kernel/loader/knowledge.ts";
import { kernelBtf, structModuleFrom } from "../../kernel/loader/struct-members.ts";
import type { Target } from "../target.ts";
import { targetBtf } from "./kernel-btf.ts";
import { exportsOf, moduleName } from "./loader-exports.ts";
import { certificatesIn, keyOf, verifierFor } from "./module-keys.ts";

/** Architectures that only have 64 bits. */
const SIXTY_FOUR = new Set(["arm64", "s390", "ia64", "alpha"]);
const BIG_ENDIAN = new Set(["s390", "sparc", "parisc", "m68k"]);

/** Gathers what the loader model asks for from the facts about the target; what is not there is null in it. */
export async function loaderKnowledge(target: Target): Promise<TargetKnowledge> {
	const config = target.config === null ? null : parseConfig(await textOf(target.config));
	const symbol = config === null ? null : (name: string) => config.get(name);
	const arch = target.arch?.value ?? null;
	const reference = await referenceModule(target);
	const installed = installedModules(target);
	const modversions = config === null || config.get("MODVERSIONS") === "y";
	const { btf: own, ...image } = await imageFacts(target);
	const btf = own ?? (await targetBtf({ ...target, image: null }));
	const bits = bitsOf(arch, config?.get("64BIT"));
	return {
		release: target.release?.value ?? "",
		version: versionOf(target),
		arch,
		bits,
		little: reference?.little ?? !(BIG_ENDIAN.has(arch ?? "") || config?.get("CPU_BIG_ENDIAN") === "y"),
		symbol,
		proven: provenSymbols(target),
		vermagic: target.vermagic?.value ?? null,
		structModule: structModule(
			target,
			reference,
			btf === null ? null : structModuleFrom(btf, bits === 32 ? 4 : 8),
		),
		exports: await exportsOfTarget(target, modversions),
		installed: installed === null ? null : new Set(installed.keys()),
		proprietary: new Set(),
		...image,
		btf: btf === null ? null : kernelBtf(btf),
		enforces: enforcement(target),
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

type ImageFacts = Pick<TargetKnowledge, "says" | "refusesMissingVersion" | "trustedKeys" | "verify"> & {
	btf: Btf | null;
};

/** What only the image tells; nothing when it cannot be read. */
async function imageFacts({ image }: Target): Promise<ImageFacts> {
	const nothing: ImageFacts = {
		says: null,
		refusesMissingVersion: null,
		trustedKeys: null,
		verify: null,
		btf: null,
	};
	if (image === null) return nothing;
	try {
		const kernel = await openKernel(image.value);
		try {
			const texts = kernel.holding(FEATURE_TEXTS);
			// Debian's banner carries the package version; its kernels have a patch that others lack.
			const debian = kernel.banner?.packaged?.vendor === "Debian";
			const certificates = kernel.search(certificatesIn);
			return {
				...nothing,
				says: (text) => texts.has(text),
				refusesMissingVersion: debian ? true : null,
				trustedKeys: new Set(certificates.map(keyOf)),
				verify: verifierFor(certificates),
				// A copy: the uncompressed kernel is not held for it.
				btf: kernel.btf === null ? null : new Btf(Uint8Array.from(kernel.content(kernel.btf))),
			};
		} finally {
			kernel.close();
		}
	} catch (error) {
		if (error instanceof KprepError || error instanceof FormatError) return nothing;
		throw error;
	}
}

/** Installed modules by name, each with its path; null when the folder is not known. */
function installedModules({ modules }: Target): Map<string, string> | null {
	if (modules === null) return null;
	const found = new Map<string, string>();
	for (const path of readdirSync(modules.value, { recursive: true, encoding: "utf8" }))
		if (/\.ko(\.(gz|xz|zst))?$/.test(path)) found.set(moduleName(path), join(modules.value, path));
	return found.size === 0 ? null : found;
}

/** The smallest installed module that has both an init and an exit function: it shows the target's struct module. */
async function referenceModule(target: Target): Promise<ModuleFile | null> {
	const paths = [...(installedModules(target)?.values() ?? [])];
	const bySize = paths.map((path) => ({ path, size: statSync(path).size })).sort((a, b) => a.size - b.size);
	for (const { path } of bySize.slice(0, MOST_TRIED)) {
		const module = readModule(await readDecompressed(path));
		if (module.thisModuleRelocations.length >= 2) return module;
	}
	return null;
}

const MOST_TRIED = 40;

/** An installed module shows what the loader compares; BTF adds the members. They are of one build, so they agree. */
function structModule(
	{ structModuleSize }: Target,
	reference: ModuleFile | null,
	fromBtf: StructModule | null,
): StructModule | null {
	const offset = (name: string) =>
		reference?.thisModuleRelocations.find(({ symbol }) => symbol === name)?.offset ?? null;
	const size = reference?.thisModuleSize ?? structModuleSize?.value ?? fromBtf?.size ?? null;
	if (size === null) return null;
	const agrees = fromBtf !== null && fromBtf.size === size;
	return {
		size,
		init: offset("init_module") ?? (agrees ? fromBtf.init : null),
		exit: offset("cleanup_module") ?? (agrees ? fromBtf.exit : null),
		members: agrees ? fromBtf.members : null,
	};
}

/** What the running kernel says of itself; other targets are told apart only by their config. */
function enforcement({ release }: Target): TargetKnowledge["enforces"] {
	if (release?.source.kind !== "proc") return null;
	const lockdown = readIfThere("/sys/kernel/security/lockdown");
	if (lockdown.includes("[integrity]") || lockdown.includes("[confidentiality]")) return "lockdown";
	return readIfThere("/sys/module/module/parameters/sig_enforce").startsWith("Y") ? "sig_enforce" : null;
}

function readIfThere(path: string): string {
	try {
		return readRegular(path).toString("latin1");
	} catch {
		return "";
	}
}
