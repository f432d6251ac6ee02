import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KprepError } from "../../../src/errors.ts";
import { PROVIDERS } from "../../../src/target/providers/index.ts";
import type { EvidenceProvider } from "../../../src/target/providers/provider.ts";
import {
	configText,
	debian,
	fakeRoot,
	gz,
	headersFolder,
	resolveIn,
	symversText,
	utsRelease,
} from "./fake-root.ts";

const RELEASE = "6.1.0-56-amd64";
const DEBIAN = debian(RELEASE, "6.1.192", "linux-headers-6.1.0-56-common");

async function failure(work: Promise<unknown>): Promise<KprepError> {
	return work.then(
		() => expect.unreachable("it should have failed"),
		(error) => error,
	);
}

/** Stands for the reader of images: says that every named image is of this release. */
function imageOf(release: string): EvidenceProvider {
	return {
		name: "image",
		cost: "slow",
		gives: [],
		async gather({ image }) {
			if (image === null) return [];
			const source = { kind: "image", path: image } as const;
			return [
				{
					release: { value: release, source },
					image: { value: image, source, read: async () => new Uint8Array() },
				},
			];
		},
	};
}

describe("what --target and --sysroot mean", () => {
	test("an empty sysroot has no kernel: exit 3", async () => {
		const error = await failure(resolveIn({ sysroot: fakeRoot({ "etc/hostname": "x" }) }));
		expect(error).toMatchObject({ code: "target-not-found", exitStatus: 3 });
	});

	test("several kernels and none named: exit 2, all listed", async () => {
		const root = fakeRoot({
			...DEBIAN,
			"usr/lib/modules/6.12.1-x/modules.order": "",
			"boot/vmlinuz-5.10.1": "x",
		});
		const error = await failure(resolveIn({ sysroot: root }));
		expect(error).toMatchObject({ code: "several-targets", exitStatus: 2 });
		expect(error.found).toBe(`5.10.1, ${RELEASE}, 6.12.1-x`);
		expect(error.suggestions[1]).toContain(`--target ${RELEASE}`);
	});

	test("a release that is not there: exit 3, with those that are", async () => {
		const error = await failure(resolveIn({ sysroot: fakeRoot(DEBIAN), target: "6.1.0-99-amd64" }));
		expect(error).toMatchObject({ code: "target-not-found", exitStatus: 3, found: RELEASE });
	});

	test.each([
		["", "a folder name with nothing in it"],
		["../../etc", "a way out"],
		["6.1.0 -x", "white space"],
		["6.1\u001b[31m", "control characters"],
	])("%j is no release (%s): exit 3 or 2, nothing read", async (target) => {
		const error = await failure(resolveIn({ sysroot: fakeRoot(DEBIAN), target }));
		expect([2, 3]).toContain(error.exitStatus);
	});

	test("a sysroot that is not there: exit 3", async () => {
		const error = await failure(resolveIn({ sysroot: join(fakeRoot(), "absent") }));
		expect(error).toMatchObject({ code: "sysroot-not-found", exitStatus: 3 });
	});

	test("a leftover folder in /lib/modules is no kernel", async () => {
		const root = fakeRoot({ ...DEBIAN, "lib/modules/6.0.0-old/updates/dkms/x.ko": "" });
		expect((await resolveIn({ sysroot: root })).release?.value).toBe(RELEASE);
	});

	test("nothing named: the running kernel, by uname; exit 3 when nothing is known of it", async () => {
		const machine = { root: fakeRoot(DEBIAN), uname: "0.0.1-absent" };
		const error = await failure(resolveIn({}, { machine }));
		expect(error).toMatchObject({ code: "target-not-found", exitStatus: 3, found: RELEASE });
		expect(error.message).toContain("0.0.1-absent");
	});

	test("an image counts before its file name, and says where else its release is known", async () => {
		const root = fakeRoot(DEBIAN);
		const image = join(root, "vmlinuz-6.1.0-1-other");
		writeFileSync(image, "x");
		const target = await resolveIn(
			{ sysroot: root, target: image },
			{ providers: [...PROVIDERS.filter(({ name }) => name !== "image"), imageOf(RELEASE)] },
		);
		expect(target.release).toEqual({ value: RELEASE, source: { kind: "image", path: image } });
		expect(target.config?.source.kind).toBe("headers");
		const conflict = target.conflicts.find(({ fact }) => fact === "release");
		expect(conflict?.values.map(({ source }) => source.kind)).toEqual(["image", "headers", "name"]);
		expect(conflict?.why).toContain("image");
	});

	test("with a sysroot, an absolute image path is looked for inside it first", async () => {
		const root = fakeRoot(DEBIAN);
		const target = await resolveIn(
			{ sysroot: root, target: `/boot/vmlinuz-${RELEASE}` },
			{ providers: [...PROVIDERS.filter(({ name }) => name !== "image"), imageOf(RELEASE)] },
		);
		expect(target.image?.value).toBe(join(root, `boot/vmlinuz-${RELEASE}`));
	});

	test("a file that is neither image nor profile: exit 3", async () => {
		const root = fakeRoot({ ...DEBIAN, "notes.txt": "hello" });
		const error = await failure(resolveIn({ target: join(root, "notes.txt") }, { providers: PROVIDERS }));
		expect(error.exitStatus).toBe(3);
	});

	test("a folder as target: exit 2", async () => {
		const root = fakeRoot(DEBIAN);
		const error = await failure(resolveIn({ target: join(root, "boot") }));
		expect(error).toMatchObject({ code: "bad-target", exitStatus: 2 });
	});
});

describe("the running kernel", () => {
	const PROC = {
		"proc/version":
			"Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2025-11-16)\n",
		"proc/config.gz": gz(configText("6.1.192").replace("Distro 12.2.0-14)", "Debian 12.2.0-14+deb12u1)")),
		"sys/kernel/btf/vmlinux": Uint8Array.of(0x9f, 0xeb, 1, 0),
	};

	test("speaks through /proc and /sys", async () => {
		const root = fakeRoot({ ...PROC, "proc/modules": "" });
		const target = await resolveIn({}, { machine: { root, uname: RELEASE } });
		expect(target.release).toEqual({ value: RELEASE, source: { kind: "proc", path: "uname -r" } });
		expect(target.version?.value).toBe("6.1.192");
		expect(target.compiler?.value).toBe("gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0");
		expect(target.config?.value).toBe(join(root, "proc/config.gz"));
		expect(target.btf?.source.kind).toBe("sys");
		expect(target.conflicts).toEqual([]);
	});

	test("without /proc/modules it cannot load any, and that is said at once", async () => {
		const error = await failure(resolveIn({}, { machine: { root: fakeRoot(PROC), uname: RELEASE } }));
		expect(error).toMatchObject({ code: "no-module-support", exitStatus: 3 });
	});

	test("says nothing of a sysroot's kernel of another machine", async () => {
		const root = fakeRoot({ ...PROC, "boot/vmlinuz-6.1.0-56-amd64": "x" });
		const target = await resolveIn(
			{ sysroot: root, target: RELEASE },
			{ machine: { root: "/", uname: RELEASE } },
		);
		expect(target).toMatchObject({ config: null, compiler: null, btf: null });
	});
});

describe("the target's config", () => {
	test("--config wins, and the one it is put before is reported", async () => {
		const root = fakeRoot(DEBIAN);
		const path = join(fakeRoot({ mine: configText("6.1.192", ["CONFIG_MINE=y"]) }), "mine");
		const target = await resolveIn({ sysroot: root, config: path });
		expect(target.config).toMatchObject({ value: path, source: { kind: "flag", path } });
		expect(target.conflicts.find(({ fact }) => fact === "config")?.why).toContain("CONFIG_MINE");
	});

	test("--config that names nothing: exit 3", async () => {
		const error = await failure(resolveIn({ sysroot: fakeRoot(DEBIAN), config: "/nowhere/config" }));
		expect(error).toMatchObject({ code: "config-not-found", exitStatus: 3 });
	});

	test.each([
		["binary", "\u0000\u0001\u0002".repeat(500)],
		["prose", "Dear reader,\nthis is no config.\n".repeat(50)],
		["nothing", ""],
		["a cut-off head", configText("6.1.1").slice(0, 120)],
	])("garbage (%s) instead of a config: exit 3, and says so", async (_name, content) => {
		const root = fakeRoot({ ...DEBIAN, [`usr/src/linux-headers-${RELEASE}/.config`]: content });
		const error = await failure(resolveIn({ sysroot: root }));
		expect(error).toMatchObject({ code: "not-a-config", exitStatus: 3 });
		expect(error.message).toContain(".config");
	});

	test("a kernel without module support is said to be so at once", async () => {
		const none = configText("6.1.192").replace("CONFIG_MODULES=y", "# CONFIG_MODULES is not set");
		const root = fakeRoot({ ...DEBIAN, [`usr/src/linux-headers-${RELEASE}/.config`]: none });
		const error = await failure(resolveIn({ sysroot: root }));
		expect(error).toMatchObject({ code: "no-module-support", exitStatus: 3 });
	});

	test("no config anywhere is unknown, not guessed", async () => {
		const root = fakeRoot({
			"lib/modules/6.1.5-vendor/modules.order": "",
			"lib/modules/6.1.5-vendor/build/include/generated/utsrelease.h": utsRelease("6.1.5-vendor"),
		});
		const target = await resolveIn({ sysroot: root });
		expect(target).toMatchObject({ config: null, vermagic: null, compiler: null });
	});
});

describe("hostile and odd roots", () => {
	test("absolute links stay inside the sysroot", async () => {
		const outside = fakeRoot(headersFolder("headers", RELEASE, "6.1.1"));
		const root = fakeRoot({
			[`lib/modules/${RELEASE}/build`]: { link: join(outside, "headers") },
			[`lib/modules/${RELEASE}/modules.order`]: "",
		});
		const target = await resolveIn({ sysroot: root });
		expect(target.config).toBeNull();
		expect(target.symvers).toBeNull();
	});

	test("a relative link that climbs out ends at the top of the sysroot", async () => {
		const outside = fakeRoot({ secret: configText("6.1.1") });
		const root = fakeRoot({
			[`boot/config-${RELEASE}`]: { link: `../../../../../../../..${join(outside, "secret")}` },
			[`boot/vmlinuz-${RELEASE}`]: "x",
		});
		expect((await resolveIn({ sysroot: root })).config).toBeNull();
	});

	test("a wrapper Makefile cannot name a file outside", async () => {
		const outside = fakeRoot({ Makefile: "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n" });
		const root = fakeRoot({
			...headersFolder(`lib/modules/${RELEASE}/build`, RELEASE, "6.1.192"),
			[`lib/modules/${RELEASE}/build/Makefile`]: `include ${outside}/Makefile\n`,
		});
		expect((await resolveIn({ sysroot: root })).makefile).toBeNull();
	});

	test("loops of links and of wrappers end", async () => {
		const root = fakeRoot({
			...headersFolder(`lib/modules/${RELEASE}/build`, RELEASE, "6.1.192"),
			[`lib/modules/${RELEASE}/build/Makefile`]: `include /lib/modules/${RELEASE}/build/Makefile\n`,
			[`boot/config-${RELEASE}`]: { link: `vmlinuz-${RELEASE}` },
			[`boot/vmlinuz-${RELEASE}`]: { link: `config-${RELEASE}` },
		});
		const target = await resolveIn({ sysroot: root });
		expect(target).toMatchObject({ makefile: null, image: null });
	});

	test("a folder where a file should be is not read", async () => {
		const root = fakeRoot(debian(RELEASE, "6.1.192", "common"));
		mkdirSync(join(root, `boot/symvers-${RELEASE}.gz`));
		mkdirSync(join(root, `usr/src/linux-headers-${RELEASE}/vmlinux`));
		const target = await resolveIn({ sysroot: root });
		expect(target.btf).toBeNull();
		expect(target.symvers?.source.kind).toBe("headers");
	});

	test("/lib/modules that is a link to /usr/lib/modules is one place", async () => {
		const root = fakeRoot({
			lib: { link: "usr/lib" },
			[`usr/lib/modules/${RELEASE}/modules.order`]: "",
			[`usr/lib/modules/${RELEASE}/config`]: configText("6.1.192"),
			[`usr/lib/modules/${RELEASE}/symvers`]: symversText(),
		});
		const target = await resolveIn({ sysroot: root });
		expect(target.modules?.value).toBe(join(root, `usr/lib/modules/${RELEASE}`));
		expect(target.conflicts).toEqual([]);
	});
});

test("slow sources are asked only for what quick ones leave unknown", async () => {
	const asked: string[] = [];
	const slow = (name: string, gives: EvidenceProvider["gives"]): EvidenceProvider => ({
		name,
		cost: "slow",
		gives,
		gather: async () => {
			asked.push(name);
			return [];
		},
	});
	const providers = [
		...PROVIDERS.filter(({ cost, name }) => cost === "quick" && name !== "module"),
		slow("known", ["config", "version", "compiler", "arch"]),
		slow("missing", ["config", "structModuleSize"]),
	];
	const root = fakeRoot(DEBIAN);
	await resolveIn({ sysroot: root }, { providers });
	expect(asked).toEqual(["missing"]);
	await resolveIn({ sysroot: root }, { providers, thorough: true });
	expect(asked).toEqual(["missing", "known", "missing"]);
});
