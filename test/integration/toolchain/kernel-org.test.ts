import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram } from "../../../src/host/process/program.ts";
import { silent } from "../../../src/host/progress.ts";
import { bring, findOffer } from "../../../src/toolchain/bring.ts";
import { chooseToolchain, thisArch } from "../../../src/toolchain/choose.ts";
import { kernelOrg } from "../../../src/toolchain/providers/kernel-org.ts";
import { wantedParts } from "../../../src/toolchain/wanted.ts";
import { failure } from "../../helpers/failure.ts";
import { lacks, skips } from "../../helpers/lacks.ts";

const MAJOR = "97";
const config = new Map([["CC_IS_GCC", "y"]]);
const [wanted] = wantedParts({ config, compiler: `gcc (GCC) ${MAJOR}.3.0`, arch: "x86" });
if (wanted === undefined) throw new Error("no compiler is wanted");

/** An archive as kernel.org lays it out, in which this machine's own compiler and binutils play the cross compiler. */
function archive(folder: string, version: string, broken = false): Uint8Array {
	const top = join(folder, `gcc-${version}-nolibc`);
	const bin = join(top, "x86_64-linux/bin");
	rmSync(top, { recursive: true, force: true });
	mkdirSync(bin, { recursive: true });
	for (const tool of ["ld", "ar", "nm", "objcopy", "objdump", "readelf", "strip"])
		symlinkSync("gcc", join(bin, `x86_64-linux-${tool}`));
	const real = realpathSync(findProgram("gcc") ?? "");
	// Its --version has the number that is wanted; all else is this machine's doing.
	const script = `#!/bin/sh\nPATH=/usr/bin:/bin\ncase "$*" in --version) echo "gcc (GCC) ${version}" ;; *) exec ${broken ? "/bin/false" : real} "$@" ;; esac\n`;
	writeFileSync(join(bin, "x86_64-linux-gcc"), script, { mode: 0o755 });
	writeFileSync(join(bin, "gcc"), script, { mode: 0o755 });
	writeFileSync(join(bin, "x86_64-linux-as"), "#!/bin/sh\n", { mode: 0o755 });
	return execFileSync("tar", ["-C", folder, "-cJf", "-", `gcc-${version}-nolibc`], { maxBuffer: 1 << 26 });
}

const other = skips(thisArch() !== "x86" || process.arch !== "x64", "plays the toolchains for x86_64 hosts");

describe.skipIf(other || lacks("gcc", "xz", "tar"))(
	"kernel.org's toolchains, behind a server of the test",
	() => {
		let folder: string;
		let server: Server;
		let base: string;
		const files = new Map<string, Uint8Array | string>();
		const before = process.env.XDG_CACHE_HOME;
		beforeEach(async () => {
			folder = mkdtempSync(join(tmpdir(), "kprep-tools-"));
			process.env.XDG_CACHE_HOME = join(folder, "cache");
			server = createServer((request, response) => {
				const content = files.get(request.url ?? "");
				if (content === undefined) return response.writeHead(404).end();
				response.setHeader("content-length", Buffer.byteLength(content as Uint8Array));
				return request.method === "HEAD" ? response.end() : response.end(content);
			});
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
			base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tools`;
		});
		afterEach(async () => {
			if (before === undefined) delete process.env.XDG_CACHE_HOME;
			else process.env.XDG_CACHE_HOME = before;
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			rmSync(folder, { recursive: true, force: true });
			files.clear();
		});

		const publish = (versions: string[], broken = false) => {
			const top = "/tools/crosstool/files/bin/x86_64";
			files.set(`${top}/`, versions.map((it) => `<a href="${it}/">${it}/</a>`).join("\n"));
			for (const version of versions) {
				const bytes = archive(join(folder, "made"), version, broken);
				const file = `x86_64-gcc-${version}-nolibc-x86_64-linux.tar.xz`;
				files.set(`${top}/${version}/${file}`, bytes);
				files.set(
					`${top}/${version}/sha256sums.asc`,
					`${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`,
				);
			}
			return top;
		};
		const context = { progress: silent };

		test("the same version before a newer one of its major; it compiles, and a tree's make gets it", async () => {
			publish([`${MAJOR}.1.0`, `${MAJOR}.3.0`, `${MAJOR}.4.0`, "98.1.0"]);
			const providers = [kernelOrg(base)];
			const offer = await findOffer(wanted, context, providers);
			expect(offer).toMatchObject({
				provider: "kernel.org",
				version: `${MAJOR}.3.0`,
				nearness: "same version",
			});
			if (offer === null) throw new Error("no offer");
			const kept = await bring(offer, context, providers);
			expect(kept.tests).toEqual(["starts", "compiles", "links", "runs what it made"]);
			const request = { compiler: `gcc (GCC) ${MAJOR}.3.0`, arch: "x86", config, kept: [kept] };
			const { variables, text } = chooseToolchain(request);
			expect(text).toBe(`gcc (GCC) ${MAJOR}.3.0`);
			expect(variables.CC).toBe(join(kept.folder, `root/usr/bin/x86_64-linux-gnu-gcc-${MAJOR}`));
			expect(readFileSync(join(dirname(variables.CC ?? ""), "x86_64-linux-gnu-ld"), "utf8")).toMatch(/^#!/);
		});

		test("another archive than the sums name, one that does not work, and none at all", async () => {
			const providers = [kernelOrg(base)];
			const top = publish([`${MAJOR}.4.0`]);
			const offer = await findOffer(wanted, context, providers);
			expect(offer).toMatchObject({ version: `${MAJOR}.4.0`, nearness: "same major" });
			if (offer === null) throw new Error("no offer");
			files.set(`${top}/${MAJOR}.4.0/x86_64-gcc-${MAJOR}.4.0-nolibc-x86_64-linux.tar.xz`, "not it");
			expect(await failure(bring(offer, context, providers))).toMatchObject({ code: "wrong-checksum" });
			publish([`${MAJOR}.4.0`], true);
			expect(await failure(bring(offer, context, providers))).toMatchObject({ code: "toolchain-broken" });
			publish(["98.1.0"]);
			expect(await findOffer(wanted, context, providers)).toBeNull();
		});

		test("a provider that cannot be asked is passed over while another answers", async () => {
			publish([`${MAJOR}.3.0`]);
			const away = kernelOrg("http://127.0.0.1:9/tools");
			expect(await findOffer(wanted, context, [away, kernelOrg(base)])).toMatchObject({
				version: `${MAJOR}.3.0`,
			});
			await expect(findOffer(wanted, context, [away])).rejects.toMatchObject({ code: "download-failed" });
		});
	},
);
