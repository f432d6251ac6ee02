import { formsOf, LISTS, quoted, topics, WHERE } from "./shell.js";

/** The script for zsh: to be found as `_kprep` in $fpath, or to be sourced after compinit. */
export function zsh(commands) {
	const tops = new Map();
	for (const { name, about } of commands) {
		const [first, second] = name.split(" ");
		if (!tops.has(first)) tops.set(first, second === undefined ? about : `${first} ${second} and more`);
	}
	return `#compdef kprep
${LISTS}
_kprep_target() {
	local root=\${KPREP_SYSROOT-} i
	for ((i = 2; i < CURRENT; i++)); do
		[[ \${words[i]} == --sysroot ]] && root=\${words[i+1]}
		[[ \${words[i]} == --sysroot=* ]] && root=\${words[i]#--sysroot=}
	done
	compadd -- \${(f)"$(setopt nonomatch; _kprep_targets "$root")"}
	_files
}

_kprep_tree() {
	compadd -- \${(f)"$(setopt nonomatch; _kprep_trees)"}
	_files -/
}

_kprep_where() {
	compadd -- ${WHERE}
	_files
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
${topics(commands).map(topicCase).join("")}	esac
	shift words
	((CURRENT--))
	case $command in
${commands.map((command) => `	"${command.name}") _arguments ${specs(command).join(" ")} ;;\n`).join("")}	esac
}

if [[ \${funcstack[1]} == _kprep ]]; then _kprep "$@"; else compdef _kprep kprep; fi
`;
}

function topicCase([topic, list]) {
	return `	${topic})
		if ((CURRENT == 3)); then
			commands=(${list.map(({ name, about }) => quoted(`${name.split(" ")[1]}:${about}`)).join(" ")})
			_describe command commands
			return
		fi
		command="${topic} \${words[3]}"
		shift words
		((CURRENT--)) ;;
`;
}

function specs({ flags, arguments: kinds, repeats }) {
	const places = kinds.map((kind, at) => {
		const place = repeats && at === kinds.length - 1 ? "*" : at + 1;
		return quoted(`${place}:argument:${action(kind)}`);
	});
	return [...flags.flatMap(flagSpecs), "'--help[show help]'", ...places];
}

function flagSpecs(flag) {
	const about = `[${(flag.description ?? "").replace(/[[\]:]/g, "")}]`;
	const forms = formsOf(flag);
	const others = flag.multiple ? "*" : `(${forms.join(" ")})`;
	return forms.map((form) => {
		const joined = flag.valued ? (form.startsWith("--") ? "=" : "+") : "";
		const value = flag.valued ? `:value:${action(flag.kind)}` : "";
		return quoted(`${others}${form}${joined}${about}${value}`);
	});
}

function action(kind) {
	if (kind.startsWith("words ")) return `(${kind.slice("words ".length)})`;
	return {
		...{ target: "_kprep_target", tree: "_kprep_tree", where: "_kprep_where", folder: "_files -/" },
		...{ module: '_files -g "*.ko*"', file: "_files", none: "" },
	}[kind];
}
