/**
 * The whole way for kernels of Debian's other architectures: the kernel from apt:, its very source, a sync with the cross
 * compiler, and a boot of the kernel that loads the probe. Hours on a slow machine: KPREP_ARCHITECTURES=1 asks for it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/host/process/program.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { isDebian } from "../helpers/machine.ts";

const HOURS = 3_600_000;
const ARCHITECTURES: { name: string; target: string; triplet: string; emulator: string }[] = [
	{ name: "i386", target: "linux-image-686", triplet: "i686-linux-gnu", emulator: "qemu-system-i386" },
	{ name: "armhf", target: "linux-image-armmp", triplet: "arm-linux-gnueabihf", emulator: "qemu-system-arm" },
	{
		name: "arm64",
		target: "linux-image-cloud-arm64",
		triplet: "aarch64-linux-gnu",
		emulator: "qemu-system-aarch64",
	},
	{
		name: "ppc64el",
		target: "linux-image-powerpc64le",
		triplet: "powerpc64le-linux-gnu",
		emulator: "qemu-system-ppc64",
	},
	{ name: "s390x", target: "linux-image-s390x", triplet: "s390x-linux-gnu", emulator: "qemu-system-s390x" },
	{
		name: "riscv64",
		target: "linux-image-riscv64",
		triplet: "riscv64-linux-gnu",
		emulator: "qemu-system-riscv64",
	},
];

const folder = mkdtempSync(join(tmpdir(), "kprep-architectures-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lacks({ triplet, emulator }: (typeof ARCHITECTURES)[number]): string | null {
	if (process.env.KPREP_ARCHITECTURES !== "1") return "only with KPREP_ARCHITECTURES=1";
	if (!isDebian()) return "not Debian: no kernels of other architectures";
	const missing = [`${triplet}-gcc`, emulator].filter((name) => findProgram(name) === null);
	return missing.length === 0 ? null : `not installed here: ${missing.join(", ")}`;
}

describe.each(ARCHITECTURES)("$name", (architecture) => {
	const { name, target, triplet } = architecture;
	test("verify --boot loads the probe", { timeout: HOURS }, async (context) => {
		const lacking = lacks(architecture);
		if (lacking !== null) {
			process.stderr.write(`verify --boot for ${name}: skipped: ${lacking}\n`);
			return context.skip(lacking);
		}
		const tree = join(folder, name);
		const spec = ["-t", `apt:${target}:${name}`];
		await kprepJson("source", "get", ...spec, "--minimal", "--dest", tree);
		await kprepJson("sync", tree, ...spec, "--cross-compile", `${triplet}-`, "--toolchain", "host");
		const { verdict, boot } = await kprepJson<{ verdict: string; boot: { loaded: boolean; log: string[] } }>(
			...["verify", tree, ...spec, "--boot"],
		);
		expect({ verdict, loaded: boot.loaded, log: boot.log }).toMatchObject({
			verdict: expect.stringMatching(/^(match|unproven)$/),
			loaded: true,
		});
		rmSync(tree, { recursive: true, force: true });
	});
});
