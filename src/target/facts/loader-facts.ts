import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Btf } from "../../formats/btf/btf.ts";
import { FormatError } from "../../formats/error.ts";
import type { BuiltinParameter } from "../../formats/image/parameters.ts";
import { type ModuleFile, readModule } from "../../formats/module/module.ts";
import { decodeLoaderPart, type LoaderPart } from "../../formats/profile/loader-part.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import { openKernel } from "../../host/files/kernel-image.ts";
import type { Config } from "../../kernel/config/config.ts";
import { FEATURE_TEXTS } from "../../kernel/loader/era.ts";
import type { Target } from "../target.ts";
import { builtinNames } from "./builtin-names.ts";
import { moduleName } from "./loader-exports.ts";
import { moduleKeysIn } from "./module-keys.ts";

/** What the loader's verdict asks for beside config, exports and vermagic. */
export interface LoaderFacts extends LoaderPart {
	/** Of the image; not for profiles, which keep it by itself. */
	btf: Btf | null;
}

const BIG_ENDIAN = new Set(["s390", "sparc", "parisc", "m68k"]);

/**
 * Reads the facts from the target's image and modules, or from the profile that has them. What is not there is null.
 * Throws KprepError "profile-damaged" for a profile whose facts are not what capture writes.
 */
export async function loaderFacts(target: Target, config: Config | null): Promise<LoaderFacts> {
	if (target.loader !== null) return { ...(await fromProfile(target.loader)), btf: null };
	const installed = installedModules(target);
	const reference = installed === null ? null : await referenceModule([...installed.values()]);
	const big = BIG_ENDIAN.has(target.arch?.value ?? "") || config?.get("CPU_BIG_ENDIAN") === "y";
	const { parameters, ...image } = await imageFacts(target);
	const builtin = builtinNames(target, parameters);
	const named = (kind: "certain" | "possible") =>
		[...(builtin ?? [])].filter(([, how]) => how === kind).map(([name]) => name);
	return {
		little: reference?.little ?? !big,
		structModule: structModule(target, reference),
		...image,
		installed: installed === null ? null : [...installed.keys()].sort(),
		builtin:
			builtin === null ? null : { certain: named("certain").sort(), possible: named("possible").sort() },
	};
}

async function fromProfile(file: NonNullable<Target["loader"]>): Promise<LoaderPart> {
	try {
		return decodeLoaderPart(await file.read());
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		throw new KprepError(
			"missing",
			"profile-damaged",
			`${file.source.path} is damaged, or was made to harm`,
			{
				expected: "a file written by kprep capture, whole and unchanged",
				found: error.message,
				where: file.source.path,
				suggestions: ["copy it again, or capture again on the machine that runs the kernel"],
				cause: error,
			},
		);
	}
}

/** An installed module shows what the loader compares. */
function structModule(
	{ structModuleSize }: Target,
	reference: ModuleFile | null,
): LoaderPart["structModule"] {
	const offset = (name: string) =>
		reference?.thisModuleRelocations.find(({ symbol }) => symbol === name)?.offset ?? null;
	const size = reference?.thisModuleSize ?? structModuleSize?.value ?? null;
	return size === null ? null : { size, init: offset("init_module"), exit: offset("cleanup_module") };
}

type ImageFacts = Pick<LoaderFacts, "texts" | "refusesMissingVersion" | "keys" | "btf"> & {
	parameters: BuiltinParameter[] | null;
};

/** What only the image tells; nothing when it cannot be read. */
async function imageFacts({ image }: Target): Promise<ImageFacts> {
	const nothing: ImageFacts = {
		...{ texts: null, refusesMissingVersion: null, keys: null, btf: null },
		parameters: null,
	};
	if (image === null) return nothing;
	try {
		const kernel = await openKernel(image.value);
		try {
			const held = kernel.holding(FEATURE_TEXTS);
			// Debian's banner carries the package version; its kernels have a patch that others lack.
			const debian = kernel.banner?.packaged?.vendor === "Debian";
			const keys = kernel.search(moduleKeysIn);
			const unique = new Map(keys.map((one) => [one.ids.join(), one]));
			return {
				texts: { asked: [...FEATURE_TEXTS], held: FEATURE_TEXTS.filter((text) => held.has(text)) },
				refusesMissingVersion: debian ? true : null,
				keys: [...unique.values()].map(({ ids, key }) => ({ ids, key: Buffer.from(key).toString("base64") })),
				parameters: kernel.parameters,
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
async function referenceModule(paths: string[]): Promise<ModuleFile | null> {
	const bySize = paths.map((path) => ({ path, size: statSync(path).size })).sort((a, b) => a.size - b.size);
	for (const { path } of bySize.slice(0, MOST_TRIED)) {
		const module = readModule(await readDecompressed(path));
		if (module.thisModuleRelocations.length >= 2) return module;
	}
	return null;
}

const MOST_TRIED = 40;
