import { describe, expect, it } from "vitest";
import { type Distribution, parseDistribution } from "../../../../src/host/machine/distribution.ts";
import { installCommand, installLine, packageFor } from "../../../../src/host/packages/tools.ts";
import { asRoot } from "../../../../src/host/process/as-root.ts";
import { quoted } from "../../../../src/kernel/shell-word.ts";

const distribution = (id: string, like = ""): Distribution => {
	const parsed = parseDistribution(`ID=${id}\nID_LIKE="${like}"\n`);
	if (parsed === null) throw new Error(id);
	return parsed;
};

const CASES: [id: string, like: string, tool: string, name: string | null][] = [
	["debian", "", "bison", "bison"],
	["debian", "", "gcc-12", "gcc-12"],
	["debian", "", "gcc-13-plugin", "gcc-13-plugin-dev"],
	["debian", "", "aarch64-linux-gnu-gcc-12", "gcc-12-aarch64-linux-gnu"],
	["debian", "", "gelf.h", "libelf-dev"],
	["debian", "", "openssl/opensslv.h", "libssl-dev"],
	["debian", "", "gcc-m32", "gcc-multilib"],
	["ubuntu", "debian", "xz", "xz-utils"],
	["neon", "ubuntu debian", "cpio", "cpio"],
	["fedora", "", "gelf.h", "elfutils-libelf-devel"],
	["fedora", "", "qemu-system-x86_64", "qemu-system-x86-core"],
	["rhel", "fedora", "qemu-system-x86_64", "qemu-kvm"],
	["rocky", "rhel centos fedora", "pahole", "dwarves"],
	["opensuse-tumbleweed", "opensuse suse", "gcc-13-plugin", "gcc13-devel"],
	["arch", "", "python3", "python"],
	["manjaro", "arch", "pahole", "pahole"],
	["alpine", "", "stdio.h", "musl-dev"],
	["debian", "", "no-such-tool", null],
	["debian", "", "toString", null],
	["plan9", "", "bison", null],
];

describe("packageFor", () => {
	it.each(CASES)("%s (%s): %s is in %s", (id, like, tool, name) => {
		expect(packageFor(tool, distribution(id, like))).toBe(name);
	});

	it("knows what every kernel build needs on every family", () => {
		const needed = [
			"make",
			"gcc",
			"ld",
			"flex",
			"bison",
			"bc",
			"perl",
			"gelf.h",
			"openssl/bio.h",
			"kmod",
			"pahole",
		];
		for (const id of ["debian", "ubuntu", "fedora", "rhel", "opensuse-leap", "arch", "alpine"]) {
			const like = id === "opensuse-leap" ? "suse opensuse" : id === "rhel" ? "fedora" : "";
			for (const tool of needed)
				expect(packageFor(tool, distribution(id, like)), `${id} ${tool}`).not.toBeNull();
		}
	});
});

describe("installCommand", () => {
	it.each([
		["debian", ["apt-get", "install", "-y", "bc"]],
		["fedora", ["dnf", "install", "-y", "bc"]],
		["arch", ["pacman", "-S", "--needed", "--noconfirm", "bc"]],
		["alpine", ["apk", "add", "bc"]],
		["opensuse", ["zypper", "--non-interactive", "install", "bc"]],
	])("%s", (id, command) => expect(installCommand(["bc"], distribution(id))).toEqual(command));

	it("is null without packages or table", () => {
		expect(installCommand([], distribution("debian"))).toBeNull();
		expect(installCommand(["bc"], null)).toBeNull();
	});
});

it("writes the line to type, each package once", () => {
	const words = ["apt-get", "install", "-y", "libelf-dev", "bc"];
	expect(installLine(["gelf.h", "libelf.h", "bc", "no-such-tool"], distribution("debian"))).toBe(
		asRoot(words).map(quoted).join(" "),
	);
	expect(installLine(["no-such-tool"], distribution("debian"))).toBeNull();
});
