import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { inMemory } from "../../formats/bytes.ts";
import { ARCH_OF_MACHINE, readElf } from "../../formats/elf/elf.ts";
import { attempt } from "../../host/process/run.ts";
import type { Wanted } from "../wanted.ts";
import type { Tools } from "./tools.ts";

/** What was seen to work, for the manifest, and how the part names itself. */
export interface Tested {
	tests: string[];
	text: string;
}

/**
 * Tries a part below `folder` before anything trusts it: a compiler compiles and links for its architecture, and what it
 * made runs when that is this machine's (`here`). Throws KprepError "command" with what the program said.
 */
export async function selfTest(
	folder: string,
	wanted: Wanted,
	{ tools, environment }: Tools,
	here: boolean,
): Promise<Tested> {
	const scratch = join(folder, "self-test");
	mkdirSync(scratch, { recursive: true });
	const env = Object.fromEntries(
		Object.entries(environment).map(([name, path]) => [name, join(folder, path)]),
	);
	const at = (name: string) => join(folder, tools[name] ?? "");
	const tests: string[] = [];
	const tried = async (what: string, command: string[], accept = 0) => {
		// An empty PATH: nothing of this machine may help out.
		const done = await attempt(command, {
			cwd: scratch,
			env: { ...env, PATH: "/nonexistent", LC_ALL: "C" },
			timeout: 120_000,
		});
		if (done.status !== accept) throw failed(what, command, `${done.stderr}\n${done.stdout}`, done.status);
		tests.push(what);
		return done.stdout;
	};
	try {
		if (wanted.part === "pahole")
			return { text: first(await tried("starts", [at("PAHOLE"), "--version"])), tests };
		if (wanted.part === "rust") {
			const text = first(await tried("rustc starts", [at("RUSTC"), "--version"]));
			writeFileSync(join(scratch, "lib.rs"), "#![no_std]\npub fn answer() -> u32 { 42 }\n");
			await tried("compiles a crate", [
				at("RUSTC"),
				"--edition=2021",
				"--crate-type=rlib",
				"--emit=metadata,obj",
				"lib.rs",
			]);
			writeFileSync(join(scratch, "test.h"), "struct answer { unsigned int value; };\n");
			await tried("binds a header", [at("BINDGEN"), "--no-layout-tests", "--formatter=none", "test.h"]).catch(
				() =>
					tried("binds a header", [at("BINDGEN"), "--no-layout-tests", "--no-rustfmt-bindings", "test.h"]),
			);
			return { text, tests };
		}
		const clang = wanted.part === "clang";
		const cc = clang ? [join(at("LLVM"), "clang"), `--target=${wanted.triplet}`] : [at("CC")];
		const text = first(await tried("starts", [cc[0] as string, "--version"]));
		writeFileSync(join(scratch, "test.c"), SOURCE);
		await tried("compiles", [...cc, ...BARE, "-c", "test.c", "-o", "test.o"]);
		const machine = ARCH_OF_MACHINE[readElf(inMemory(readFileSync(join(scratch, "test.o")))).machine];
		if (machine !== wanted.arch)
			throw failed("compiles", cc, `the object is of ${machine}, not of ${wanted.arch}`, 0);
		await tried("links", [
			...cc,
			"-nostdlib",
			"-static",
			...(clang ? ["-fuse-ld=lld"] : []),
			"test.o",
			"-o",
			"test",
		]);
		if (here && RUNS.has(wanted.arch)) await tried("runs what it made", [join(scratch, "test")], 42);
		if (clang) await triedLlvm(at("LLVM"), cc, tried);
		return { text, tests };
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** What LTO needs: a linker that compiles the compiler's bitcode, and binutils that read it. */
async function triedLlvm(
	bin: string,
	cc: string[],
	tried: (what: string, command: string[]) => Promise<string>,
): Promise<void> {
	await tried("compiles to bitcode", [...cc, "-flto=thin", ...BARE, "-c", "test.c", "-o", "lto.o"]);
	await tried("links bitcode", [join(bin, "ld.lld"), "-r", "lto.o", "-o", "linked.o"]);
	await tried("archives", [join(bin, "llvm-ar"), "rcs", "lto.a", "lto.o"]);
	await tried("lists symbols", [join(bin, "llvm-nm"), "lto.a"]);
	await tried("copies objects", [join(bin, "llvm-objcopy"), "linked.o", "copied.o"]);
	await tried("strips", [join(bin, "llvm-strip"), "copied.o"]);
}

const BARE = ["-O2", "-ffreestanding", "-nostdinc"];

/** Ends with status 42 by the system call itself: no C library is asked for. */
const SOURCE = `void _start(void)
{
#if defined(__x86_64__)
	__asm__ volatile("mov $60, %eax; mov $42, %edi; syscall");
#elif defined(__aarch64__)
	__asm__ volatile("mov x8, #93; mov x0, #42; svc #0");
#endif
	for (;;)
		;
}
`;
const RUNS = new Set(["x86", "arm64"]);

function first(text: string): string {
	return text.split("\n")[0]?.trim() ?? "";
}

function failed(what: string, command: string[], output: string, status: number | null): KprepError {
	const lines = output.trim().split("\n").slice(-5).join("\n");
	return new KprepError("command", "toolchain-broken", "what was brought along does not work here", {
		expected: `${command[0]} ${what}`,
		found: `status ${status}${lines === "" ? "" : `: ${lines}`}`,
		suggestions: ["--toolchain host goes on with this machine's"],
	});
}
