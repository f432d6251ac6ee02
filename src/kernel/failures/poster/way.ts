import type { Scene } from "../reading/scene.ts";
import { shellWord } from "../reading/text.ts";

/** How the driver of a log is built again: by dkms, akmods, bitbake, or make. The release is one of the log, or null. */
export function rebuildCommands(scene: Scene, release: string | null): string[] {
	const kernel = release === null ? '"$(uname -r)"' : shellWord(release);
	if (scene.dkms !== null) {
		const driver = shellWord(`${scene.dkms.name}/${scene.dkms.version}`);
		return [`sudo dkms install ${driver} -k ${kernel} --force`];
	}
	if (scene.usesDkms) return [`sudo dkms autoinstall -k ${kernel}`];
	if (scene.akmods) return [`sudo akmods --force --kernels ${kernel}`];
	if (scene.recipe !== null)
		return [`bitbake -c cleansstate ${shellWord(scene.recipe)} && bitbake ${shellWord(scene.recipe)}`];
	return buildCommands(scene, release);
}

/** The plain make of an external module. */
export function buildCommands(scene: Scene, release: string | null): string[] {
	const kernel = release === null ? "$(uname -r)" : shellWord(release);
	const folder = scene.m ? shellWord(scene.m) : "$PWD";
	return [`make -C /lib/modules/${kernel}/build M=${folder} modules`];
}

/** Where another version of the driver comes from. */
export function updateCommands(scene: Scene): string[] {
	if (scene.dkms !== null)
		return [`dkms status ${shellWord(scene.dkms.name)}; ls -d /usr/src/${shellWord(scene.dkms.name)}-*`];
	if (scene.akmods) return ["sudo dnf upgrade --refresh 'akmod-*' 'kmod-*'"];
	if (scene.recipe !== null) return [`bitbake-layers show-recipes ${shellWord(scene.recipe)}`];
	return [`git -C ${scene.m ? shellWord(scene.m) : "."} pull`];
}
