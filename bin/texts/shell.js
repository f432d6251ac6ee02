// What the completion scripts of all shells have in common.

/** Functions of a POSIX shell that list releases below a root, and kernel trees. */
export const LISTS = `_kprep_targets() {
	local folder
	for folder in "$1"/lib/modules/*/ "$1"/usr/lib/modules/*/; do
		[ -d "$folder" ] && basename "$folder"
	done | sort -u
}

_kprep_trees() {
	local folder
	for folder in ./ ./*/ /usr/src/*/; do
		[ -f "$folder/Kconfig" ] && [ -f "$folder/Makefile" ] && printf '%s\\n' "\${folder%/}"
	done
}
`;

/** Kinds of tree that `source get` takes for WHERE. */
export const WHERE = "package git upstream headers";

/** Commands of two words by their first word. Object.groupBy is not in Node 20. */
export function topics(commands) {
	const groups = {};
	for (const it of commands.filter(({ name }) => name.includes(" "))) {
		const topic = it.name.split(" ")[0];
		groups[topic] = [...(groups[topic] ?? []), it];
	}
	return Object.entries(groups);
}

/** Both forms of a flag, as they are typed. */
export function formsOf({ name, char }) {
	return [`--${name}`, ...(char ? [`-${char}`] : [])];
}

export function quoted(text) {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
