import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { KprepError } from "../../../../src/errors.ts";
import { encodeProfile } from "../../../../src/formats/profile/profile.ts";
import { sha256 } from "../../../../src/host/files/digest.ts";
import { silent } from "../../../../src/host/progress.ts";
import { readProfile } from "../../../../src/target/providers/profile.ts";
import type { Target } from "../../../../src/target/target.ts";
import { capture } from "../../../../src/workflows/capture/index.ts";
import { configText, debian, fakeRoot, resolveIn } from "../../target/fake-root.ts";

const RELEASE = "6.1.0-56-amd64";
const HEADERS = `usr/src/linux-headers-${RELEASE}`;
const FILES = {
	...debian(RELEASE, "6.1.192", "linux-headers-6.1.0-56-common"),
	[`${HEADERS}/.config`]: configText("6.1.192", ['CONFIG_MODULE_SIG_KEY="/home/jane/key.pem"']),
	[`${HEADERS}/scripts/basic/randstruct.seed`]: `${"5e".repeat(32)}\n`,
};
// Fake images and modules cannot be read as such.
delete (FILES as Record<string, unknown>)[`boot/vmlinuz-${RELEASE}`];

async function captured(btf = false): Promise<{ root: string; profile: string }> {
	const root = fakeRoot(FILES);
	const profile = join(fakeRoot(), "box.kprep");
	await capture({ sysroot: root }, profile, btf, silent);
	return { root, profile };
}

async function failure(work: Promise<unknown>): Promise<KprepError> {
	return work.then(
		() => expect.unreachable("it should have failed"),
		(error) => error,
	);
}

const FILE_FACTS = ["config", "symvers", "makefile", "randstructSeed"] as const;
const VALUES = [
	"release",
	"version",
	"arch",
	"vermagic",
	"compiler",
	"moduleLayoutCrc",
	"randstructHash",
] as const;

describe("kprep capture", () => {
	test("gives the same target elsewhere, files byte for byte", async () => {
		const { root, profile } = await captured();
		const [there, here]: Target[] = [
			await resolveIn({ sysroot: root }),
			await resolveIn({ target: profile }),
		] as never;
		for (const fact of VALUES) expect(here?.[fact]?.value, fact).toEqual(there?.[fact]?.value);
		for (const fact of FILE_FACTS) {
			expect(here?.[fact]?.source).toEqual({ kind: "profile", path: profile });
			if (fact !== "config")
				expect(Buffer.from((await here?.[fact]?.read()) ?? []), fact).toEqual(
					Buffer.from((await there?.[fact]?.read()) ?? []),
				);
		}
		expect(await here?.symvers?.counts()).toEqual(await there?.symvers?.counts());
		expect(here).toMatchObject({ image: null, modules: null, conflicts: [] });
	});

	test("writes the same bytes wherever the root lies", async () => {
		const [first, second] = [await captured(), await captured()];
		expect(readFileSync(first.profile)).toEqual(readFileSync(second.profile));
	});

	test("tells nothing of this machine, its users or its keys", async () => {
		const { root, profile } = await captured();
		const { parts } = await readProfile(profile);
		const all = [readFileSync(profile), ...parts.map(({ packed }) => inflateRawSync(packed))]
			.map((bytes) => bytes.toString("latin1"))
			.join("\n");
		for (const secret of [root, "/home/", "jane", "--target"]) expect(all).not.toContain(secret);
		for (const word of [hostname(), userInfo().username])
			if (word.length > 4) expect(all).not.toContain(word);
	});

	test("--config may complete a profile that has none", async () => {
		const root = fakeRoot({ ...FILES, [`${HEADERS}/.config`]: { link: "gone" } });
		const profile = join(fakeRoot(), "box.kprep");
		// The common folder's config of /boot would stand in for it: this machine has none at all.
		const empty = fakeRoot({
			[`lib/modules/${RELEASE}/modules.order`]: "",
			[`lib/modules/${RELEASE}/build/Makefile`]: readFileSync(
				join(root, "usr/src/linux-headers-6.1.0-56-common/Makefile"),
			),
		});
		const report = await capture({ sysroot: empty }, profile, false, silent);
		expect(report.lacks).toContain("config");
		expect((await resolveIn({ target: profile })).config).toBeNull();
		const config = join(root, `boot/config-${RELEASE}`);
		expect((await resolveIn({ target: profile, config })).config?.source.kind).toBe("flag");
	});
});

describe("a profile as target", () => {
	test.each<[string, (bytes: Buffer) => Buffer, string]>([
		["cut short", (bytes) => bytes.subarray(0, bytes.length - 100), "profile-damaged"],
		["longer than it was", (bytes) => Buffer.concat([bytes, Buffer.of(0)]), "profile-damaged"],
		["changed in the middle", (bytes) => Buffer.from(bytes).fill(7, 900, 901), "profile-damaged"],
		["of a newer kprep", (bytes) => Buffer.from(bytes).fill(9, 14, 15), "profile-newer"],
	])("%s is refused: exit 3", async (_name, change, code) => {
		const { profile } = await captured();
		writeFileSync(profile, change(readFileSync(profile)));
		const error = await failure(resolveIn({ target: profile }));
		expect(error).toMatchObject({ code, exitStatus: 3, where: profile });
	});

	test("that unpacks to more than it says is refused, without unpacking it all", async () => {
		const { profile } = await captured();
		const known = await readProfile(profile);
		const bomb = known.parts.map((part) => (part.name === "symvers" ? { ...part, size: 10 } : part));
		const small = known.parts.map((part) =>
			part.name === "symvers" ? { ...part, size: part.size + 1 } : part,
		);
		for (const parts of [bomb, small]) {
			writeFileSync(profile, encodeProfile({ ...known, parts }, sha256));
			const target = await resolveIn({ target: profile }).catch((error) => error);
			const error = target.code ? target : await failure(target.symvers.read());
			expect(error).toMatchObject({ code: "profile-damaged", exitStatus: 3 });
		}
	});

	test("is known by its first bytes, whatever its name", async () => {
		const { profile } = await captured();
		const folder = fakeRoot();
		mkdirSync(join(folder, "boot"));
		const path = join(folder, "boot/vmlinuz-1.2.3");
		copyFileSync(profile, path);
		expect((await resolveIn({ target: path })).release?.value).toBe(RELEASE);
	});
});
