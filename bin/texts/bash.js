import { formsOf, LISTS, topics, WHERE } from "./shell.js";

/** The script for bash. */
export function bash(commands) {
	const first = [...new Set(commands.map(({ name }) => name.split(" ")[0])), "help"].join(" ");
	return `# bash completion for kprep
${LISTS}
_kprep() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
	local kind=none word i from=2 given=0 root=\${KPREP_SYSROOT-}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "${first} --help --version" -- "$cur"))
		return
	fi
	# Readline makes three words of --flag=value.
	if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
	case $command in
${topics(commands).map(topicCase).join("")}	help)
		COMPREPLY=($(compgen -W "${first}" -- "$cur"))
		return ;;
	esac
	for ((i = from; i < COMP_CWORD; i++)); do
		word=\${COMP_WORDS[i]}
		case $word in
		${valued(commands).join(" | ")})
			((i++))
			[ "\${COMP_WORDS[i]-}" = = ] && ((i++))
			[ "$word" = --sysroot ] && ((i < COMP_CWORD)) && root=\${COMP_WORDS[i]} ;;
		-*) ;;
		*) ((given++)) ;;
		esac
	done
	word=
	case "$command $prev" in
${commands.flatMap(({ name, flags }) => flags.filter((flag) => flag.valued).map((flag) => flagCase(name, flag))).join("")}	*)
		case $cur in
		-*)
			case $command in
${commands.map(({ name, flags }) => `			"${name}") word="${[...flags.flatMap(formsOf), "--help"].join(" ")}" ;;\n`).join("")}			esac
			COMPREPLY=($(compgen -W "$word" -- "$cur"))
			return ;;
		esac
		case "$command $given" in
${commands.flatMap(argumentCases).join("")}		esac ;;
	esac
	compopt -o filenames 2>/dev/null
	case $kind in
	target) COMPREPLY=($(compgen -W "$(_kprep_targets "$root")" -- "$cur") $(compgen -f -- "$cur")) ;;
	tree) COMPREPLY=($(compgen -W "$(_kprep_trees)" -- "$cur") $(compgen -d -- "$cur")) ;;
	folder) COMPREPLY=($(compgen -d -- "$cur")) ;;
	module) COMPREPLY=($(compgen -f -X '!*.ko*' -- "$cur") $(compgen -d -- "$cur")) ;;
	where) COMPREPLY=($(compgen -W "${WHERE}" -- "$cur") $(compgen -f -- "$cur")) ;;
	file) COMPREPLY=($(compgen -f -- "$cur")) ;;
	words*) COMPREPLY=($(compgen -W "\${kind#words}" -- "$cur")) ;;
	esac
}
complete -F _kprep kprep
`;
}

function topicCase([topic, list]) {
	return `	${topic})
		if [ "$COMP_CWORD" -eq 2 ]; then
			COMPREPLY=($(compgen -W "${list.map(({ name }) => name.split(" ")[1]).join(" ")}" -- "$cur"))
			return
		fi
		from=3
		command="${topic} \${COMP_WORDS[2]}" ;;
`;
}

/** Every flag of any command that takes a value; no flag takes one in one command only. */
function valued(commands) {
	return [...new Set(commands.flatMap(({ flags }) => flags.filter((flag) => flag.valued).flatMap(formsOf)))];
}

function flagCase(name, flag) {
	const forms = formsOf(flag).map((form) => `"${name} ${form}"`);
	return `	${forms.join(" | ")}) kind="${flag.kind}" ;;\n`;
}

function argumentCases({ name, arguments: kinds, repeats }) {
	return kinds.map((kind, at) => {
		const which = repeats && at === kinds.length - 1 ? `"${name} "*` : `"${name} ${at}"`;
		return `		${which}) kind="${kind}" ;;\n`;
	});
}
