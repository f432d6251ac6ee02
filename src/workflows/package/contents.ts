import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { archWord, tripletOf } from "../../kernel/arch.ts";
import { isOn } from "../../kernel/config/config.ts";
import { composeGnumakefile, isSettingValue } from "../../kernel/kbuild/settings.ts";
import type { Tree } from "../../tree/tree.ts";

/** One file, folder or link of the package, relative to the headers' folder. */
export type Item =
	| { path: string; kind: "file"; from: string; size: number; executable: boolean }
	| { path: string; kind: "text"; text: string; executable: boolean }
	| { path: string; kind: "symlink"; link: string };

/** Compiled and saved things of scripts/ that no build reads again (install-extmod-build removes them too). */
const DROPPED = /(?:^|\/)(?:\..*\.(?:cmd|d)|[^/]*\.(?:o|a|ko|mod)|\.gitignore|\.cocciconfig)$/;
/** Of scripts/: what install-extmod-build prunes, and what only a kernel's own build uses. */
const PRUNED =
	/^scripts\/(?:atomic|dtc|kconfig|package|coccinelle|gdb|selinux|tracing|ksymoops)(?:\/|$)|^scripts\/(?:unifdef|mod\/mk_elfconfig)$/;

/**
 * What an external module's build reads of a prepared tree, by the list of scripts/package/install-extmod-build (6.x):
 * Makefiles, headers and scripts of srctree; configuration, generated headers, host tools and Module.symvers of objtree;
 * Rust metadata when the tree made it. `host`: ARCH word of the machine that will compile. Sorted by path. Keys, saved commands and what names this machine are left out.
 */
export function packageContents(tree: Tree, release: string, host?: string): Item[] {
	const { path: src, output: obj } = tree;
	const items = new Map<string, Item>();
	const add = (base: string, path: string) => {
		const item = itemAt(base, path, [src, obj]);
		if (item !== null) items.set(path, item);
	};
	const all = (base: string, path: string, wanted: (path: string) => boolean = () => true) => {
		for (const file of filesBelow(base, path)) if (!DROPPED.test(file) && wanted(file)) add(base, file);
	};
	const generated = (path: string) => /^include\/(?:config|generated)\/|\/include\/generated\//.test(path);
	for (const arch of archFolders(tree)) {
		all(
			src,
			`arch/${arch}`,
			(path) =>
				!generated(path) &&
				(/(?:^|\/)include\//.test(path) ||
					/\/(?:Makefile[^/]*|Kbuild\.platforms|Platform|module\.lds(?:\.S)?)$/.test(
						path.slice(`arch/${arch}`.length),
					)) &&
				!/\/(?:boot|tools|kernel|lib|mm|entry|vdso)\/.*Makefile/.test(path),
		);
		all(obj, `arch/${arch}/include/generated`);
	}
	all(src, "include", (path) => !generated(path));
	all(obj, "include/generated", (path) => !/\/compile\.h$/.test(path));
	for (const file of ["include/config/auto.conf", ".config", "Module.symvers"]) add(obj, file);
	// Up to 2.6.32 the generated headers stand among the others (FACTS 1).
	for (const file of ["version.h", "autoconf.h", "utsrelease.h"]) add(obj, `include/linux/${file}`);
	add(obj, "include/asm");
	all(src, "scripts", (path) => !PRUNED.test(path));
	if (src !== obj) all(obj, "scripts", (path) => !PRUNED.test(path));
	for (const tool of ["tools/objtool/objtool", "tools/bpf/resolve_btfids/resolve_btfids"]) add(obj, tool);
	for (const file of ["rust", "rust/doctests"].flatMap((folder) => namesIn(join(obj, folder))))
		if (/\.(?:rmeta|so)$/.test(file)) add(obj, `rust/${file}`);
	const text = (path: string, content: string) =>
		items.set(path, { path, kind: "text", text: content, executable: false });
	text("Makefile", statedRelease(tree.makefile));
	// install-extmod-build leaves it out, kbuild's own M= does not ask for it, and configure scripts do.
	text("include/config/kernel.release", `${release}\n`);
	text(".kprep-headers", `${release}\n`);
	const settings = packedSettings(tree, host);
	if (Object.keys(settings).length > 0)
		text("GNUmakefile", composeGnumakefile({ release: null, quietScm: false, variables: settings }));
	return [...items.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The variables that hold on the machine that will compile (`host`: its ARCH word): no paths; and a prefix of cross
 * compilers, CC's own too, only where it compiles for another architecture than its own.
 */
export function packedSettings(tree: Tree, host = archWord(machineWord()) ?? ""): Record<string, string> {
	const synced = tree.settings?.variables ?? {};
	const target = synced.ARCH ?? machineWord();
	const native = archWord(target) === host;
	const triplet = tripletOf(target);
	const abroad = native || triplet === null ? {} : { ARCH: target, CROSS_COMPILE: `${triplet}-` };
	const variables: Record<string, string> = { ...abroad, ...synced };
	const { CROSS_COMPILE: prefix = "" } = variables;
	const entries = Object.entries(variables).map(([name, value]): [string, string] => [
		name,
		native && prefix !== "" && value.startsWith(prefix) ? value.slice(prefix.length) : value,
	]);
	return Object.fromEntries(
		entries.filter(
			([name, value]) =>
				!value.includes("/") &&
				isSettingValue(value) &&
				!(native && name === "CROSS_COMPILE") &&
				!/^(?:CROSS_COMPILE_\w+|gen-randstruct-seed|HOST\w+|EXTRA_\w+)$/.test(name),
		),
	);
}

/** This machine's architecture in a usual word. */
function machineWord(): string {
	return process.arch === "x64" ? "x86_64" : process.arch;
}

/** `make kernelrelease` says what include/config/kernel.release says, as M= builds read it already. */
function statedRelease(makefile: string): string {
	return makefile.replace(
		/^kernelrelease:\n(?:\t.*\\\n)*\t.*$/m,
		() => "kernelrelease:\n\t@cat $(objtree)/include/config/kernel.release",
	);
}

/** arch/ folders whose headers are read: the target's, and what it includes of another (um of x86, arm64 of arm). */
function archFolders({ path, output, config }: Tree): string[] {
	const own = namesIn(join(path, "arch"))
		.filter((arch) => isDirectory(join(path, "arch", arch)))
		.filter(
			(arch) =>
				isDirectory(join(output, "arch", arch, "include/generated")) ||
				(config !== null && isOn(config.symbols, arch.toUpperCase())),
		);
	const lent: Record<string, string[]> = { arm64: ["arm"], um: ["x86"] };
	return [...new Set(own.flatMap((arch) => [arch, ...(lent[arch] ?? [])]))];
}

function itemAt(base: string, path: string, tops: string[]): Item | null {
	const from = join(base, path);
	const status = lstatSync(from, { throwIfNoEntry: false });
	if (status === undefined) return null;
	if (status.isSymbolicLink()) return linkAt(from, path, tops);
	if (!status.isFile()) return null;
	return { path, kind: "file", from, size: status.size, executable: (status.mode & 0o111) !== 0 };
}

/** A link inside the tree stays one; what it leads out to is left out. */
function linkAt(from: string, path: string, tops: string[]): Item | null {
	const link = readlinkSync(from);
	if (!link.startsWith("/")) {
		const inside = posix.normalize(join(dirname(path), link));
		return inside.startsWith("..") ? null : { path, kind: "symlink", link };
	}
	try {
		const real = realpathSync(from);
		const status = statSync(real);
		if (!status.isFile() || !tops.some((top) => real.startsWith(`${top}/`))) return null;
		return { path, kind: "file", from: real, size: status.size, executable: (status.mode & 0o111) !== 0 };
	} catch {
		return null;
	}
}

function filesBelow(base: string, path: string): string[] {
	if (!isDirectory(join(base, path))) return [];
	return readdirSync(join(base, path), { withFileTypes: true }).flatMap((entry) => {
		const inner = `${path}/${entry.name}`;
		return entry.isDirectory() ? filesBelow(base, inner) : [inner];
	});
}

function namesIn(folder: string): string[] {
	return isDirectory(folder) ? readdirSync(folder).sort() : [];
}

function isDirectory(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The content of an item that is no link. */
export function contentOf(item: Exclude<Item, { kind: "symlink" }>): Uint8Array {
	return item.kind === "text" ? new TextEncoder().encode(item.text) : readFileSync(item.from);
}
