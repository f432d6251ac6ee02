import { describe, expect, test } from "vitest";
import { bootParameters, commandLinesFor } from "../../../../src/kernel/bootline/bootline.ts";

const R = "6.1.0-57-amd64";

describe("bootParameters", () => {
	test("takes a command line apart as the kernel does", () => {
		expect(bootParameters('quiet a=b c="d e" "f=g h" x= -- single')).toEqual([
			{ name: "quiet", value: null },
			{ name: "a", value: "b" },
			{ name: "c", value: "d e" },
			{ name: "f", value: "g h" },
			{ name: "x", value: "" },
		]);
	});
});

describe("commandLinesFor", () => {
	test("GRUB: the lines for that release, not for rescue, not for one that begins alike", () => {
		const text = [
			`	linux	/boot/vmlinuz-${R} root=UUID=1 ro quiet`,
			`	linux	/boot/vmlinuz-${R} root=UUID=1 ro single`,
			`	linux	/boot/vmlinuz-${R}-extra root=UUID=2`,
			"	initrd	/boot/initrd.img",
		].join("\n");
		expect(commandLinesFor("grub", text, R)).toEqual(["root=UUID=1 ro quiet"]);
	});

	test("entries of the Boot Loader Specification, by image and by version", () => {
		const entry = `title Debian\nlinux /m-id/${R}/linux\noptions root=a\noptions module.sig_enforce\n`;
		expect(commandLinesFor("entry", entry, R)).toEqual(["root=a module.sig_enforce"]);
		expect(commandLinesFor("entry", `version ${R}\nlinux /vmlinuz\noptions b`, R)).toEqual(["b"]);
		expect(commandLinesFor("entry", `linux /vmlinuz-${R}-rt\noptions b`, R)).toEqual([]);
	});

	test("extlinux.conf, and a file that holds one line", () => {
		const text = `label other\n kernel /vmlinuz-5.10\n append a\nLABEL l0\n  LINUX /boot/vmlinuz-${R}\n  APPEND b c\n`;
		expect(commandLinesFor("extlinux", text, R)).toEqual(["b c"]);
		expect(commandLinesFor("plain", "console=tty1 root=x\n", R)).toEqual(["console=tty1 root=x"]);
	});
});
