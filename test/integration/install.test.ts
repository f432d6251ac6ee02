import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compressionOf } from "../../src/formats/compression/compression.ts";
import { readSignature } from "../../src/formats/module/signature.ts";
import { decompress } from "../../src/host/archive/decompress.ts";
import { sha256 } from "../../src/host/files/digest.ts";
import { silent } from "../../src/host/progress.ts";
import { installModules, uninstallModules } from "../../src/workflows/install/index.ts";
import { signFiles } from "../../src/workflows/sign/index.ts";
import { fingerprint } from "../helpers/fingerprint.ts";
import { composeModule } from "../helpers/module.ts";

const RELEASE = "6.1.0-9-amd64";
const folder = mkdtempSync(join(tmpdir(), "kprep-install-"));
const key = { key: join(folder, "mok.key"), certificate: join(folder, "mok.der") };
const module = join(folder, "hello.ko");
const bytes = composeModule({
	...{ bits: 64, little: true, structModule: 896 },
	modinfo: [["vermagic", `${RELEASE} SMP mod_unload `]],
});

beforeAll(() => {
	const words = "req -new -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=kprep-test/ -outform DER";
	execFileSync("openssl", [...words.split(" "), "-keyout", key.key, "-out", key.certificate], {
		stdio: "ignore",
	});
	writeFileSync(module, bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A sysroot with one kernel whose config says this. */
function system(name: string, config: string[], own = "fat.ko"): string {
	const root = join(folder, name);
	mkdirSync(join(root, "boot"), { recursive: true });
	mkdirSync(join(root, "lib/modules", RELEASE, "kernel/fs"), { recursive: true });
	const filler = Array.from({ length: 24 }, (_, at) => `CONFIG_FILLER_${at}=y`);
	writeFileSync(
		join(root, `boot/config-${RELEASE}`),
		["CONFIG_MODULES=y", "CONFIG_X86_64=y", ...filler, ...config, ""].join("\n"),
	);
	writeFileSync(join(root, "lib/modules", RELEASE, "kernel/fs", own), own.endsWith(".xz") ? "" : bytes);
	return root;
}

describe("modules are installed as the target wants them", () => {
	it("signed with the named key and compressed like the target's own, and taken away again", async () => {
		const root = system(
			"signs",
			["CONFIG_MODULE_SIG=y", 'CONFIG_MODULE_SIG_HASH="sha512"', "CONFIG_MODULE_COMPRESS_XZ=y"],
			"fat.ko.xz",
		);
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		const done = await installModules([module], folder, key, place);
		expect(done.installed).toEqual([`/lib/modules/${RELEASE}/updates/kprep/hello.ko.xz`]);
		expect(done.signed).toBe(true);
		const path = join(root, done.installed[0] as string);
		const packed = readFileSync(path);
		expect(compressionOf(packed)).toBe("xz");
		const inside = await decompress(packed);
		expect(readSignature(inside)).toMatchObject({ idType: "PKCS#7", hash: "sha512", signer: "kprep-test" });

		// Again, now that the kernel no longer compresses: one file, not two.
		rmSync(join(root, "lib/modules", RELEASE, "kernel"), { recursive: true });
		writeFileSync(
			join(root, `boot/config-${RELEASE}`),
			readFileSync(join(root, `boot/config-${RELEASE}`), "utf8").replace("COMPRESS_XZ=y", "COMPRESS_NONE=y"),
		);
		const again = await installModules([module], folder, key, place);
		expect(again.installed).toEqual([`/lib/modules/${RELEASE}/updates/kprep/hello.ko`]);
		expect(existsSync(path)).toBe(false);

		const gone = await uninstallModules(folder, place);
		expect(gone.removed).toEqual(again.installed);
		expect(existsSync(join(root, "lib/modules", RELEASE, "updates"))).toBe(false);
	});

	it("leaves what somebody changed since, and says so", async () => {
		const root = system("changed", []);
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		const { installed, signed } = await installModules([module], folder, null, place);
		expect(signed).toBe(false);
		writeFileSync(join(root, installed[0] as string), "mine");
		const gone = await uninstallModules(folder, place);
		expect(gone).toMatchObject({ removed: [], kept: installed });
		expect(readFileSync(join(root, installed[0] as string), "utf8")).toBe("mine");
		expect((await uninstallModules(join(folder, "elsewhere"), place)).removed).toEqual([]);
	});

	it.each(["updates", "updates/kprep"])("through no link: %s leads out of the sysroot", async (inner) => {
		const root = system(`linked-${inner.replace("/", "-")}`, []);
		const outside = join(folder, `outside-${inner.replace("/", "-")}`);
		mkdirSync(join(outside, "kprep"), { recursive: true });
		const names = ["hello", "hello.ko"];
		for (const place of [outside, join(outside, "kprep")]) {
			for (const name of names) writeFileSync(join(place, name), "mine");
			const account = names.map((name) => [name, { from: folder, sha256: sha256("mine") }]);
			writeFileSync(join(place, ".kprep-modules.json"), JSON.stringify(Object.fromEntries(account)));
		}
		const link = join(root, "lib/modules", RELEASE, inner);
		mkdirSync(dirname(link), { recursive: true });
		symlinkSync(outside, link);
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		const before = fingerprint(outside);
		await expect(installModules([module], folder, null, place)).rejects.toMatchObject({
			code: "link-outside",
		});
		await expect(uninstallModules(folder, place)).rejects.toMatchObject({ code: "link-outside" });
		expect(fingerprint(outside)).toEqual(before);
	});

	it("inside the sysroot, where links of it lead on this machine otherwise; depmod too", async () => {
		const root = system("merged", []);
		mkdirSync(join(root, "usr"));
		renameSync(join(root, "lib"), join(root, "usr/lib"));
		symlinkSync("/usr/lib", join(root, "lib"));
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		const done = await installModules([module], folder, null, place);
		const modules = join(root, "usr/lib/modules", RELEASE);
		expect(done.installed).toEqual([`/usr/lib/modules/${RELEASE}/updates/kprep/hello.ko`]);
		expect(existsSync(join(modules, "updates/kprep/hello.ko"))).toBe(true);
		expect(done.depmod).toBe(existsSync("/usr/sbin/depmod"));
		expect(existsSync(join(modules, "modules.dep"))).toBe(done.depmod);
		expect(existsSync(join("/usr/lib/modules", RELEASE))).toBe(false);
	});

	it("a pipe in the place of a module is left where it is", async () => {
		const root = system("pipe", []);
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		const { installed } = await installModules([module], folder, null, place);
		const path = join(root, installed[0] as string);
		rmSync(path);
		execFileSync("mkfifo", [path]);
		expect((await uninstallModules(folder, place)).kept).toEqual(installed);
	});

	it("does not install what the kernel is bound to refuse: no key where signatures are forced", async () => {
		const root = system("forced", ["CONFIG_MODULE_SIG=y", "CONFIG_MODULE_SIG_FORCE=y"]);
		const place = { target: { sysroot: root, target: RELEASE }, progress: silent };
		await expect(installModules([module], folder, null, place)).rejects.toMatchObject({
			code: "no-signing-key",
		});
		expect(existsSync(join(root, "lib/modules", RELEASE, "updates"))).toBe(false);
	});
});

describe("kprep sign", () => {
	it("signs in place, mode kept, twice the same length, and openssl verifies it", async () => {
		const path = join(folder, "signed.ko");
		writeFileSync(path, bytes, { mode: 0o640 });
		const request = { modules: [path], key, hash: "sha256", target: {}, progress: silent };
		const { modules } = await signFiles(request);
		expect(modules[0]).toMatchObject({ hash: "sha256", signer: "kprep-test" });
		const once = readFileSync(path);
		await signFiles(request);
		expect(readFileSync(path).length).toBe(once.length);
		expect(statSync(path).mode & 0o777).toBe(0o640);
		const { length } = readSignature(once);
		expect(once.subarray(0, once.length - length).equals(Buffer.from(bytes))).toBe(true);
		writeFileSync(join(folder, "message"), once.subarray(once.length - length, once.length - 40));
		const verify =
			"cms -verify -binary -noverify -inform DER -certfile cert.pem -in message -content hello.ko -out out";
		execFileSync("openssl", [
			"x509",
			"-inform",
			"DER",
			"-in",
			key.certificate,
			"-out",
			join(folder, "cert.pem"),
		]);
		execFileSync("openssl", verify.split(" "), { cwd: folder, stdio: "ignore" });
	});

	it("touches none when one of them is no module, or is compressed", async () => {
		const [good, bad] = [join(folder, "good.ko"), join(folder, "bad.ko")];
		writeFileSync(good, bytes);
		writeFileSync(bad, "\xfd7zXZ\0", "latin1");
		const request = { key, hash: "sha256", target: {}, progress: silent };
		await expect(signFiles({ ...request, modules: [good, bad] })).rejects.toMatchObject({
			code: "not-a-module",
		});
		writeFileSync(bad, "text");
		await expect(signFiles({ ...request, modules: [good, bad] })).rejects.toMatchObject({
			code: "not-a-module",
		});
		expect(readSignature(readFileSync(good)).present).toBe(false);
		await expect(signFiles({ ...request, key: null, modules: [good] })).rejects.toMatchObject({
			code: "no-signing-key",
		});
	});
});
