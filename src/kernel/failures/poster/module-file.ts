import { quoted } from "../../shell-word.ts";
import type { Scene } from "../reading/scene.ts";

/**
 * The file of a module as one word of a shell: the path that the log names, the object where modpost made no .ko of it,
 * what modprobe would take where modprobe was used, else NAME.ko in the folder of whoever types it.
 */
export function moduleFile(module: string | undefined, scene: Scene): string {
	const { loading, kmod, unlinked, busybox } = scene;
	if (module === undefined) return "x.ko";
	const same = (name: string) => plain(name) === plain(module);
	const object = unlinked.find((path) => same(path.replace(/^.*\//, "")));
	if (object !== undefined) return quoted(`${object}.o`);
	const tried = loading.filter((one) => same(one.module));
	const path = tried.find(({ file }) => file?.startsWith("/"))?.file ?? null;
	if (path !== null) return quoted(path);
	const below = busybox
		? tried.find(({ file }) => file !== null && /^[\w+.-]+\/[\w+./-]+$/.test(file))?.file
		: null;
	if (below) return `"/lib/modules/$(uname -r)/${below}"`;
	if (kmod !== null && same(kmod.path.replace(/^.*\/|\.ko.*$/g, ""))) return quoted(kmod.path);
	const installed = kmod !== null || scene.usesDkms || scene.dkms !== null;
	const byName = tried.length === 0 ? installed : tried.every(({ file }) => file === null);
	if (byName && /^[\w+.-]+$/.test(module) && !module.startsWith("-")) return `"$(modinfo -n ${module})"`;
	return module.startsWith("-") ? "x.ko" : quoted(`${module}.ko`);
}

function plain(name: string): string {
	return name.replaceAll("-", "_");
}
