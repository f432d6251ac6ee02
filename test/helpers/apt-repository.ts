import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A package of a test: control fields besides Package and Version, and what is in it. */
export interface FakePackage {
	name: string;
	version: string;
	depends?: string;
	/** Path → bytes and mode of each file. */
	files: Record<string, { content: string | Uint8Array; mode?: number }>;
}

export interface AptRepository {
	/** APT_CONFIG of an apt that knows this repository alone, by its signature. */
	configuration: string;
	/** Paths that were asked for, in order. */
	asked: string[];
	/** What is sent instead of a file whose path ends so. */
	instead: Map<string, Uint8Array>;
	close(): Promise<void>;
}

/** A signed repository of the packages behind a server of the test, with apt's lists already fetched. */
export async function aptRepository(
	packages: FakePackage[],
	{ signed = true }: { signed?: boolean } = {},
): Promise<AptRepository> {
	const folder = mkdtempSync(join(tmpdir(), "kprep-repository-"));
	const site = join(folder, "site");
	const architecture = text(["dpkg", "--print-architecture"]).trim();
	const index = packages.map((it) => build(it, folder, site, architecture)).join("\n");
	const lists = `dists/test/main/binary-${architecture}/Packages`;
	put(join(site, lists), index);
	const sum = createHash("sha256").update(index).digest("hex");
	const release = `Origin: test\nSuite: test\nCodename: test\nArchitectures: ${architecture}\nComponents: main\nDate: ${new Date().toUTCString()}\nSHA256:\n ${sum} ${Buffer.byteLength(index)} main/binary-${architecture}/Packages\n`;
	const key = sign(folder, release, join(site, "dists/test/InRelease"), signed);
	const asked: string[] = [];
	const instead = new Map<string, Uint8Array>();
	const server = createServer((request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
		asked.push(path);
		const other = [...instead].find(([end]) => path.endsWith(end))?.[1];
		try {
			response.end(other ?? readFileSync(join(site, path)));
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const configuration = configure(folder, `http://127.0.0.1:${port}`, key, architecture);
	const { run } = await import("../../src/host/process/run.ts");
	await run(["apt-get", "-q", "update"], { env: { APT_CONFIG: configuration, LC_ALL: "C" }, accept: [100] });
	return {
		configuration,
		asked,
		instead,
		close: () =>
			new Promise((resolve) => {
				rmSync(folder, { recursive: true, force: true });
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

function build(it: FakePackage, folder: string, site: string, architecture: string): string {
	const top = join(folder, "build", it.name);
	for (const [path, { content, mode = 0o644 }] of Object.entries(it.files))
		put(join(top, path), content, mode);
	const control = [
		`Package: ${it.name}`,
		`Version: ${it.version}`,
		`Architecture: ${architecture}`,
		"Maintainer: a test <test@localhost>",
		...(it.depends === undefined ? [] : [`Depends: ${it.depends}`]),
		"Description: a test",
	].join("\n");
	put(join(top, "DEBIAN/control"), `${control}\n`);
	const file = `pool/${it.name}_${it.version}_${architecture}.deb`;
	mkdirSync(join(site, "pool"), { recursive: true });
	execFileSync("dpkg-deb", ["-Zgzip", "--root-owner-group", "-b", top, join(site, file)], { stdio: "pipe" });
	const bytes = readFileSync(join(site, file));
	const sum = createHash("sha256").update(bytes).digest("hex");
	return `${control}\nFilename: ${file}\nSize: ${bytes.length}\nSHA256: ${sum}\n`;
}

/** Signs with a key of the test's own; unsigned: apt is given another key than the one that signed. */
function sign(folder: string, release: string, path: string, signed: boolean): string {
	const home = join(folder, "gnupg");
	mkdirSync(home, { mode: 0o700 });
	const gpg = (...words: string[]) =>
		execFileSync(
			"gpg",
			[
				"--homedir",
				home,
				"--batch",
				"--quiet",
				"--yes",
				"--passphrase",
				"",
				"--pinentry-mode",
				"loopback",
				...words,
			],
			{
				stdio: "pipe",
			},
		);
	gpg("--quick-gen-key", "kprep test <test@localhost>", "ed25519", "sign", "never");
	put(`${path}.text`, release);
	gpg("--local-user", "test@localhost", "--clearsign", "-o", path, `${path}.text`);
	if (!signed) gpg("--quick-gen-key", "another <another@localhost>", "ed25519", "sign", "never");
	const key = join(folder, "key.gpg");
	writeFileSync(key, gpg("--export", signed ? "test@localhost" : "another@localhost"));
	execFileSync("gpgconf", ["--homedir", home, "--kill", "all"], { stdio: "pipe" });
	return key;
}

function configure(folder: string, address: string, key: string, architecture: string): string {
	for (const name of ["lists/partial", "cache/archives/partial"])
		mkdirSync(join(folder, name), { recursive: true });
	put(join(folder, "sources.list"), `deb [signed-by=${key}] ${address} test main\n`);
	const path = join(folder, "apt.conf");
	put(
		path,
		[
			`Dir::Etc::SourceList "${folder}/sources.list";`,
			'Dir::Etc::SourceParts "-";',
			`Dir::State::Lists "${folder}/lists";`,
			`Dir::Cache "${folder}/cache";`,
			`APT::Architectures { "${architecture}"; };`,
			'APT::Sandbox::User "root";',
			'Acquire::Languages "none";',
			'Acquire::Retries "0";',
			"",
		].join("\n"),
	);
	return path;
}

function put(path: string, content: string | Uint8Array, mode = 0o644): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, content, { mode });
}

function text(command: string[]): string {
	const [file = "", ...words] = command;
	return execFileSync(file, words, { encoding: "utf8" });
}

/** Everything below a folder, for a test that says that nothing was left. */
export function leftIn(folder: string): string[] {
	try {
		return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
	} catch {
		return [];
	}
}
