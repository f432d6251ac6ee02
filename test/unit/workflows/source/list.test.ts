import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { PACKAGE_SOURCES } from "../../../../src/host/packages/index.ts";
import { silent } from "../../../../src/host/progress.ts";
import { PROVIDERS } from "../../../../src/target/providers/index.ts";
import { makePlan } from "../../../../src/tree/plan/plan.ts";
import { readTree } from "../../../../src/tree/read.ts";
import type { Found } from "../../../../src/workflows/source/candidate.ts";
import { listSources } from "../../../../src/workflows/source/list.ts";
import { fakePrograms } from "../../../helpers/fake-programs.ts";
import {
	addFiles,
	configText,
	debian,
	type Files,
	fakeRoot,
	headersFolder,
	makefileText,
} from "../../target/fake-root.ts";

/** A source tree as far as kprep tells one from a headers package. */
function tree(folder: string, version: string, more: Files = {}): Files {
	const files = { Makefile: makefileText(version), "init/main.c": "", "scripts/setlocalversion": "" };
	return Object.fromEntries(
		Object.entries({ ...files, ...more }).map(([path, content]) => [`${folder}/${path}`, content]),
	);
}

async function list(sysroot: string, folders: string[] = []): Promise<{ found: Found[]; table: string[] }> {
	const providers = PROVIDERS.filter(({ name }) => !["image", "installed-modules"].includes(name));
	const { found } = await listSources(
		{ sysroot },
		{ progress: silent, systems: PACKAGE_SOURCES, folders, mirror: "https://mirror.example/linux" },
		{ machine: { root: "/", uname: "9.9.9-running" }, providers },
	);
	const table = found.map(({ candidate: { kind, where, version, verdict } }) =>
		[verdict, kind, version ?? "?", where.replace(sysroot, "").replace(folders[0] ?? "\0", "")].join(" "),
	);
	return { found, table };
}

/** apt whose madison and pkgnames answer from these "name | version | suite" rows. */
function apt(rows: string[], elsewhere: string[] = []): Record<string, string> {
	const asked = (these: string[]) =>
		these
			.map((row) => {
				const [, name, suite] = /^(\S+) .*\| (\S+)$/.exec(row) ?? [];
				const line = row.replace(/\S+$/, `http://deb.example/debian ${suite}/main amd64 Packages`);
				return `case " $* " in *" ${name} "*) echo '${line}' ;; esac`;
			})
			.join("\n");
	const names = [...rows, ...elsewhere].map((row) => row.split(" ")[0]).join(" ");
	return {
		"apt-get": "",
		"dpkg-deb": "",
		dpkg: "echo amd64",
		"apt-cache": `case "$1" in
			pkgnames) for name in ${names}; do echo $name; done ;;
			madison)
				${asked(rows)}
				if [ -n "$APT_CONFIG" ]; then
				:
				${asked(elsewhere)}
				fi ;;
		esac`,
	};
}

function status(name: string, version: string, source: string): Files {
	const stanza = `Package: ${name}\nStatus: install ok installed\nSource: ${source}\nVersion: ${version}\n`;
	return { "var/lib/dpkg/status": `Package: base-files\nVersion: 12\n\n${stanza}\nPackage: zlib\n` };
}

describe("kprep source list looks into what it finds", () => {
	test("headers whose Makefile includes a path that is not here do not fit", async () => {
		fakePrograms(apt([]));
		const release = "6.1.192-vendor";
		const folder = `usr/src/linux-headers-${release}`;
		const root = fakeRoot({
			...headersFolder(folder, release, "6.1.192"),
			[`${folder}/Makefile`]: "include /build/host/linux-6.1/Makefile\n",
		});
		const { found } = await list(root);
		const headers = found.find(({ candidate }) => candidate.kind === "headers")?.candidate;
		expect(headers).toMatchObject({ verdict: "wrong-series" });
		expect(headers?.why).toContain("/build/host/linux-6.1/Makefile, which is not here");
	});

	test("a tree of the right number that gave other CRCs with the target's options is other source", async () => {
		fakePrograms(apt([]));
		const release = "6.1.192-vendor";
		const config = configText("6.1.192");
		const symvers = (crc: string) => `${crc}\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\t\n`;
		const folder = `usr/src/linux-headers-${release}`;
		const root = fakeRoot({
			...headersFolder(folder, release, "6.1.192"),
			[`${folder}/.config`]: config,
			[`${folder}/Module.symvers`]: symvers("0x11111111"),
		});
		const built = (crc: string, options = config) => ({
			...{ ".config": options, "Module.symvers": symvers(crc) },
		});
		const here = fakeRoot({
			...tree("vendor", "6.1.192", built("0x11111111")),
			...tree("plain", "6.1.192", built("0x22222222")),
			...tree("otherwise", "6.1.192", built("0x22222222", `${config}CONFIG_X=y\n`)),
		});
		const { table } = await list(root, [here]);
		expect(table).toContain("fits tree 6.1.192 /vendor");
		expect(table).toContain("wrong-sublevel tree 6.1.192 /plain");
		expect(table).toContain("fits tree 6.1.192 /otherwise");
	});
});

describe("kprep source list ranks", () => {
	test("Debian 12: headers, then what needs a pin, the exact source package first", async () => {
		fakePrograms(
			apt([
				"linux-source-6.1 | 6.1.192-1 | bookworm-security",
				"linux-source-6.1 | 6.1.190-1 | bookworm",
				"linux-source-6.12 | 6.12.100-1 | bookworm-backports",
			]),
		);
		const root = fakeRoot({
			...debian("6.1.0-56-amd64", "6.1.192", "linux-headers-6.1.0-56-common"),
			...status("linux-image-6.1.0-56-amd64", "6.1.192-1", "linux-signed-amd64 (6.1.192+1)"),
		});
		const here = fakeRoot({ ...tree("a", "6.1.176"), ...tree("b", "6.1.192"), ...tree("c", "6.12.100") });
		const { table } = await list(root, [here]);
		expect(table).toEqual([
			"fits headers 6.1.192 /usr/src/linux-headers-6.1.0-56-amd64",
			"needs-pin package 6.1.192 apt:linux-source-6.1=6.1.192-1",
			"needs-pin tree 6.1.192 /b",
			"needs-pin upstream 6.1.192 https://mirror.example/linux/v6.x/linux-6.1.192.tar.xz",
			"wrong-sublevel tree 6.1.176 /a",
			"wrong-sublevel package 6.1.190 apt:linux-source-6.1=6.1.190-1",
			"wrong-series tree 6.12.100 /c",
		]);
	});

	test("Debian 12 backports: EXTRAVERSION is enough", async () => {
		const release = "6.12.117+deb12-amd64";
		fakePrograms(apt(["linux-source-6.12 | 6.12.117-1~deb12u1 | bookworm-security"]));
		const root = fakeRoot({
			...debian(release, "6.12.117", "linux-headers-6.12.117+deb12-common"),
			...status(
				`linux-image-${release}`,
				"6.12.117-1~deb12u1",
				"linux-signed-6.12-amd64 (6.12.117+1~deb12u1)",
			),
		});
		const here = fakeRoot({ ...tree("a", "6.12.117"), ...tree("b", "6.12.90") });
		const { table, found } = await list(root, [here]);
		expect(table).toEqual([
			`fits headers 6.12.117 /usr/src/linux-headers-${release}`,
			"fits package 6.12.117 apt:linux-source-6.12=6.12.117-1~deb12u1",
			"fits tree 6.12.117 /a",
			"fits upstream 6.12.117 https://mirror.example/linux/v6.x/linux-6.12.117.tar.xz",
			"wrong-sublevel tree 6.12.90 /b",
		]);
		expect(found[1]?.candidate.why).toContain("the very version that the target was built from");
		expect(found[1]?.candidate.why).toContain("EXTRAVERSION = +deb12-amd64");
	});

	test("Debian, when only another suite has the exact version: that suite is named", async () => {
		const rows = ["linux-source-6.1 | 6.1.192-1 | bookworm-security"];
		fakePrograms(apt(rows, ["linux-source-6.1 | 6.1.193-1 | bookworm-proposed"]));
		const root = fakeRoot({
			...debian("6.1.0-57-amd64", "6.1.193", "linux-headers-6.1.0-57-common"),
			...status("linux-image-6.1.0-57-amd64", "6.1.193-1", "linux-signed-amd64 (6.1.193+1)"),
		});
		const { table, found } = await list(root);
		if (!existsSync("/etc/apt")) return console.log("skipped: apt has no sources here");
		expect(table.slice(0, 2)).toEqual([
			"fits headers 6.1.193 /usr/src/linux-headers-6.1.0-57-amd64",
			"needs-pin package 6.1.193 apt:linux-source-6.1=6.1.193-1",
		]);
		expect(found[1]?.candidate.why).toContain("bookworm-proposed/main");
	});

	test("Debian, in no suite any more: the archive that has it is named, and what lies in /usr/src", async () => {
		fakePrograms(apt(["linux-source-6.1 | 6.1.192-1 | bookworm-security"]));
		const files = debian("6.1.0-51-amd64", "6.1.170", "linux-headers-6.1.0-51-common");
		const image = status("linux-image-6.1.0-51-amd64", "6.1.170-3", "linux-signed-amd64 (6.1.170+3)");
		const gone = await list(fakeRoot({ ...files, ...image }));
		const archived = "needs-pin package 6.1.170 https://snapshot.debian.org/package/linux/6.1.170-3/";
		if (existsSync("/etc/apt")) expect(gone.table[1]).toBe(archived);
		expect(gone.found.find(({ candidate }) => candidate.where.includes("snapshot"))?.way).toBeNull();

		const source = "Package: linux-source-6.1\nStatus: install ok installed\nVersion: 6.1.170-3\n";
		const dpkg = { "var/lib/dpkg/status": `${image["var/lib/dpkg/status"]}\n${source}` };
		const archive = { "usr/src/linux-source-6.1.tar.xz": "", "usr/src/linux-source-5.10.tar.xz": "" };
		const kept = await list(fakeRoot({ ...files, ...dpkg, ...archive }));
		expect(kept.table[1]).toBe("needs-pin package 6.1.170 /usr/src/linux-source-6.1.tar.xz");
		expect(kept.found[1]?.way).toMatchObject({ by: "archive", patches: [] });
		expect(kept.table).toContain("wrong-series package ? /usr/src/linux-source-5.10.tar.xz");
		expect(kept.table).not.toContain(archived);
	});

	test("Debian, nothing tells the package: other suites are asked for the V.P.S", async () => {
		fakePrograms(apt([], ["linux-source-5.10 | 5.10.262-1 | bullseye-security"]));
		const { table, found } = await list(fakeRoot(debian("5.10.0-46-amd64", "5.10.262", "c")));
		if (!existsSync("/etc/apt")) return console.log("skipped: apt has no sources here");
		expect(table[1]).toBe("needs-pin package 5.10.262 apt:linux-source-5.10=5.10.262-1");
		expect(found[1]?.candidate.why).toContain("bullseye-security/main");
	});

	test("Ubuntu: the package's version does not tell the sublevel, its being the target's does", async () => {
		const release = "5.0.0-27-generic";
		fakePrograms(
			apt(["linux-source-5.0.0 | 5.0.0-31.33 | disco-updates", "linux-source-5.0.0 | 5.0.0-27.28 | disco"]),
		);
		const root = fakeRoot({
			...debian(release, "5.0.21", "linux-headers-5.0.0-27"),
			...status(`linux-modules-${release}`, "5.0.0-27.28", "linux"),
		});
		const here = fakeRoot({ ...tree("a", "5.0.0"), ...tree("b", "5.0.21") });
		const { table } = await list(root, [here]);
		expect(table).toEqual([
			`fits headers 5.0.21 /usr/src/linux-headers-${release}`,
			"needs-pin package 5.0.21 apt:linux-source-5.0.0=5.0.0-27.28",
			"needs-pin tree 5.0.21 /b",
			"needs-pin upstream 5.0.21 https://mirror.example/linux/v5.x/linux-5.0.21.tar.xz",
			"wrong-sublevel tree 5.0.0 /a",
			"wrong-sublevel package ? apt:linux-source-5.0.0=5.0.0-31.33",
		]);
	});

	test("Fedora: the source package of the same version, headers that can be installed first", async () => {
		const release = "6.11.4-301.fc41.x86_64";
		const { calls } = fakePrograms({
			dnf: `printf 'kernel-core\\t6.11.4-301.fc41\\tx86_64\\tupdates\\nkernel-core\\t6.12.6-200.fc41\\tx86_64\\tupdates\\n'
				printf 'kernel-devel\\t6.11.4-301.fc41\\tx86_64\\tfedora\\nkernel-devel\\t6.12.6-200.fc41\\tx86_64\\tupdates\\n'`,
			rpm: "printf 'kernel-core\\t6.11.4-301.fc41\\tx86_64\\tkernel-6.11.4-301.fc41.src.rpm\\n'",
			rpm2cpio: "",
		});
		const root = fakeRoot({
			...headersFolder(`lib/modules/${release}/config-only`, release, "6.11.4"),
			[`lib/modules/${release}/config`]: (headersFolder("x", release, "6.11.4")["x/.config"] as string) ?? "",
			"usr/lib/sysimage/rpm/rpmdb.sqlite": "db",
		});
		const { table, found } = await list(root);
		expect(table).toEqual([
			"fits package 6.11.4 dnf:kernel-devel=6.11.4-301.fc41",
			"fits package 6.11.4 dnf:kernel=6.11.4-301.fc41",
			"fits upstream 6.11.4 https://mirror.example/linux/v6.x/linux-6.11.4.tar.xz",
			"wrong-series package 6.12.6 dnf:kernel=6.12.6-200.fc41",
		]);
		expect(found[1]?.candidate.why).toContain("EXTRAVERSION = -301.fc41.x86_64");
		expect(calls()[0]).toContain(`rpm --root ${root} -qa`);
	});

	test("Arch: the tag of its own git repository", async () => {
		const release = "6.12.1-arch1-1";
		fakePrograms({ pacman: "printf 'Repository : core\\nVersion : 6.12.4.arch1-1\\n'", git: "exit 1" });
		const root = fakeRoot({
			...headersFolder(`usr/lib/modules/${release}/build`, release, "6.12.1"),
			[`usr/lib/modules/${release}/pkgbase`]: "linux\n",
			"var/lib/pacman/local/linux-6.12.1.arch1-1/desc": "%NAME%\nlinux\n\n%VERSION%\n6.12.1.arch1-1\n",
			"var/lib/pacman/local/linux-api-headers-6.10-1/desc":
				"%NAME%\nlinux-api-headers\n\n%VERSION%\n6.10-1\n",
		});
		const { table, found } = await list(root);
		expect(table).toEqual([
			`fits headers 6.12.1 /usr/lib/modules/${release}/build`,
			"fits package 6.12.1 pacman:v6.12.1-arch1=6.12.1.arch1-1",
			"fits upstream 6.12.1 https://mirror.example/linux/v6.x/linux-6.12.1.tar.xz",
		]);
		expect(found[1]?.candidate.release).toBe("6.12.1-arch1");
	});

	test("a git tree: the commit in the release, the tag, and what a shallow clone lacks", async () => {
		const clones = fakeRoot(tree("linux", "6.8.5", { "kernel/a.c": "" }));
		const linux = join(clones, "linux");
		const git = (...words: string[]) =>
			execFileSync("git", ["-C", linux, "-c", "user.name=t", "-c", "user.email=t@t", ...words], {
				encoding: "utf8",
			}).trim();
		git("init", "-q");
		git("add", ".");
		git("commit", "-qm", "Linux 6.8.5");
		git("tag", "-a", "v6.8.5", "-m", "Linux 6.8.5");
		addFiles(linux, { Makefile: makefileText("6.8.6") });
		git("commit", "-qam", "Linux 6.8.6");
		const hash = git("rev-parse", "--short=12", "HEAD");
		addFiles(linux, { Makefile: makefileText("6.9.0") });
		git("commit", "-qam", "Linux 6.9");
		execFileSync("git", ["clone", "-q", "--depth", "1", `file://${linux}`, join(clones, "shallow")]);
		fakePrograms({}, ["git"]);

		const byTag = await list(fakeRoot(debian("6.8.5-mine", "6.8.5", "c")), [clones]);
		expect(byTag.table).toEqual([
			"fits headers 6.8.5 /usr/src/linux-headers-6.8.5-mine",
			"fits git 6.8.5 /linux#v6.8.5",
			"fits git 6.8.5 /shallow#v6.8.5",
			"fits upstream 6.8.5 https://mirror.example/linux/v6.x/linux-6.8.5.tar.xz",
			"wrong-series tree 6.9.0 /linux",
			"wrong-series tree 6.9.0 /shallow",
		]);
		expect(byTag.found[2]?.candidate.why).toContain("fetch --depth 1 origin tag v6.8.5");

		const byHash = await list(fakeRoot(debian(`6.8.6-g${hash}`, "6.8.6", "c")), [clones]);
		expect(byHash.table.slice(1, 3)).toEqual([
			`fits git 6.8.6 /linux#${hash}`,
			`fits git 6.8.6 /shallow#${hash}`,
		]);
		expect(byHash.found[1]?.candidate.why).toContain("the very commit that the release names");
		expect(byHash.found[2]?.candidate.why).toContain("--unshallow");
		expect(byHash.found[2]?.way).toBeNull();
	});
});

test.each([
	["6.1.0-56-amd64", "6.1.192"],
	["6.1.176-custom", "6.1.176"],
	["6.12.117+deb12-amd64", "6.12.117"],
	["5.0.0-27-generic", "5.0.21"],
])("the verdict on every tree is what sync then does, for %s", async (release, version) => {
	fakePrograms({});
	const root = fakeRoot(debian(release, version, "linux-headers-common"));
	const here = fakeRoot({
		...tree("a", "6.1.192"),
		...tree("b", "6.1.176"),
		...tree("c", "6.12.117"),
		...tree("d", "5.0.21"),
		...tree("e", "6.1.192", { "localversion-rt": "-rt1\n" }),
		...tree("f", "6.12.117", { localversion: "-amd64\n" }),
	});
	const { found } = await list(root, [here]);
	const trees = found.filter(({ candidate }) => candidate.kind === "tree");
	expect(trees).toHaveLength(6);
	for (const { candidate } of trees)
		expect([candidate.where, candidate.verdict]).toEqual([
			candidate.where,
			await whatSyncDoes(candidate.where, root, release, version),
		]);
});

async function whatSyncDoes(path: string, root: string, release: string, version: string): Promise<string> {
	const text = readFileSync(join(root, `boot/config-${release}`), "utf8");
	try {
		const { strategy, warnings } = makePlan({
			tree: await readTree(path),
			facts: {
				...{ release, version, makefile: null, symvers: null, seed: null },
				config: { text, source: { kind: "boot", path: "/boot/config" } },
			},
			options: { makefile: "auto", until: "modules_prepare", make: false, variables: {} },
			record: null,
			exists: () => false,
			read: () => null,
			digest: () => "",
		});
		if (warnings.length > 0) return "wrong-sublevel";
		return strategy === "pin" ? "needs-pin" : "fits";
	} catch (error) {
		if (error instanceof KprepError && error.code === "wrong-series") return "wrong-series";
		throw error;
	}
}
