/** Completion scripts by shell, from the manifest; they list targets and trees themselves, without starting kprep. */
export function completions(manifest) {
	const commands = Object.values(manifest.commands)
		.filter(({ hidden }) => !hidden)
		.map(({ id, summary, description, flags, args }) => ({
			name: id.replaceAll(":", " "),
			about: (summary ?? description ?? "").split("\n")[0],
			flags: Object.values(flags).filter(({ hidden }) => !hidden),
			argument: kindOf(Object.values(args)[0]),
		}));
	return { bash: bash(commands), zsh: zsh(commands) };
}

/** What follows a flag or is a command's argument: targets, trees, folders, modules or any file. */
function kindOf(thing) {
	if (thing === undefined || thing.type === "boolean") return "none";
	if (thing.options) return `words ${thing.options.join(" ")}`;
	return (
		{ SPEC: "target", DIR: "folder", FILE: "file", tree: "tree", module: "module" }[
			thing.helpValue ?? thing.name
		] ?? "file"
	);
}

const LISTS = `_kprep_targets() {
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

function bash(commands) {
	const first = [...new Set(commands.map(({ name }) => name.split(" ")[0])), "help"].join(" ");
	const second = commands.filter(({ name }) => name.includes(" "));
	const topics = Object.entries(grouped(second));
	return `# bash completion for kprep
${LISTS}
_kprep() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} kind=none word i root=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "${first} --help --version" -- "$cur"))
		return
	fi
	for ((i = 2; i < COMP_CWORD; i++)); do
		case \${COMP_WORDS[i]} in --sysroot) root=\${COMP_WORDS[i+1]} ;; esac
	done
	case $command in
${topics
	.map(
		([topic, list]) => `	${topic})
		if [ "$COMP_CWORD" -eq 2 ]; then
			COMPREPLY=($(compgen -W "${list.map(({ name }) => name.split(" ")[1]).join(" ")}" -- "$cur"))
			return
		fi
		command="${topic} \${COMP_WORDS[2]}" ;;
`,
	)
	.join("")}	help)
		COMPREPLY=($(compgen -W "${first}" -- "$cur"))
		return ;;
	esac
	case "$command $prev" in
${commands
	.flatMap(({ name, flags }) =>
		flags
			.filter(({ type }) => type === "option")
			.map((flag) => {
				const forms = [`--${flag.name}`, ...(flag.char ? [`-${flag.char}`] : [])];
				return `	${forms.map((form) => `"${name} ${form}"`).join(" | ")}) kind="${kindOf(flag)}" ;;\n`;
			}),
	)
	.join("")}	*)
		case $cur in
		-*)
			case $command in
${commands
	.map(({ name, flags }) => {
		const words = flags.flatMap((flag) => [`--${flag.name}`, ...(flag.char ? [`-${flag.char}`] : [])]);
		return `			"${name}") word="${[...words, "--help"].join(" ")}" ;;\n`;
	})
	.join("")}			esac
			COMPREPLY=($(compgen -W "$word" -- "$cur"))
			return ;;
		esac
		case $command in
${commands.map(({ name, argument }) => `		"${name}") kind="${argument}" ;;\n`).join("")}		esac ;;
	esac
	compopt -o filenames 2>/dev/null
	case $kind in
	target) COMPREPLY=($(compgen -W "$(_kprep_targets "$root")" -- "$cur") $(compgen -f -- "$cur")) ;;
	tree) COMPREPLY=($(compgen -W "$(_kprep_trees)" -- "$cur") $(compgen -d -- "$cur")) ;;
	folder) COMPREPLY=($(compgen -d -- "$cur")) ;;
	module) COMPREPLY=($(compgen -f -X '!*.ko*' -- "$cur") $(compgen -d -- "$cur")) ;;
	file) COMPREPLY=($(compgen -f -- "$cur")) ;;
	words*) COMPREPLY=($(compgen -W "\${kind#words}" -- "$cur")) ;;
	esac
}
complete -F _kprep kprep
`;
}

/** Object.groupBy is not in Node 20. */
function grouped(list) {
	const groups = {};
	for (const it of list) {
		const topic = it.name.split(" ")[0];
		groups[topic] = [...(groups[topic] ?? []), it];
	}
	return groups;
}

function zsh(commands) {
	const tops = new Map();
	for (const { name, about } of commands) {
		const [first, second] = name.split(" ");
		if (!tops.has(first)) tops.set(first, second === undefined ? about : `${first} ${second} and more`);
	}
	return `#compdef kprep
${LISTS}
_kprep_target() {
	local root= i
	for ((i = 2; i < CURRENT; i++)); do [[ \${words[i]} == --sysroot ]] && root=\${words[i+1]}; done
	compadd -- $(_kprep_targets "$root")
	_files
}

_kprep_tree() {
	compadd -- $(_kprep_trees)
	_files -/
}

_kprep() {
	local -a commands
	if ((CURRENT == 2)); then
		commands=(${[...tops].map(([name, about]) => quoted(`${name}:${about}`)).join(" ")})
		_describe command commands
		return
	fi
	local command=\${words[2]}
	case $command in
${Object.entries(grouped(commands.filter(({ name }) => name.includes(" "))))
	.map(
		([topic, list]) => `	${topic})
		if ((CURRENT == 3)); then
			commands=(${list.map(({ name, about }) => quoted(`${name.split(" ")[1]}:${about}`)).join(" ")})
			_describe command commands
			return
		fi
		command="${topic} \${words[3]}"
		shift words
		((CURRENT--)) ;;
`,
	)
	.join("")}	esac
	shift words
	((CURRENT--))
	case $command in
${commands.map(({ name, flags, argument }) => `	"${name}") _arguments ${[...flags.flatMap(zshFlag), zshArgument(argument)].join(" ")} ;;\n`).join("")}	esac
}

_kprep "$@"
`;
}

function zshFlag({ name, char, description, type, ...rest }) {
	const about = `[${(description ?? "").replace(/[[\]:]/g, "")}]`;
	const value = type === "option" ? `:value:${zshAction(kindOf({ type, name, ...rest }))}` : "";
	return [`--${name}`, ...(char ? [`-${char}`] : [])].map((form) => quoted(`${form}${about}${value}`));
}

function zshArgument(kind) {
	return quoted(`*:argument:${zshAction(kind)}`);
}

function zshAction(kind) {
	if (kind.startsWith("words ")) return `(${kind.slice("words ".length)})`;
	const actions = {
		target: "_kprep_target",
		tree: "_kprep_tree",
		folder: "_files -/",
		module: '_files -g "*.ko*"',
		none: "",
	};
	return actions[kind] ?? "_files";
}

function quoted(text) {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
