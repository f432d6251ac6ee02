import { join, type Scene, split } from "./scene.ts";

/**
 * Where making a tree ready compiles (prepare, scripts and archprepare of all Makefiles): in other folders an object and
 * its .cmd come from a build of the user's own, unless make named it.
 */
const REACHED =
	/^(?:$|(?:scripts|tools|rust|include)(?:\/|$)|arch\/[^/]+\/(?:tools|boot\/tools)(?:\/|$)|.*\bvdso)/;

/** Whether the command that made a file, or the compiler's list of what it read, lies beside it. */
export function proofBeside(path: string, scene: Scene): "command" | "dependencies" | null {
	const [folder, name] = split(path);
	if (isCommandOf(path, scene)) return "command";
	const names = scene.names(folder);
	if (names.has(`.${name}.cmd`) && isCommandOf(join(folder, `.${name}.cmd`), scene)) return "command";
	if (isDependencies(path, scene)) return "dependencies";
	// Cut off before its .cmd was written: the compiler's list is there first.
	return names.has(`.${name}.d`) && isDependencies(join(folder, `.${name}.d`), scene) ? "dependencies" : null;
}

/** Make has built this, or was at it. */
export function isBuilt(path: string, scene: Scene): boolean {
	return scene.named.has(path) || proofBeside(path, scene) !== null;
}

function isReached(path: string, scene: Scene): boolean {
	return REACHED.test(split(path)[0]) || path.endsWith(".s") || scene.named.has(path);
}

/** `.NAME.cmd` with the command that made NAME (scripts/Kbuild.include `cmd_and_fixdep`, `savedcmd_` from 6.2). */
function isCommandOf(path: string, scene: Scene): boolean {
	const [folder, file] = split(path);
	const target = /^\.(.+)\.cmd$/.exec(file)?.[1];
	if (target === undefined || !isReached(join(folder, target), scene)) return false;
	return [...(scene.head(path) ?? "").matchAll(/^(?:saved)?cmd_(\S+) *:?=/gm)].some(
		([, made = ""]) => split(made)[1] === target,
	);
}

/** `.NAME.d`, what a compiler left of NAME when make was cut off. */
function isDependencies(path: string, scene: Scene): boolean {
	const [folder, file] = split(path);
	const target = /^\.(.+)\.d$/.exec(file)?.[1];
	if (target === undefined || !isReached(join(folder, target), scene)) return false;
	const made = split(/^\s*(\S+?)\s*:/.exec(scene.head(path) ?? "")?.[1] ?? "")[1];
	return made === target || made === `${target}.o`;
}
