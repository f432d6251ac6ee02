import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { fetchTarball, tarballUrl } from "../../../../src/host/network/kernel-org.ts";
import { silent } from "../../../../src/host/progress.ts";
import { failure } from "../../../helpers/failure.ts";

const NAME = "linux-6.8.5.tar.xz";
const CONTENT = Buffer.alloc(5000, "kernel");
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
const SUMS = `${"0".repeat(64)}  linux-6.8.50.tar.xz\n${SHA256}  ${NAME}\n`;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-org-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function mirror(sums: string | null, content = CONTENT): Promise<string> {
	const server = createServer((request, response) => {
		if (request.url === `/v6.x/${NAME}`) response.end(content);
		else if (request.url === "/v6.x/sha256sums.asc" && sums !== null) response.end(sums);
		else response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A key of the test's own, in a keyring of its own; null, with the reason printed, where gpg cannot make one. */
function signer(): { fingerprint: string; sign: (text: string) => string } | null {
	const home = join(folder, "gnupg");
	mkdirSync(home, { mode: 0o700 });
	const before = process.env.GNUPGHOME;
	process.env.GNUPGHOME = home;
	onTestFinished(() => {
		try {
			execFileSync("gpgconf", ["--kill", "all"], { stdio: "ignore" });
		} catch {}
		if (before === undefined) delete process.env.GNUPGHOME;
		else process.env.GNUPGHOME = before;
	});
	const gpg = (words: string[], input = "") =>
		execFileSync(
			"gpg",
			["--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "", ...words],
			{
				input,
				encoding: "utf8",
				stdio: ["pipe", "pipe", "ignore"],
			},
		);
	try {
		gpg(["--quick-generate-key", "Test <test@example.org>", "ed25519", "sign", "never"]);
	} catch (error) {
		console.log(`skipped: gpg makes no key here: ${(error as Error).message.split("\n")[0]}`);
		return null;
	}
	const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg(["--list-keys", "--with-colons"]))?.[1] ?? "";
	return { fingerprint, sign: (text) => gpg(["--clearsign"], text) };
}

function collect(): { warnings: string[]; options: Parameters<typeof fetchTarball>[2] } {
	const warnings: string[] = [];
	const progress = { ...silent, warn: (text: string) => warnings.push(text) };
	return { warnings, options: { progress, retries: 0 } };
}

test.each([
	["6.8.5", "v6.x/linux-6.8.5.tar.xz"],
	["6.8.0", "v6.x/linux-6.8.tar.xz"],
	["6.10.0", "v6.x/linux-6.10.tar.xz"],
	["3.0", "v3.x/linux-3.0.tar.xz"],
	["2.6.32", "v2.6/linux-2.6.32.tar.xz"],
])("the address of %s", (version, path) => {
	expect(tarballUrl(version, "https://m.example/k/")).toBe(`https://m.example/k/${path}`);
});

describe("fetchTarball", () => {
	test("holds the tarball against its checksum, and says that nobody signed it", async () => {
		const { warnings, options } = collect();
		const url = tarballUrl("6.8.5", await mirror(SUMS));
		const { archive, trust } = await fetchTarball(url, folder, options);
		expect(readFileSync(archive).equals(CONTENT)).toBe(true);
		expect(trust).toBe("checksum");
		expect(warnings[0]).toContain("carries none");
	});

	test("refuses wrong bytes, a version that is not there, and a folder that is not there", async () => {
		const { options } = collect();
		const wrong = tarballUrl("6.8.5", await mirror(SUMS, Buffer.alloc(5000, "lenrek")));
		expect((await failure(fetchTarball(wrong, folder, options))).code).toBe("wrong-checksum");
		const other = tarballUrl("6.8.6", await mirror(SUMS));
		expect((await failure(fetchTarball(other, folder, options))).code).toBe("not-published");
		const none = tarballUrl("6.8.5", await mirror(null));
		expect((await failure(fetchTarball(none, folder, options))).code).toBe("not-published");
	});

	test("believes the signer's signature, warns about another's, refuses a broken one", async () => {
		const key = signer();
		if (key === null) return;
		const signed = key.sign(SUMS);
		const trusted = collect();
		const url = tarballUrl("6.8.5", await mirror(signed));
		const { trust } = await fetchTarball(url, folder, { ...trusted.options, signer: key.fingerprint });
		expect([trust, trusted.warnings]).toEqual(["signed", []]);

		const stranger = collect();
		expect((await fetchTarball(url, folder, stranger.options)).trust).toBe("checksum");
		expect(stranger.warnings[0]).toContain(key.fingerprint);

		const changed = tarballUrl("6.8.5", await mirror(signed.replace(SHA256, "1".repeat(64))));
		expect((await failure(fetchTarball(changed, folder, collect().options))).code).toBe("bad-signature");
	});

	test("lines around the signed part count for nothing", async () => {
		const key = signer();
		if (key === null) return;
		const planted = `${"1".repeat(64)}  ${NAME}\n${key.sign("nothing about it\n")}${SHA256}  ${NAME}\n`;
		const url = tarballUrl("6.8.5", await mirror(planted.slice(planted.indexOf("-----BEGIN"))));
		const options = { ...collect().options, signer: key.fingerprint };
		expect((await failure(fetchTarball(url, folder, options))).code).toBe("not-published");
	});
});
