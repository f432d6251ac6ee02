import { quoted, topics, WHERE } from "./shell.js";

/** The script for fish, for ~/.config/fish/completions/kprep.fish. */
export function fish(commands) {
	const tops = commands.filter(({ name }) => !name.includes(" "));
	return `# fish completion for kprep
function __kprep_targets
	set -l root $KPREP_SYSROOT
	set -l words (commandline -opc)
	set -l at (contains -i -- --sysroot $words); and set root $words[(math $at + 1)]
	for folder in $root/lib/modules/*/ $root/usr/lib/modules/*/
		basename $folder
	end
end

function __kprep_trees
	for folder in */ /usr/src/*/
		test -f $folder/Kconfig -a -f $folder/Makefile; and echo $folder
	end
	__fish_complete_directories
end

function __kprep_modules
	set -l token (commandline -ct)
	for file in $token*.ko $token*.ko.xz $token*.ko.zst $token*.ko.gz
		echo $file
	end
	__fish_complete_directories
end

complete -c kprep -f
${tops.map(({ name, about }) => `complete -c kprep -n __fish_use_subcommand -a ${name} -d ${quoted(about)}\n`).join("")}${topics(commands).map(topicLines).join("")}${commands.flatMap(commandLines).join("")}`;
}

function topicLines([topic, list]) {
	const seconds = list.map(({ name }) => name.split(" ")[1]);
	const not = `__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${seconds.join(" ")}`;
	return [
		`complete -c kprep -n __fish_use_subcommand -a ${topic} -d ${quoted(`${topic} ${seconds.join(", ")}`)}\n`,
		...list.map(
			({ about }, at) => `complete -c kprep -n ${quoted(not)} -a ${seconds[at]} -d ${quoted(about)}\n`,
		),
	].join("");
}

function commandLines({ name, flags, arguments: kinds }) {
	const seen = name
		.split(" ")
		.map((word) => `__fish_seen_subcommand_from ${word}`)
		.join("; and ");
	const line = (rest) => `complete -c kprep -n ${quoted(seen)} ${rest}\n`;
	return [
		...flags.map(({ name: long, char, description, valued, kind }) =>
			line(
				[
					`-l ${long}${char ? ` -s ${char}` : ""}${valued ? " -r" : ""}`,
					valued ? offers(kind) : "",
					`-d ${quoted(description ?? "")}`,
				]
					.filter(Boolean)
					.join(" "),
			),
		),
		...kinds.filter((kind) => kind !== "none").map((kind) => line(offers(kind))),
	];
}

function offers(kind) {
	if (kind.startsWith("words ")) return `-f -a ${quoted(kind.slice("words ".length))}`;
	return {
		...{ target: "-F -a '(__kprep_targets)'", tree: "-f -a '(__kprep_trees)'" },
		...{ folder: "-f -a '(__fish_complete_directories)'", module: "-f -a '(__kprep_modules)'" },
		...{ where: `-F -a ${quoted(WHERE)}`, file: "-F", none: "-f" },
	}[kind];
}
