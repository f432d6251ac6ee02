import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseBuiltinModinfo } from "../../../src/formats/module/modinfo.ts";
import { withoutSignature } from "../../../src/formats/module/module.ts";
import { readDecompressed } from "../../../src/host/archive/decompress.ts";
import { attempt } from "../../../src/host/process/run.ts";
import { silent } from "../../../src/host/progress.ts";
import { resolveTarget } from "../../../src/target/resolve.ts";
import type { LabKernel } from "../../helpers/lab.ts";
import { type Change, compile, type Headers, headersFor, isOn } from "./build.ts";
import { sources } from "./sources.ts";
import { readSymvers } from "./symvers.ts";
import type { Material } from "./variants.ts";

/** How much is made. */
export interface Extent {
	/** A file with another kernel's BTF. */
	foreignBtf: string | null;
	/** Every option of OFF, not only those of OFF_AT_LEAST: each costs a make. */
	thorough: boolean;
}

/** Options that change struct module, vermagic, or only another structure; those that a kernel has off are left out. */
const OFF_AT_LEAST = ["DEBUG_INFO_BTF_MODULES", "TRACEPOINTS", "CGROUPS"];
const OFF = [...OFF_AT_LEAST, "KALLSYMS", "EVENT_TRACING", "MODULE_UNLOAD", "AUDIT", "SMP"];

/** Compiles and makes all that the variants of one kernel need. */
export async function gather(kernel: LabKernel, folder: string, extent: Extent): Promise<Material> {
	mkdirSync(folder, { recursive: true });
	const { hello: probe } = sources({ namespaced: null, gplOnly: null });
	if (kernel.architecture === "arm64") return withoutCompiler(kernel);
	const headers = await headersFor(kernel, { hello: probe as string }, folder);
	const symbols = readSymvers(join(headers.root, headers.objtree, "Module.symvers"));
	const inImage = symbols.filter(({ module }) => module === "vmlinux");
	const modules = await compile(
		headers,
		sources({
			namespaced: inImage.find(({ namespace }) => /^\w+$/.test(namespace)) ?? null,
			gplOnly:
				inImage.find(({ kind, namespace }) => kind === "EXPORT_SYMBOL_GPL" && namespace === "") ?? null,
		}),
		join(folder, "right"),
	);
	const hello = modules.hello as Uint8Array;
	return {
		modules,
		changed: await changed(headers, folder, extent.thorough ? OFF : OFF_AT_LEAST),
		btf: await withBtf(kernel, hello, folder, extent.foreignBtf),
		installed: await smallInstalled(kernel),
		signed: signedByAStranger(hello, folder, ["-newkey", "rsa:2048"]),
		curved: signedByAStranger(hello, folder, ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]),
		builtin: await underBuiltinNames(kernel, headers, folder, extent.thorough ? 6 : 2),
	};
}

/** Headers for another machine hold programs of that machine: a module of the distribution has to be enough. */
async function withoutCompiler(kernel: LabKernel): Promise<Material> {
	const installed = await smallInstalled(kernel);
	if (installed === null) throw new Error(`no small module in ${kernel.release}`);
	const hello = withoutSignature(installed);
	const nothing = { changed: new Map(), btf: { own: null, foreign: null }, builtin: new Map() };
	return { modules: { hello }, installed, signed: null, curved: null, ...nothing };
}

/** hello.c under names that have parameters in the image. */
async function underBuiltinNames(
	kernel: LabKernel,
	headers: Headers,
	folder: string,
	most: number,
): Promise<Map<string, Uint8Array>> {
	const text = readFileSync(join(kernel.modulesFolder, "modules.builtin.modinfo"));
	const names = [...parseBuiltinModinfo(text)]
		.filter(([name, tags]) => tags.has("parmtype") && /^[a-z][a-z0-9_]{2,30}$/.test(name))
		.map(([name]) => name);
	const chosen = names
		.filter((_, index) => index % Math.max(1, Math.floor(names.length / most)) === 0)
		.slice(0, most);
	const { hello } = sources({ namespaced: null, gplOnly: null });
	const built = await compile(
		headers,
		Object.fromEntries(chosen.map((name) => [name, hello as string])),
		join(folder, "built-in"),
	);
	return new Map(Object.entries(built));
}

/** Writes the BTF that a kernel carries to a file; null when it has none. */
export async function btfFile(kernel: LabKernel, path: string): Promise<string | null> {
	const { btf } = await resolveTarget({ sysroot: kernel.sysroot }, silent);
	if (btf === null) return null;
	writeFileSync(path, await btf.read());
	return path;
}

async function changed(
	headers: Headers,
	folder: string,
	options: string[],
): Promise<Map<string, Uint8Array>> {
	const found = new Map<string, Uint8Array>();
	const { hello } = sources({ namespaced: null, gplOnly: null });
	const changes: [string, Change][] = [
		["symvers-absent", { noSymvers: true }],
		...options
			.filter((symbol) => isOn(headers, symbol))
			.map((it): [string, Change] => [`off-${it}`, { off: [it] }]),
	];
	const builds = changes.map(async ([id, change]) => {
		// Some options cannot be off in this kernel's headers: such a module cannot be there either.
		const built = await compile(headers, { hello: hello as string }, join(folder, id), change).catch(
			() => null,
		);
		if (built !== null) found.set(id, built.hello as Uint8Array);
	});
	await Promise.all(builds);
	return found;
}

/** pahole makes BTF from the debug information that the module was compiled with. */
async function withBtf(
	kernel: LabKernel,
	hello: Uint8Array,
	folder: string,
	foreign: string | null,
): Promise<Material["btf"]> {
	const make = async (name: string, base: string | null): Promise<Uint8Array | null> => {
		if (base === null) return null;
		const path = join(folder, `${name}.ko`);
		writeFileSync(path, hello);
		// Headers with a vmlinux had kbuild make BTF already.
		await attempt(["objcopy", "-R", ".BTF", "-R", ".BTF.base", path]);
		const { status } = await attempt(["pahole", "-J", "--btf_base", base, path], { timeout: 60_000 });
		const made = new Uint8Array(readFileSync(path));
		return status === 0 && Buffer.from(made).includes(".BTF\0") ? made : null;
	};
	mkdirSync(folder, { recursive: true });
	const built = Buffer.from(hello).includes("\0.BTF\0") ? hello : null;
	const own = built ?? (await make("btf-own", await btfFile(kernel, join(folder, "own.btf"))));
	return { own, foreign: await make("btf-foreign", foreign) };
}

/** The smallest of the distribution's modules that needs no other. */
async function smallInstalled(kernel: LabKernel): Promise<Uint8Array | null> {
	const folder = join(kernel.modulesFolder, "kernel/lib");
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((it) =>
		/\.ko(\.\w+)?$/.test(it),
	);
	for (const file of files.sort((a, b) => a.length - b.length || a.localeCompare(b))) {
		const bytes = await readDecompressed(join(folder, file));
		const text = Buffer.from(bytes).toString("latin1");
		if (/\0depends=\0/.test(text) && /\0author=/.test(text) && bytes.length < 200_000) return bytes;
	}
	return null;
}

/** Signed as scripts/sign-file.c does: a detached CMS without certificates or attributes, then module_signature. */
function signedByAStranger(hello: Uint8Array, folder: string, key: string[]): Uint8Array | null {
	const path = (name: string) => join(folder, name);
	const openssl = (...words: string[]) => execFileSync("openssl", words, { stdio: "ignore" });
	writeFileSync(path("unsigned.ko"), hello);
	try {
		openssl(
			...[
				"req",
				"-new",
				"-nodes",
				"-utf8",
				"-sha256",
				"-days",
				"100",
				"-batch",
				"-x509",
				"-subj",
				"/CN=a stranger",
			],
			...[...key, "-outform", "PEM", "-out", path("key.pem"), "-keyout", path("key.pem")],
		);
		openssl(
			...[
				"cms",
				"-sign",
				"-binary",
				"-outform",
				"DER",
				"-nocerts",
				"-noattr",
				"-nosmimecap",
				"-md",
				"sha256",
			],
			...["-signer", path("key.pem"), "-in", path("unsigned.ko"), "-out", path("signature")],
		);
	} catch {
		return null;
	}
	const signature = readFileSync(path("signature"));
	const end = Buffer.alloc(12);
	end.writeUInt8(2, 2);
	end.writeUInt32BE(signature.length, 8);
	return new Uint8Array(Buffer.concat([hello, signature, end, Buffer.from("~Module signature appended~\n")]));
}
