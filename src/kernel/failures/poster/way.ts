import { quoted } from "../../shell-word.ts";
import type { Scene } from "../reading/scene.ts";

/**
 * How the driver of a log is built again: by dkms, akmods, bitbake, its rpm package, or make. The release is one of the
 * log, or null; `set` a variable for make, NAME=VALUE; `clean`: what was built before goes first, which dkms and the
 * others do anyhow.
 */
export function rebuildCommands(
	scene: Scene,
	named: string | null,
	set?: string,
	{ clean = false }: { clean?: boolean } = {},
): string[] {
	// What dkms says it builds for is not what a Makefile that asks uname -r went to.
	const release =
		named !== null && scene.dkms !== null && scene.dkmsKernel !== null ? scene.dkmsKernel : named;
	const kernel = release === null ? '"$(uname -r)"' : quoted(release);
	// What MAKEFLAGS sets is a word of make's command line, and stronger than a Makefile.
	const given = set === undefined ? "" : `env MAKEFLAGS=${quoted(set)} `;
	if (scene.dkms !== null) {
		const driver = quoted(`${scene.dkms.name}/${scene.dkms.version}`);
		return [
			`sudo ${given}dkms build --force ${driver} -k ${kernel} && sudo dkms install --force ${driver} -k ${kernel}`,
		];
	}
	if (scene.usesDkms) return [`sudo ${given}dkms autoinstall -k ${kernel}`];
	if (scene.akmods) return [`sudo ${given}akmods --force --kernels ${kernel}`];
	if (scene.ebuild !== null) {
		const extra = set === undefined ? "" : `env EXTRA_EMAKE=${quoted(set)} `;
		return [`sudo ${extra}emerge --ask --oneshot ${quoted(`=${scene.ebuild}`)}`];
	}
	if (scene.recipe !== null)
		return [`bitbake -c cleansstate ${quoted(scene.recipe)} && bitbake ${quoted(scene.recipe)}`];
	if (scene.kmod !== null)
		return [
			`rpm -qf ${quoted(scene.kmod.path)} "$(readlink -f ${quoted(scene.kmod.path)})" # whose it is`,
			`sudo dnf upgrade --refresh ${quoted(`kmod-${scene.kmod.name}`)}`,
		];
	return buildCommands(scene, release, set, { clean });
}

/**
 * The make of an external module: the driver's own Makefile where the log shows one at work, the tree's with M= where
 * that was typed, and both where nothing tells, as most drivers bring a Makefile that sets more than M=.
 */
export function buildCommands(
	scene: Scene,
	release: string | null,
	set?: string,
	{ clean = false }: { clean?: boolean } = {},
): string[] {
	const tree =
		release === null && scene.sourceTree !== null && scene.board !== "suse"
			? quoted(scene.sourceTree)
			: `/lib/modules/${release === null ? "$(uname -r)" : quoted(release)}/build`;
	const folder = scene.m ? quoted(scene.m) : "$PWD";
	const arch = kernelArch(scene.arch);
	const given = set ?? (arch === null ? undefined : `ARCH=${arch}`);
	const words = given === undefined ? "make" : `make ${quoted(given)}`;
	const own = clean ? `make clean && ${words}` : words;
	const inTree = (goals: string) => `${words} -C ${tree} M=${folder} ${goals}`;
	const through = clean ? [inTree("clean"), inTree("modules")] : [inTree("modules")];
	if (scene.configured) return [`./configure && ${own}`];
	if (scene.calledBy === "tree") return through;
	// $(PWD) of a Makefile is the shell's: make -C would leave it as it was.
	if (scene.calledBy === "own") return [scene.m ? `cd ${folder} && ${own}` : own];
	if (scene.m !== null) return through;
	return [remark(own, `in the driver's own folder; without a Makefile of its own: ${through.join(" && ")}`)];
}

/** A command with a remark behind it, before one that it has already. */
export function remark(command: string, text: string): string {
	const [, words, said] = /^(.*?) # (.*)$/.exec(command) ?? [null, command, null];
	return `${words} # ${text}${said === null ? "" : `; ${said}`}`;
}

/** The kernel's own name of an architecture that has another one elsewhere: uname -m, dpkg; null when it is its own already, or is not known. */
export function kernelArch(name: string | null): string | null {
	const [, own] = ARCHES.find(([pattern]) => pattern.test(name ?? "")) ?? [];
	return own ?? null;
}

const ARCHES: readonly [RegExp, string][] = [
	[/^(?:amd64|i[3-6]86|x64)$/, "x86"],
	[/^(?:aarch64|armv8\w*)$/, "arm64"],
	[/^(?:armhf|armel|armv[4-7]\w*)$/, "arm"],
	[/^(?:ppc64(?:le|el)?|ppc)$/, "powerpc"],
	[/^s390x$/, "s390"],
	[/^riscv64$/, "riscv"],
	[/^(?:mipsel|mips64\w*)$/, "mips"],
	[/^loongarch64$/, "loongarch"],
];

/** Where another version of the driver comes from. */
export function updateCommands(scene: Scene): string[] {
	if (scene.dkms !== null) {
		const name = quoted(scene.dkms.name);
		return [
			`dkms status ${name}; ls -d /usr/src/${name}-* # the newer release goes beside it; then: sudo dkms add ${name}/NEWER && sudo dkms install ${name}/NEWER && sudo dkms remove ${quoted(`${scene.dkms.name}/${scene.dkms.version}`)} --all`,
		];
	}
	if (scene.akmods) return ["sudo dnf upgrade --refresh 'akmod-*' 'kmod-*'"];
	if (scene.recipe !== null) return [`bitbake-layers show-recipes ${quoted(scene.recipe)}`];
	if (scene.kmod !== null) return [`sudo dnf upgrade --refresh ${quoted(`kmod-${scene.kmod.name}`)}`];
	return [`git -C ${scene.m ? quoted(scene.m) : "."} pull`];
}
