import type { Scene } from "../reading/scene.ts";
import { shellWord } from "../reading/text.ts";

/**
 * How the driver of a log is built again: by dkms, akmods, bitbake, its rpm package, or make. The release is one of the
 * log, or null; `set` a variable for make, NAME=VALUE.
 */
export function rebuildCommands(scene: Scene, named: string | null, set?: string): string[] {
	// What dkms says it builds for is not what a Makefile that asks uname -r went to.
	const release =
		named !== null && scene.dkms !== null && scene.dkmsKernel !== null ? scene.dkmsKernel : named;
	const kernel = release === null ? '"$(uname -r)"' : shellWord(release);
	// What MAKEFLAGS sets is a word of make's command line, and stronger than a Makefile.
	const given = set === undefined ? "" : `env MAKEFLAGS=${shellWord(set)} `;
	if (scene.dkms !== null) {
		const driver = shellWord(`${scene.dkms.name}/${scene.dkms.version}`);
		return [
			`sudo ${given}dkms build --force ${driver} -k ${kernel} && sudo dkms install --force ${driver} -k ${kernel}`,
		];
	}
	if (scene.usesDkms) return [`sudo ${given}dkms autoinstall -k ${kernel}`];
	if (scene.akmods) return [`sudo ${given}akmods --force --kernels ${kernel}`];
	if (scene.ebuild !== null) {
		const extra = set === undefined ? "" : `env EXTRA_EMAKE=${shellWord(set)} `;
		return [`sudo ${extra}emerge --ask --oneshot ${shellWord(`=${scene.ebuild}`)}`];
	}
	if (scene.recipe !== null)
		return [`bitbake -c cleansstate ${shellWord(scene.recipe)} && bitbake ${shellWord(scene.recipe)}`];
	if (scene.kmod !== null)
		return [
			`rpm -qf ${shellWord(scene.kmod.path)} "$(readlink -f ${shellWord(scene.kmod.path)})" # whose it is`,
			`sudo dnf upgrade --refresh ${shellWord(`kmod-${scene.kmod.name}`)}`,
		];
	return buildCommands(scene, release, set);
}

/** The plain make of an external module. */
export function buildCommands(scene: Scene, release: string | null, set?: string): string[] {
	const tree =
		release === null && scene.sourceTree !== null && scene.board !== "suse"
			? shellWord(scene.sourceTree)
			: `/lib/modules/${release === null ? "$(uname -r)" : shellWord(release)}/build`;
	const folder = scene.m ? shellWord(scene.m) : "$PWD";
	const arch = kernelArch(scene.arch);
	const given = set ?? (arch === null ? undefined : `ARCH=${arch}`);
	return [`make ${given === undefined ? "" : `${shellWord(given)} `}-C ${tree} M=${folder} modules`];
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
		const name = shellWord(scene.dkms.name);
		return [
			`dkms status ${name}; ls -d /usr/src/${name}-* # the newer release goes beside it; then: sudo dkms add ${name}/NEWER && sudo dkms install ${name}/NEWER && sudo dkms remove ${shellWord(`${scene.dkms.name}/${scene.dkms.version}`)} --all`,
		];
	}
	if (scene.akmods) return ["sudo dnf upgrade --refresh 'akmod-*' 'kmod-*'"];
	if (scene.recipe !== null) return [`bitbake-layers show-recipes ${shellWord(scene.recipe)}`];
	if (scene.kmod !== null) return [`sudo dnf upgrade --refresh ${shellWord(`kmod-${scene.kmod.name}`)}`];
	return [`git -C ${scene.m ? shellWord(scene.m) : "."} pull`];
}
