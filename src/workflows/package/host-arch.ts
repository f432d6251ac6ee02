import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { readHead } from "../../host/files/files.ts";
import { findProgram } from "../../host/process/program.ts";
import { attempt, type RunResult } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { archWord, tripletOf } from "../../kernel/arch.ts";
import { isOn } from "../../kernel/config/config.ts";
import { byCompiler, hostCommand } from "../../kernel/kbuild/host-command.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { textOf } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import type { Item } from "./contents.ts";
import { machineOf, programsOf } from "./host-tools.ts";

/** The machine that will compile with the package. */
export interface HostArch {
	/** Word of ARCH for it: x86, arm64, riscv... */
	arch: string;
	triplet: string;
	/** e_machine of its programs (elf.h). */
	machine: number;
	/** QEMU's word for it, as in qemu-aarch64. */
	emulator: string;
}

const MACHINES: Readonly<Record<string, [machine: number, emulator: string]>> = {
	x86: [62, "x86_64"],
	arm64: [183, "aarch64"],
	arm: [40, "arm"],
	riscv: [243, "riscv64"],
	powerpc: [21, "ppc64le"],
	s390: [22, "s390x"],
	loongarch: [258, "loongarch64"],
};

/** What --host-arch says, in dpkg's, rpm's, uname's or the kernel's word. Throws KprepError "usage" for what is none. */
export function readHostArch(word: string): HostArch {
	const arch = archWord(word) ?? "";
	const [machine, emulator] = MACHINES[arch] ?? [];
	const triplet = tripletOf(arch);
	if (machine === undefined || emulator === undefined || triplet === null)
		throw new KprepError("usage", "usage", `--host-arch ${word} is no architecture that kprep knows`, {
			expected: "amd64, arm64, armhf, riscv64, ppc64el, s390x or loong64",
			found: word,
		});
	return { arch, triplet, machine, emulator };
}

/** What every build of an external module runs. */
function isNeeded(path: string, { config }: Tree): boolean {
	const on = (symbol: string) => config !== null && isOn(config.symbols, symbol);
	if (/^scripts\/(?:basic\/fixdep|mod\/modpost|recordmcount)$/.test(path)) return true;
	if (path === "scripts/genksyms/genksyms") return on("MODVERSIONS") && !on("GENDWARFKSYMS");
	if (path === "scripts/gendwarfksyms/gendwarfksyms") return on("GENDWARFKSYMS");
	return path === "tools/objtool/objtool" && on("OBJTOOL");
}

/**
 * The items with their programs made for the machine that will compile: each by its saved command of kbuild and the cross
 * compiler, and then run once under qemu-user beside its native twin, whose words it must say. What only other builds run
 * (sign-file without a libcrypto of that machine, resolve_btfids) is left out with a warning. Throws KprepError "missing"
 * without cross compiler or emulator, or where a program that every module needs cannot be made.
 */
export async function forHost(
	items: Item[],
	tree: Tree,
	host: HostArch,
	scratch: string,
	progress: Progress,
): Promise<Item[]> {
	const programs = programsOf(items).filter(({ from }) => machineOf(readHead(from, 20)) !== host.machine);
	if (programs.length === 0) return items;
	const compiler = `${host.triplet}-gcc`;
	if (findProgram(compiler) === null)
		throw new KprepError("missing", "no-cross-compiler", `no compiler for ${host.arch} is here`, {
			expected: compiler,
			suggestions: [`kprep doctor --arch ${quoted(host.arch)}`, `a package such as gcc-${host.triplet}`],
		});
	const emulator = [`qemu-${host.emulator}`, `qemu-${host.emulator}-static`].find((it) => findProgram(it));
	if (emulator === undefined)
		throw new KprepError("missing", "no-emulator", `programs for ${host.arch} cannot be tried here`, {
			expected: `qemu-${host.emulator} or qemu-${host.emulator}-static: no host tool is packed that never ran`,
			suggestions: [
				"QEMU's user emulation (qemu-user or qemu-user-static)",
				"the same command on such a machine",
			],
		});
	const made = new Map<Item, string>();
	const left: string[] = [];
	for (const item of programs) {
		progress.step("cross-compile", item.path);
		const copy = join(scratch, host.arch, item.path);
		const why =
			(await compiled(item.path, tree, compiler, join(scratch, host.arch))) ??
			(await speaksOtherwise(copy, item.from, [emulator, "-L", `/usr/${host.triplet}`]));
		if (why === null) made.set(item, copy);
		else if (isNeeded(item.path, tree))
			throw new KprepError("missing", "host-tool", `${item.path} cannot be made for ${host.arch}`, {
				...{ expected: "a program that every module build runs", found: why, where: tree.output },
				suggestions: [
					...(/fatal error: [\w./-]+\.h: No such file/.test(why)
						? [`the C library of ${host.arch} for compiling, such as libc6-dev of Debian's cross packages`]
						: []),
					`the same command on a machine of ${host.arch}, from the same source`,
				],
			});
		else left.push(item.path);
	}
	if (left.length > 0)
		progress.warn(`not made for ${host.arch}, and no module needs it to be built: ${left.join(", ")}`);
	return items.flatMap((item) => {
		const copy = made.get(item);
		if (copy !== undefined && item.kind === "file") return [{ ...item, from: copy }];
		return left.includes(item.path) ? [] : [item];
	});
}

/** Makes one program below `scratch` with what kbuild saved of it; null, or why that cannot be done. */
async function compiled(
	path: string,
	tree: Tree,
	compiler: string,
	scratch: string,
	depth = 0,
): Promise<string | null> {
	const saved = textOf(join(tree.output, dirname(path), `.${basename(path)}.cmd`));
	const command = saved === null || path.startsWith("/") ? null : hostCommand(saved);
	if (command === null || depth > 2) return `${path}: kbuild saved no command of it`;
	for (const object of command.objects) {
		const why = await compiled(object, tree, compiler, scratch, depth + 1);
		if (why !== null) return why;
	}
	mkdirSync(join(scratch, dirname(path)), { recursive: true });
	const words = byCompiler(command, compiler, (word) => join(scratch, word));
	const { status, stderr } = await attempt(words, { cwd: tree.output, timeout: 120_000 });
	if (status === 0 && existsSync(join(scratch, path))) return null;
	return `${path}: ${/^.*error: .*$/m.exec(stderr)?.[0] ?? stderr.trim().split("\n").at(-1) ?? `${status}`}`;
}

/** Runs a program, and its native twin, with nothing to do: they must say the same and end the same. */
async function speaksOtherwise(copy: string, native: string, emulator: string[]): Promise<string | null> {
	const options = { cwd: dirname(copy), input: "", timeout: 20_000, env: { LC_ALL: "C" } };
	const [theirs, ours] = [await attempt([native], options), await attempt([...emulator, copy], options)];
	const said = ({ status, stdout, stderr }: RunResult, path: string) =>
		`${status}\n${(stdout + stderr).replaceAll(path, basename(copy))}`;
	return said(theirs, native) === said(ours, copy)
		? null
		: `under ${emulator[0]} it ends with ${ours.status}: ${ours.stderr.trim().split("\n").at(-1) ?? ""}`;
}
