import { expect, test } from "vitest";
import { silent } from "../../../../src/host/progress.ts";
import { resolveTarget } from "../../../../src/target/resolve.ts";
import { composeBootImage } from "../../../helpers/boot-files.ts";
import { composeArm64Image } from "../../../helpers/kernel.ts";
import { debian, type Files, fakeRoot, resolveIn } from "../fake-root.ts";

const R = "6.1.0-56-amd64";
const FILES: Files = { ...debian(R, "6.1.192", "linux-headers-6.1.0-56-common") };
delete FILES[`boot/vmlinuz-${R}`];

async function facts(more: Record<string, string>) {
	const { enforcement, blacklist } = await resolveIn({ sysroot: fakeRoot({ ...FILES, ...more }) });
	return [
		enforcement?.value ?? null,
		blacklist?.value ?? null,
		enforcement?.source.path.split("/").at(-1) ?? null,
	];
}

test("what a sysroot's boot enforces: by its boot loader's entry for that release", async () => {
	const grub = `linux /boot/vmlinuz-${R} root=x module.sig_enforce module_blacklist=floppy\n`;
	expect(await facts({ "boot/grub/grub.cfg": grub })).toEqual(["signature", "floppy", "grub.cfg"]);
	const other = grub.replace(R, "6.1.0-1-amd64");
	expect((await facts({ "boot/grub/grub.cfg": other }))[1]).toBeNull();
	expect((await facts({ "boot/cmdline.txt": "module.sig_enforce=1" }))[0]).toBe("signature");
	// /proc in a sysroot is what was brought from the machine that runs it.
	expect(
		await facts({ "proc/cmdline": "ro module.sig_enforce", "boot/grub/grub.cfg": "linux vmlinuz" }),
	).toEqual(["signature", null, "cmdline"]);
});

test("what a boot file brings on its own command line is enforced; what it lacks is open", async () => {
	const kernel = composeArm64Image({ vermagic: "6.1.0-1-test SMP mod_unload aarch64", exports: [] });
	const enforced = async (commandLine: string) => {
		const folder = fakeRoot({ "boot.img": composeBootImage(kernel, 4, commandLine) });
		const { enforcement } = await resolveTarget({ target: `${folder}/boot.img` }, silent);
		return [enforcement?.value ?? null, enforcement?.source.kind ?? null];
	};
	expect(await enforced("androidboot.x=1 module.sig_enforce=1")).toEqual(["signature", "image"]);
	expect(await enforced("androidboot.x=1")).toEqual([null, null]);
});
