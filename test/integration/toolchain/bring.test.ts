import { execFileSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readLoading } from "../../../src/formats/elf/relocate.ts";
import { silent } from "../../../src/host/progress.ts";
import { bring, keptName } from "../../../src/toolchain/bring.ts";
import { keptFor, keptParts } from "../../../src/toolchain/keep/kept.ts";
import { aptClosure } from "../../../src/toolchain/providers/apt-closure.ts";
import { omitted, unneeded } from "../../../src/toolchain/providers/apt-packages.ts";
import type { Offer } from "../../../src/toolchain/providers/provider.ts";
import type { Wanted } from "../../../src/toolchain/wanted.ts";
import { type AptRepository, aptRepository, type FakePackage, leftIn } from "../../helpers/apt-repository.ts";
import { failure } from "../../helpers/failure.ts";
import { kprep } from "../../helpers/kprep.ts";
import { lacks } from "../../helpers/lacks.ts";

const TOOLS = ["apt-get", "apt-cache", "dpkg-deb", "gpg", "gcc"];

const VERSION = "99.9";
const wanted: Wanted = {
	...{ part: "pahole", arch: "x86", triplet: null, name: "pahole", version: VERSION, major: VERSION },
	...{ packageVersion: null, plugins: false, lld: false, compat: false, neededFor: "CONFIG_DEBUG_INFO_BTF" },
};

/** A program that needs a library that this machine does not have, and this machine's own loader and C library as packages. */
function packages(): FakePackage[] {
	const folder = mkdtempSync(join(tmpdir(), "kprep-fake-"));
	const gcc = (...words: string[]) => execFileSync("gcc", words, { cwd: folder, stdio: "pipe" });
	writeFileSync(join(folder, "lib.c"), `const char *kprep_answer(void) { return "v${VERSION}"; }\n`);
	writeFileSync(
		join(folder, "main.c"),
		"#include <stdio.h>\nconst char *kprep_answer(void);\nint main(void) { puts(kprep_answer()); return 0; }\n",
	);
	gcc("-shared", "-fPIC", "-Wl,-soname,libkprepfake.so.1", "lib.c", "-o", "libkprepfake.so.1");
	gcc("main.c", "-o", "pahole", "./libkprepfake.so.1");
	const program = readFileSync(join(folder, "pahole"));
	const library = readFileSync(join(folder, "libkprepfake.so.1"));
	const loader = readLoading(program)?.interpreter ?? "";
	const libc = /libc\.so\.6 => (\S+)/.exec(execFileSync("ldd", ["/bin/sh"], { encoding: "utf8" }))?.[1] ?? "";
	rmSync(folder, { recursive: true });
	const place = "usr/lib/any-linux-gnu";
	const same = { version: `${VERSION}-1` };
	return [
		{
			...{ ...same, name: "pahole", depends: `libkprepfake1 (= ${VERSION}-1), libc6, libasan99` },
			files: {
				"usr/bin/pahole": { content: program, mode: 0o755 },
				"usr/share/doc/pahole/copyright": { content: "Format: x\n\nFiles: *\nLicense: GPL-2\n" },
			},
		},
		{ ...same, name: "libkprepfake1", files: { [`${place}/libkprepfake.so.1`]: { content: library } } },
		{ ...same, name: "libasan99", files: { [`${place}/libasan.so.99`]: { content: "" } } },
		{
			...{ ...same, name: "libc6" },
			files: {
				[`${place}/${basename(loader)}`]: { content: readFileSync(realpathSync(loader)), mode: 0o755 },
				[`${place}/libc.so.6`]: { content: readFileSync(realpathSync(libc)), mode: 0o755 },
			},
		},
	];
}

describe.skipIf(lacks(...TOOLS))("bring: from a signed repository to a part that is kept", () => {
	let repository: AptRepository;
	let cache: string;
	const before = process.env.XDG_CACHE_HOME;
	beforeAll(async () => {
		repository = await aptRepository(packages());
	}, 60_000);
	afterAll(async () => repository?.close());
	beforeEach(() => {
		cache = mkdtempSync(join(tmpdir(), "kprep-cache-"));
		process.env.XDG_CACHE_HOME = cache;
		repository.asked.length = 0;
		repository.instead.clear();
	});
	afterEach(() => {
		if (before === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = before;
		rmSync(cache, { recursive: true, force: true });
	});

	const context = (more = {}) => ({
		progress: silent,
		env: { APT_CONFIG: repository.configuration },
		...more,
	});
	const offer = async (): Promise<Offer> => {
		const { pieces, unpacked } = await aptClosure([`pahole=${VERSION}-1`], unneeded(wanted), context());
		return {
			...{
				provider: "apt",
				wanted,
				version: VERSION,
				packageVersion: `${VERSION}-1`,
				nearness: "same version",
			},
			...{
				from: "test",
				pieces: pieces.filter(({ name }) => !omitted(wanted).test(name)),
				size: 1000,
				unpacked,
			},
			env: { APT_CONFIG: repository.configuration },
		};
	};
	const kept = () => leftIn(join(cache, "kprep/toolchains/.made"));

	test("it runs with its own loader and libraries, and says what it is made of", async () => {
		const part = await bring(await offer(), context());
		const program = join(part.folder, part.tools.PAHOLE ?? "");
		expect(execFileSync(program, ["--version"], { encoding: "utf8", env: {} })).toBe(`v${VERSION}\n`);
		expect(readLoading(readFileSync(program))?.interpreter).toContain(`${realpathSync(part.folder)}/root/`);
		expect(part).toMatchObject({ version: VERSION, text: `v${VERSION}`, tests: ["starts"] });
		// The sanitizer that it depends on is no use here.
		expect(part.packages.map(({ name }) => name).sort()).toEqual(["libc6", "libkprepfake1", "pahole"]);
		expect(part.packages.find(({ name }) => name === "pahole")).toMatchObject({
			...{ licences: ["GPL-2"], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
		});
		expect(keptFor(wanted, await keptParts())?.folder).toBe(part.folder);
		expect(leftIn(join(cache, "kprep/downloads/toolchains"))).toEqual([]);
	});

	test("toolchain list --json tells of it as the schema says", async () => {
		const part = await bring(await offer(), context());
		const config = join(cache, "config");
		const symbols = Array.from({ length: 20 }, (_, at) => `CONFIG_KPREP_${at}=y\n`).join("");
		writeFileSync(
			config,
			`CONFIG_MODULES=y\nCONFIG_64BIT=y\nCONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=9909\n${symbols}`,
		);
		const words = ["toolchain", "list", "-t", "6.12.0-board", "--config", config, "--json", "-q"];
		const { json } = await kprep(words, { XDG_CACHE_HOME: cache });
		expect(json).toMatchObject({
			parts: [
				{ part: "gcc" },
				{ part: "pahole", from: "kept", path: part.folder, manifest: { tests: ["starts"] } },
			],
		});
	});

	test("a kept one whose program is gone does not count, and is brought anew", async () => {
		const one = await offer();
		const part = await bring(one, context());
		rmSync(join(part.folder, part.tools.PAHOLE ?? ""));
		expect(await keptParts()).toEqual([]);
		const again = await bring(one, context());
		expect(execFileSync(join(again.folder, again.tools.PAHOLE ?? ""), { encoding: "utf8" })).toBe(
			`v${VERSION}\n`,
		);
	});

	test("two at once: the second waits, and takes what the first brought", async () => {
		const one = await offer();
		const [a, b] = await Promise.all([bring(one, context()), bring(one, context())]);
		expect(realpathSync(a.folder)).toBe(realpathSync(b.folder));
		expect(repository.asked.filter((path) => path.includes("/pahole_"))).toHaveLength(1);
	});

	test("a file that is not the one of the signed lists is never unpacked", async () => {
		const one = await offer();
		repository.instead.set(
			`pahole_${VERSION}-1_${one.pieces[0]?.file.split("_").pop()}`,
			Buffer.alloc(4000, 1),
		);
		const error = await failure(bring(one, context()));
		expect(error).toMatchObject({ kind: "missing", code: "wrong-checksum" });
		expect(kept()).toEqual([]);
		// What arrived whole stays for the next run.
		repository.instead.clear();
		await bring(one, context());
		expect(repository.asked.filter((path) => path.includes("/libkprepfake1_"))).toHaveLength(1);
	});

	test("stopped on the way: nothing has a name, nothing is left", async () => {
		const abort = new AbortController();
		const progress = { ...silent, step: (name: string) => name === "unpack" && abort.abort() };
		await expect(bring(await offer(), context({ progress, signal: abort.signal }))).rejects.toThrow();
		expect(kept()).toEqual([]);
		expect(await keptParts()).toEqual([]);
	});

	test("what a killed run left is never used, and goes with the next", async () => {
		const one = await offer();
		const made = join(cache, "kprep/toolchains/.made");
		mkdirSync(join(made, "half/root"), { recursive: true });
		writeFileSync(join(made, "half/manifest.json"), "{}");
		symlinkSync(".made/half", join(cache, "kprep/toolchains", `.${keptName(one)}.1`));
		expect(await keptParts()).toEqual([]);
		await bring(one, context());
		expect(kept().filter((path) => path.startsWith("half"))).toEqual([]);
	});

	test("no space: said before anything is written", async () => {
		const error = await failure(bring({ ...(await offer()), unpacked: 1e18 }, context()));
		expect(error).toMatchObject({ kind: "missing", code: "no-space" });
		expect(leftIn(cache)).toEqual([]);
	});

	test("what does not work here gets no name", async () => {
		const one = await offer();
		const without = one.pieces.filter(({ name }) => name !== "libkprepfake1");
		const error = await failure(bring({ ...one, pieces: without }, context()));
		expect(error).toMatchObject({ kind: "command", code: "toolchain-broken" });
		expect(error.found).toMatch(/libkprepfake\.so\.1/);
		expect(kept()).toEqual([]);
	});

	test("lists that another key signed are not believed", async () => {
		const stranger = await aptRepository(packages().slice(1, 2), { signed: false });
		try {
			const strange = { progress: silent, env: { APT_CONFIG: stranger.configuration } };
			await expect(aptClosure(["libkprepfake1"], /^$/, strange)).rejects.toMatchObject({
				code: "command-failed",
			});
		} finally {
			await stranger.close();
		}
	});

	test("no network: missing, with apt's words", async () => {
		const away = await aptRepository(packages().slice(1, 2));
		const env = { APT_CONFIG: away.configuration };
		const { pieces } = await aptClosure(["libkprepfake1"], /^$/, { progress: silent, env });
		const one = { ...(await offer()), pieces, env };
		away.instead.set(".deb", Buffer.alloc(0));
		const error = await failure(bring(one, context()));
		await away.close();
		expect(error.kind).toBe("missing");
		expect(kept()).toEqual([]);
	});
});
