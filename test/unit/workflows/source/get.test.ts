import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { KprepError } from "../../../../src/errors.ts";
import { PACKAGE_SOURCES } from "../../../../src/host/packages/index.ts";
import { silent } from "../../../../src/host/progress.ts";
import type { SourceContext } from "../../../../src/workflows/source/candidate.ts";
import { getSource } from "../../../../src/workflows/source/get.ts";
import { failure } from "../../../helpers/failure.ts";
import { fakePrograms } from "../../../helpers/fake-programs.ts";
import { lacks } from "../../../helpers/lacks.ts";
import { tar } from "../../../helpers/tar.ts";
import { configText, type Files, fakeRoot, headersFolder, makefileText } from "../../target/fake-root.ts";

const CODE = [
	"init/main.c",
	"include/linux/module.h",
	"drivers/net/dummy.c",
	"drivers/net/Kconfig",
	"arch/arm64/Makefile",
];

/** What every source below holds. */
function treeFiles(version: string): Record<string, string> {
	return { Makefile: makefileText(version), ...Object.fromEntries(CODE.map((path) => [path, `${path}\n`])) };
}

const MINIMAL = ["Kconfig", "Makefile", "main.c", "module.h"];

function names(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => !entry.isDirectory())
		.map((entry) => entry.name)
		.sort();
}

/** A folder with the tree as a tarball and as a folder, for fake programs to hand out. */
function wares(version: string): { archive: string; tree: string; folder: string } {
	const files = treeFiles(version);
	const folder = fakeRoot(
		Object.fromEntries(Object.entries(files).map(([path, text]) => [`tree/${path}`, text])),
	);
	const archive = join(folder, `linux-${version}.tar`);
	const entries = Object.entries(files).map(([path, content]) => ({
		name: `linux-${version}/${path}`,
		content,
	}));
	writeFileSync(archive, tar(entries));
	return { archive, tree: join(folder, "tree"), folder };
}

/** A root with headers of a kernel, so that all facts are known, and where a package would say it came from. */
function target(release: string, version: string, more: Files = {}): string {
	return fakeRoot({ ...headersFolder(`usr/lib/modules/${release}/build`, release, version), ...more });
}

function context(): SourceContext {
	return { progress: silent, systems: PACKAGE_SOURCES, folders: [], mirror: "http://127.0.0.1:9" };
}

const DPKG = {
	"var/lib/dpkg/status":
		"Package: linux-image-6.1.0-56-amd64\nStatus: install ok installed\nSource: linux\nVersion: 6.1.192-1\n",
};

function apt(version: string, deb: string): Record<string, string> {
	return {
		"apt-get": `case "$*" in *download*) echo deb >linux-source-6.1.deb ;; esac`,
		"apt-cache": `case "$1" in
			pkgnames) echo linux-source-6.1 ;;
			madison) echo 'linux-source-6.1 | ${version} | http://deb.example/debian suite/main amd64 Packages' ;;
		esac`,
		"dpkg-deb": `mkdir -p "$3/usr/src"; ${deb}`,
		dpkg: "echo amd64",
	};
}

describe("kprep source get", () => {
	test("apt: downloads exactly that version and takes the archive out of it", async () => {
		const { archive, folder } = wares("6.1.192");
		const deb = `cp '${archive}' "$3/usr/src/linux-source-6.1.tar.xz"`;
		const { calls } = fakePrograms(apt("6.1.192-1", deb), ["mkdir", "cp"]);
		const sysroot = target("6.1.0-56-amd64", "6.1.192", DPKG);
		const dest = join(folder, "out/linux");
		const { got } = await getSource({ sysroot }, { dest, minimal: true }, context());
		expect(got).toMatchObject({ tree: dest, version: "6.1.192", verdict: "needs-pin", trust: "packages" });
		expect(got?.next).toBe(`kprep sync ${dest} --sysroot ${sysroot}`);
		expect(names(dest)).toEqual(MINIMAL);
		expect(readdirSync(dirname(dest))).toEqual(["linux"]);
		expect(calls().find((call) => call.includes("download"))).toMatch(/linux-source-6\.1:amd64=6\.1\.192-1$/);
	});

	test("apt: the config of a kernel that came without one is brought along", async () => {
		const { archive, folder } = wares("6.1.192");
		const text = join(folder, "config");
		writeFileSync(text, configText("6.1.192"));
		const config = `mkdir -p "$3/usr/src/linux-config-6.1"; cp ${text} "$3/usr/src/linux-config-6.1/config.amd64_none_amd64"`;
		const source = `cp '${archive}' "$3/usr/src/linux-source-6.1.tar.xz"`;
		const row = (name: string) => `${name} | 6.1.192-1 | http://deb.example/debian suite/main amd64 Packages`;
		const programs = {
			...apt("6.1.192-1", `case $2 in *config*) ${config} ;; *) ${source} ;; esac`),
			"apt-cache": `case "$*" in
				pkgnames*) echo linux-source-6.1; echo linux-config-6.1 ;;
				madison*linux-source-6.1*) echo '${row("linux-source-6.1")}' ;;
				madison*linux-config-6.1*) echo '${row("linux-config-6.1")}' ;;
			esac`,
		};
		fakePrograms(programs, ["mkdir", "cp"]);
		const sysroot = target("6.1.0-56-amd64", "6.1.192", DPKG);
		rmSync(join(sysroot, "usr/lib/modules/6.1.0-56-amd64/build/.config"));
		const dest = join(folder, "out/linux");
		const { got } = await getSource({ sysroot }, { dest, minimal: true }, context());
		const path = `${dest}.config`;
		expect(got?.config).toEqual({ path, from: "apt:linux-config-6.1=6.1.192-1" });
		expect(got?.next).toBe(`kprep sync ${dest} --sysroot ${sysroot} --config ${path}`);
		expect(readFileSync(path, "utf8")).toBe(configText("6.1.192"));
	});

	test.skipIf(lacks("patch"))(
		"apt: an RT kernel gets the patch that comes with the source, and nothing without it",
		async () => {
			const { archive, folder } = wares("6.1.192");
			const patch = join(folder, "rt.patch");
			writeFileSync(
				patch,
				[
					"diff --git a/include/linux/module.h b/include/linux/module.h",
					...["--- a/include/linux/module.h", "+++ b/include/linux/module.h", "@@ -1 +1 @@"],
					...["-include/linux/module.h", "+rt"],
					"diff --git a/drivers/net/dummy.c b/drivers/net/dummy.c",
					...["--- a/drivers/net/dummy.c", "+++ b/drivers/net/dummy.c", "@@ -1 +1 @@"],
					...["-drivers/net/dummy.c", "+rt", ""],
				].join("\n"),
			);
			const tarball = `cp '${archive}' "$3/usr/src/linux-source-6.1.tar.xz"`;
			const sysroot = target("6.1.0-56-rt-amd64", "6.1.192", {
				"var/lib/dpkg/status": DPKG["var/lib/dpkg/status"].replace("56-amd64", "56-rt-amd64"),
			});
			fakePrograms(apt("6.1.192-1", `${tarball}; cp '${patch}' "$3/usr/src/linux-patch-6.1-rt.patch.xz"`), [
				...["mkdir", "cp", "patch"],
			]);
			const dest = join(folder, "rt");
			await getSource({ sysroot }, { dest, minimal: true }, context());
			expect(readFileSync(join(dest, "include/linux/module.h"), "utf8")).toBe("rt\n");

			fakePrograms(apt("6.1.192-1", tarball), ["mkdir", "cp"]);
			const other = join(folder, "plain");
			const error = await failure(getSource({ sysroot }, { dest: other, minimal: true }, context()));
			expect(error.code).toBe("no-patch-inside");
			expect(existsSync(other)).toBe(false);
			expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
		},
	);

	test("dnf: the source package, its tarball and Fedora's patch", async () => {
		const release = "6.11.4-301.fc41.x86_64";
		const { archive, folder } = wares("6.11.4");
		const { calls } = fakePrograms(
			{
				dnf: `case "$*" in
					*repoquery*) printf 'kernel-core\\t6.11.4-301.fc41\\tx86_64\\tupdates\\n' ;;
					*download*) for last; do :; done; echo rpm >"$5/$last.src.rpm" ;;
				esac`,
				rpm: `case "$*" in
					*-qa*) printf 'kernel-core\\t6.11.4-301.fc41\\tx86_64\\tkernel-6.11.4-301.fc41.src.rpm\\n' ;;
					*-i*) top="\${4#_topdir }"; mkdir "$top/SOURCES"; cp '${archive}' "$top/SOURCES/linux-6.11.4.tar.xz"
						echo >"$top/SOURCES/patch-6.11-redhat.patch" ;;
				esac`,
				rpm2cpio: "",
			},
			["mkdir", "cp"],
		);
		const sysroot = target(release, "6.11.4", { "usr/lib/sysimage/rpm/rpmdb.sqlite": "db" });
		const dest = join(folder, "fedora");
		const { got } = await getSource({ sysroot }, { where: "package", dest, minimal: false }, context());
		expect(got).toMatchObject({ verdict: "fits", version: "6.11.4" });
		expect(names(dest)).toHaveLength(6);
		expect(
			calls().some((call) => /dnf -q download --source --destdir \S+ kernel-6\.11\.4-301\.fc41$/.test(call)),
		).toBe(true);
	});

	test("zypper: kernel-devel and kernel-source of one version, laid over each other", async () => {
		const release = "6.4.0-150600.23.7-default";
		const { tree, folder } = wares("6.4.0");
		const { calls } = fakePrograms(
			{
				zypper: `case "$*" in
					*search*) echo 'v | kernel-source | package | 6.4.0-150600.23.7.3 | noarch | Update' ;;
					*download*) for last; do :; done; mkdir -p "$4/repo"; echo rpm >"$4/repo/\${last%%=*}.rpm" ;;
				esac`,
				rpm: "printf 'kernel-default\\t6.4.0-150600.23.7.3\\tx86_64\\tkernel-default-6.4.0-150600.23.7.3.nosrc.rpm\\n'",
				rpm2cpio: "echo cpio",
				cpio: `mkdir -p usr/src/linux-6.4.0; cp -r '${tree}/.' usr/src/linux-6.4.0`,
			},
			["mkdir", "cp"],
		);
		const sysroot = target(release, "6.4.0", { "usr/lib/sysimage/rpm/Packages.db": "db" });
		const dest = join(folder, "suse");
		const { got } = await getSource({ sysroot }, { dest, minimal: true }, context());
		expect(got).toMatchObject({ verdict: "fits", from: "zypper:kernel-source=6.4.0-150600.23.7.3" });
		expect(names(dest)).toEqual(MINIMAL);
		expect(
			calls()
				.filter((call) => call.includes("download"))
				.map((call) => call.split(" ").at(-1)),
		).toEqual(["kernel-devel=6.4.0-150600.23.7.3", "kernel-source=6.4.0-150600.23.7.3"]);
	});

	test("pacman: the tag, cloned without history", async () => {
		const release = "6.12.1-arch1-1";
		const { tree, folder } = wares("6.12.1");
		const { calls } = fakePrograms(
			{
				pacman: "exit 1",
				git: `case "$1" in clone) for last; do :; done; cp -r '${tree}' "$last" ;; *) exit 1 ;; esac`,
			},
			["cp"],
		);
		const sysroot = target(release, "6.12.1");
		const dest = join(folder, "arch");
		const { got } = await getSource({ sysroot }, { where: "package", dest, minimal: false }, context());
		expect(got).toMatchObject({ verdict: "fits", version: "6.12.1" });
		expect(calls().find((call) => call.includes("clone"))).toMatch(/--depth 1 --branch v6\.12\.1-arch1 /);
	});

	test("apk: the headers of the flavour, which are whole in one folder", async () => {
		const release = "6.6.30-0-virt";
		const { folder } = wares("6.6.30");
		const files = headersFolder("usr/src/linux-headers", release, "6.6.30") as Record<string, string>;
		const apkFile = join(folder, "linux-virt-dev.apk");
		writeFileSync(
			apkFile,
			gzipSync(tar(Object.entries(files).map(([name, content]) => ({ name, content })))),
		);
		const { calls } = fakePrograms(
			{
				apk: `case "$1" in
					policy) printf 'linux-virt-dev policy:\\n  6.6.30-r0:\\n    http://apk.example/main\\n  6.6.29-r0:\\n    http://apk.example/main\\n' ;;
					fetch) cp '${apkFile}' "$4/linux-virt-dev.apk" ;;
				esac`,
			},
			["cp", "tar", "gzip"],
		);
		const sysroot = fakeRoot({
			[`lib/modules/${release}/config`]: files["usr/src/linux-headers/.config"] as string,
			[`boot/config-${release}`]: files["usr/src/linux-headers/.config"] as string,
			"lib/apk/db/installed": "P:musl\nV:1.2-r0\n\nP:linux-virt\nV:6.6.30-r0\no:linux-lts\n",
		});
		const dest = join(folder, "alpine");
		const where = "apk:linux-virt-dev=6.6.30-r0";
		const { got } = await getSource({ sysroot, target: release }, { where, dest, minimal: true }, context());
		expect(got).toMatchObject({ verdict: "fits", why: "prepared for exactly this kernel" });
		expect(calls().some((call) => /^apk fetch -q -o \S+ linux-virt-dev=6\.6\.30-r0$/.test(call))).toBe(true);
	});

	test("upstream: a mirror of kernel.org that cuts the connection at first; the tarball does not stay behind", async () => {
		fakePrograms({});
		const { archive, folder } = wares("6.8.5");
		const content = readFileSync(archive);
		const sums = `${createHash("sha256").update(content).digest("hex")}  linux-6.8.5.tar.xz\n`;
		let requests = 0;
		const server = createServer((request, response) => {
			if (request.url?.endsWith("sha256sums.asc")) return response.end(sums);
			const from = Number(/(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
			const range = `bytes ${from}-${content.length - 1}/${content.length}`;
			response.writeHead(from > 0 ? 206 : 200, {
				"content-length": content.length - from,
				...(from > 0 ? { "content-range": range } : {}),
			});
			if (++requests > 1) return response.end(content.subarray(from));
			response.write(content.subarray(0, 2000), () => setTimeout(() => response.destroy(), 20));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => {
			server.closeAllConnections();
			server.close();
		});
		const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const sysroot = target("6.8.5-mine", "6.8.5");
		const dest = join(folder, "up");
		const { got } = await getSource(
			{ sysroot },
			{ where: "upstream", dest, minimal: true },
			{ ...context(), mirror },
		);
		expect(got).toMatchObject({ verdict: "fits", version: "6.8.5", trust: "checksum" });
		expect(requests).toBe(2);
		expect(names(dest)).toEqual(MINIMAL);
		expect(readdirSync(join(process.env.XDG_CACHE_HOME ?? "", "kprep/downloads"))).toEqual([]);
	});

	test("git: the tag out of a clone, and what a shallow clone lacks from where it was cloned", async () => {
		const { tree, folder } = wares("6.8.5");
		const git = (...words: string[]) =>
			execFileSync("git", ["-C", tree, "-c", "user.name=t", "-c", "user.email=t@t", ...words]);
		git("init", "-q");
		git("add", ".");
		git("commit", "-qm", "Linux 6.8.5");
		git("tag", "v6.8.5");
		writeFileSync(join(tree, "Makefile"), makefileText("6.9.0"));
		git("commit", "-qam", "Linux 6.9");
		const shallow = join(folder, "shallow");
		execFileSync("git", ["clone", "-q", "--depth", "1", `file://${tree}`, shallow]);
		fakePrograms({}, ["git", "git-upload-pack"]);
		const sysroot = target("6.8.5-mine", "6.8.5");
		for (const clone of [tree, shallow]) {
			const dest = join(folder, `from-${basename(clone)}`);
			const options = { where: `${clone}#v6.8.5`, dest, minimal: true };
			const { got } = await getSource({ sysroot }, options, { ...context(), folders: [clone] });
			expect(got).toMatchObject({ verdict: "fits", version: "6.8.5", from: `${clone}#v6.8.5` });
			expect(names(dest)).toEqual(MINIMAL);
		}
		expect(execFileSync("git", ["-C", shallow, "tag"], { encoding: "utf8" })).toBe("");
	});

	test("says how long the unpacking took before, when that was long, and learns from this one", async () => {
		const { archive, folder } = wares("6.1.192");
		fakePrograms({});
		const file = join(process.env.XDG_CACHE_HOME ?? "", "kprep/durations.json");
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, JSON.stringify({ "unpack .tar minimal": [42] }));
		const said: string[] = [];
		const progress = { ...silent, expect: (text: string) => said.push(text) };
		const sysroot = target("6.1.0-56-amd64", "6.1.192");
		const options = { where: archive, dest: join(folder, "linux"), minimal: true };
		await getSource({ sysroot }, options, { ...context(), progress });
		expect(said).toEqual(["about 40 s, by earlier runs"]);
		expect(JSON.parse(readFileSync(file, "utf8"))["unpack .tar minimal"]).toHaveLength(2);
	});

	test("an archive on this machine, and the verdict on what was in it", async () => {
		fakePrograms({});
		const { archive, folder } = wares("6.1.176");
		const sysroot = target("6.1.0-56-amd64", "6.1.192");
		const dest = join(folder, "out");
		const { got } = await getSource({ sysroot }, { where: archive, dest, minimal: false }, context());
		expect(got).toMatchObject({ verdict: "wrong-sublevel", version: "6.1.176", trust: null, files: 6 });
	});

	test("refuses a folder with content, a path that kbuild refuses, and a source that is none", async () => {
		fakePrograms({});
		const { archive, folder, tree } = wares("6.1.192");
		const sysroot = target("6.1.0-56-amd64", "6.1.192");
		const get = (dest: string, where = archive) =>
			failure(getSource({ sysroot }, { where, dest, minimal: false }, context()));
		expect((await get(tree)).code).toBe("exists");
		for (const name of ["a b", "a`b", "$(a)"])
			expect((await get(join(folder, name))).code, name).toBe("bad-path");
		expect((await get(join(folder, "x"), "nowhere")).code).toBe("no-such-source");
	});

	test("says so when nothing that can be fetched fits", async () => {
		fakePrograms({});
		const sysroot = target("6.1.0-56-amd64", "6.1.192");
		const { got } = await getSource({ sysroot }, { where: "package", minimal: false }, context()).catch(
			(error: KprepError) => ({ got: error.code }),
		);
		expect(got).toBe("no-such-source");
	});
});
