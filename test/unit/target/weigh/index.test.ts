import { chmodSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROVIDERS } from "../../../../src/target/providers/index.ts";
import type { Conflict, Evidence, EvidenceKind } from "../../../../src/target/target.ts";
import { apart, weigh } from "../../../../src/target/weigh/index.ts";
import { PRECEDENCE, reason } from "../../../../src/target/weigh/precedence.ts";
import {
	addFiles,
	bzImageHead,
	configText,
	debian,
	fakeRoot,
	gz,
	resolveIn,
	symversText,
} from "../fake-root.ts";

const RELEASE = "6.1.0-56-amd64";
const DEBIAN = debian(RELEASE, "6.1.192", "linux-headers-6.1.0-56-common");
const HEADERS = `usr/src/linux-headers-${RELEASE}`;

function voice(value: string, kind: EvidenceKind, path: string = kind) {
	return { value, source: { kind, path } };
}

describe("weigh", () => {
	test("takes the most believable voice and reports those that differ", () => {
		const conflicts: Conflict[] = [];
		const evidence: Evidence[] = [
			{ vermagic: voice("computed", "derived") },
			{ vermagic: voice("true", "module") },
			{ vermagic: voice("true", "image") },
		];
		expect(weigh("vermagic", [evidence], conflicts)).toEqual(voice("true", "module"));
		expect(conflicts).toEqual([
			{
				fact: "vermagic",
				values: [voice("true", "module"), voice("computed", "derived")],
				why: "a module of the target is what its kernel loads",
			},
		]);
	});

	test("voices that agree are no conflict, and none is unknown", () => {
		const conflicts: Conflict[] = [];
		expect(weigh("arch", [[{ arch: null }, {}]], conflicts)).toBeNull();
		weigh("arch", [[{ arch: voice("x86", "headers") }, { arch: voice("x86", "image") }]], conflicts);
		expect(conflicts).toEqual([]);
	});

	const kinds = [...new Set(Object.values(PRECEDENCE).flat())];
	test("the choice does not depend on the order of the evidence, and every other value is reported once", () => {
		const voices = fc.uniqueArray(fc.tuple(fc.constantFrom(...kinds), fc.constantFrom("a", "b", "c")), {
			selector: ([kind]) => kind,
		});
		fc.assert(
			fc.property(voices, fc.infiniteStream(fc.nat()), (pairs, order) => {
				const evidence = pairs.map(([kind, value]): Evidence => ({ compiler: voice(value, kind) }));
				const listed = evidence.filter(
					({ compiler }) => PRECEDENCE.compiler.indexOf(compiler?.source.kind as EvidenceKind) >= 0,
				);
				const shuffled = listed
					.map((one) => ({ one, at: order.next().value as number }))
					.sort((a, b) => a.at - b.at)
					.map(({ one }) => one);
				const conflicts: Conflict[] = [];
				const first = weigh("compiler", [listed], []);
				expect(weigh("compiler", [shuffled], conflicts)).toEqual(first);
				const others = listed.filter(({ compiler }) => compiler?.value !== first?.value);
				expect(conflicts.flatMap(({ values }) => values.slice(1)).length).toBe(others.length);
			}),
		);
	});

	test("every pair of kinds has a reason in words", () => {
		for (const [fact, order] of Object.entries(PRECEDENCE))
			for (const winner of order)
				for (const loser of order)
					expect(reason(fact as keyof typeof PRECEDENCE, winner, loser)).toMatch(/ /);
	});

	test("evidence of another kernel is kept apart, a lone word on the release is not", () => {
		const own: Evidence = { release: voice("1", "headers"), arch: voice("x86", "headers") };
		const silent: Evidence = { arch: voice("x86", "boot") };
		const other: Evidence = { release: voice("2", "image"), arch: voice("arm", "image") };
		const word: Evidence = { release: voice("3", "headers") };
		expect(apart([own, silent, other, word], "1")).toEqual([[own, silent, word], [other]]);
	});
});

describe("conflicts on a disk", () => {
	test("Debian 6.1: utsrelease.h counts, kernel.release is reported", async () => {
		const target = await resolveIn({ sysroot: fakeRoot(DEBIAN) });
		expect(target.conflicts).toHaveLength(1);
		expect(target.conflicts[0]).toMatchObject({
			fact: "release",
			values: [{ value: RELEASE }, { value: "6.1.192" }],
		});
		expect(target.conflicts[0]?.why).toContain("utsrelease.h");
	});

	test("the headers' .config counts before the one of /boot, and the difference is named", async () => {
		const root = fakeRoot(DEBIAN);
		addFiles(root, {
			[`${HEADERS}/.config`]: configText("6.1.192", ['CONFIG_BUILD_SALT="x"', "# CONFIG_GONE is not set"]),
		});
		const target = await resolveIn({ sysroot: root, target: RELEASE });
		expect(target.config?.value).toBe(join(root, HEADERS, ".config"));
		const conflict = target.conflicts.find(({ fact }) => fact === "config");
		expect(conflict?.values.map(({ source }) => source.kind)).toEqual(["headers", "boot"]);
		expect(conflict?.why).toMatch(/they differ in CONFIG_BUILD_SALT$/);
	});

	test("an image of another kernel under this name is reported and not used", async () => {
		const root = fakeRoot({ ...DEBIAN, [`boot/vmlinuz-${RELEASE}`]: bzImageHead("6.1.0-57-amd64") });
		const target = await resolveIn({ sysroot: root, target: RELEASE });
		expect(target.image).toBeNull();
		expect(target.release?.value).toBe(RELEASE);
		const conflict = target.conflicts.find(({ fact }) => fact === "release");
		expect(conflict?.values.map(({ value }) => value)).toContain("6.1.0-57-amd64");
	});

	test("a build link that leads to another kernel's headers is reported and not used", async () => {
		const root = fakeRoot({
			...debian("6.1.0-57-amd64", "6.1.193", "common"),
			[`lib/modules/${RELEASE}/build`]: { link: "/usr/src/linux-headers-6.1.0-57-amd64" },
			[`lib/modules/${RELEASE}/config`]: configText("6.1.192"),
		});
		const target = await resolveIn({ sysroot: root, target: RELEASE });
		expect(target.symvers).toBeNull();
		expect(target.version?.value).toBe("6.1.192");
		expect(target.conflicts[0]).toMatchObject({ fact: "release" });
	});

	test("a Module.symvers of another build is rejected with both CRCs, the next one is taken", async () => {
		const root = fakeRoot({
			...DEBIAN,
			[`${HEADERS}/Module.symvers`]: symversText("0xdeadbeef"),
			[`boot/symvers-${RELEASE}.gz`]: gz(symversText("0xa351f379")),
		});
		const module = {
			name: "module",
			cost: "quick",
			gives: [],
			gather: async () => [{ moduleLayoutCrc: voice("0xa351f379", "module", "/lib/modules/x.ko") }],
		} as const;
		const providers = [...PROVIDERS.filter(({ cost }) => cost === "quick"), module];
		const target = await resolveIn({ sysroot: root, target: RELEASE }, { providers });
		expect(target.symvers?.source.kind).toBe("boot");
		const conflict = target.conflicts.find(({ fact }) => fact === "symvers");
		expect(conflict?.values.map(({ value }) => value)).toEqual([
			"module_layout 0xa351f379",
			"module_layout 0xdeadbeef",
		]);
		expect(conflict?.why).toMatch(/Module\.symvers is rejected: it belongs to another build/);
	});

	test("a rejected Module.symvers makes the image be asked for another", async () => {
		const root = fakeRoot({ ...DEBIAN, [`${HEADERS}/Module.symvers`]: symversText("0xdeadbeef") });
		const rebuilt = {
			...voice("rebuilt", "image"),
			read: async () => new TextEncoder().encode(symversText("0xa351f379")),
			counts: async () => ({ exports: 2, crcs: 2 }),
			layoutCrc: async () => "0xa351f379",
		};
		const module = {
			name: "module",
			cost: "quick",
			gives: [],
			gather: async () => [{ moduleLayoutCrc: voice("0xa351f379", "module") }],
		} as const;
		const image = {
			name: "image",
			cost: "slow",
			gives: ["symvers"],
			gather: async () => [{ symvers: rebuilt }],
		} as const;
		const quick = PROVIDERS.filter(({ cost, name }) => cost === "quick" && name !== "module");
		const target = await resolveIn({ sysroot: root }, { providers: [...quick, module, image] });
		expect(target.symvers?.value).toBe("rebuilt");
	});

	test("when the image under a name is another kernel's, nothing found under that name is taken for it", async () => {
		const root = fakeRoot({
			[`lib/modules/${RELEASE}/modules.order`]: "",
			[`boot/config-${RELEASE}`]: configText("6.1.192"),
			[`boot/vmlinuz-${RELEASE}`]: bzImageHead("6.12.1-other"),
		});
		const target = await resolveIn({ sysroot: root });
		expect(target.release?.value).toBe("6.12.1-other");
		expect(target).toMatchObject({ config: null, version: null, modules: null });
		expect(target.conflicts[0]?.values.map(({ value }) => value)).toEqual(["6.12.1-other", RELEASE]);
	});

	test("an ordinary user is told what cannot be read, and gets the rest", async () => {
		const root = fakeRoot({ ...DEBIAN, [`boot/symvers-${RELEASE}`]: symversText() });
		chmodSync(root, 0o755);
		for (const file of [`boot/vmlinuz-${RELEASE}`, `${HEADERS}/Module.symvers`])
			chmodSync(join(root, file), 0);
		chmodSync(join(root, `lib/modules/${RELEASE}`), 0o644);
		chmodSync(join(root, HEADERS, "include"), 0o600);
		const target = await asNobody(() => resolveIn({ sysroot: root, target: RELEASE }));
		// An ordinary user's clean-up needs to enter them again.
		for (const path of [`lib/modules/${RELEASE}`, `${HEADERS}/include`]) chmodSync(join(root, path), 0o755);
		expect(target.image).toBeNull();
		expect(target.symvers?.source.kind).toBe("boot");
		const unreadable = [
			`lib/modules/${RELEASE}`,
			`${HEADERS}/include`,
			`${HEADERS}/Module.symvers`,
			`boot/vmlinuz-${RELEASE}`,
		];
		expect(target.unreadable).toEqual(unreadable.map((path) => `${join(root, path)}: permission denied`));
	});
});

/** Root may read everything, so the work is done as nobody. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
	if (process.geteuid?.() !== 0) return work();
	process.seteuid?.(65534);
	try {
		return await work();
	} finally {
		process.seteuid?.(0);
	}
}
