import { bash } from "./bash.js";
import { fish } from "./fish.js";
import { zsh } from "./zsh.js";

/** Completion scripts by shell, from the manifest; they list targets and trees themselves, without starting kprep. */
export function completions(manifest) {
	const commands = Object.values(manifest.commands)
		.filter(({ hidden }) => !hidden)
		.map(({ id, summary, description, flags, args }) => ({
			name: id.replaceAll(":", " "),
			about: (summary ?? description ?? "").split("\n")[0],
			flags: Object.values(flags)
				.filter(({ hidden }) => !hidden)
				.flatMap((flag) =>
					flag.allowNo ? [flag, { ...flag, name: `no-${flag.name}`, char: undefined }] : [flag],
				)
				.map((flag) => ({ ...flag, valued: flag.type === "option", kind: kindOf(flag) })),
			arguments: Object.values(args).map(kindOf),
			// The last argument may be given again: check MODULE...
			repeats: Object.values(args).some(({ name }) => name === "module"),
		}));
	return { bash: bash(commands), zsh: zsh(commands), fish: fish(commands) };
}

/** What follows a flag or is an argument: targets, trees, folders, modules, any file, nothing, or some words. */
function kindOf(thing) {
	if (thing.type === "boolean") return "none";
	if (thing.options) return `words ${thing.options.join(" ")}`;
	return KINDS[thing.helpValue ?? thing.name] ?? "none";
}

const KINDS = {
	...{
		SPEC: "target",
		DIR: "folder",
		FILE: "file",
		tree: "tree",
		dir: "folder",
		module: "module",
		file: "file",
	},
	where: "where",
};
