/** The man page kprep(1), troff text, from the manifest that also feeds --help. `pjson` is package.json. */
export function manPage(manifest, pjson) {
	const commands = Object.values(manifest.commands).filter(({ hidden }) => !hidden);
	const lines = [
		`.TH KPREP 1 "" "kprep ${pjson.version}" "User Commands"`,
		".SH NAME",
		`kprep \\- ${roff(pjson.description)}`,
		".SH SYNOPSIS",
		"\\fBkprep\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR...] [\\fIOPTION\\fR...]",
		".SH DESCRIPTION",
		"The target is the kernel that must load the modules: with no \\fB\\-\\-target\\fR the running one.",
		"TREE is a kernel source tree: the argument, else the working folder when it is one, else \\fI/usr/src/linux\\fR.",
		".SH COMMANDS",
		...commands.flatMap(command),
		".SH EXIT STATUS",
		...STATUS.flatMap(([status, what]) => [".TP", `\\fB${status}\\fR`, roff(what)]),
		".SH ENVIRONMENT",
		...ENVIRONMENT.flatMap(([name, what]) => [".TP", `\\fB${roff(name)}\\fR`, roff(what)]),
		".SH FILES",
		...FILES.flatMap(([name, what]) => [".TP", `\\fI${roff(name)}\\fR`, roff(what)]),
	];
	return `${lines.join("\n")}\n`;
}

const STATUS = [
	["0", "done, and the answer is yes"],
	["1", "done, and the answer is no: a mismatch, a module that would be refused, something missing"],
	["2", "the command line or a configuration file is wrong"],
	["3", "something needed is not there: target, config, tree, tool"],
	["4", "a command that was run failed; its last lines are in the message"],
	["5", "the tree is busy, or in a state that needs --force or kprep undo"],
	["70", "a bug in kprep"],
	["130", "interrupted; kprep undo or a rerun mends the tree"],
];

const ENVIRONMENT = [
	["KPREP_*", "defaults for options: KPREP_TARGET for --target, KPREP_SYSROOT for --sysroot, and so on"],
	["NO_COLOR", "no colours, on terminals too"],
	["XDG_CONFIG_HOME, XDG_CACHE_HOME", "where the user's settings and kprep's cache are"],
];

const FILES = [
	["/etc/kprep.ini", "defaults for options, for all users"],
	["$XDG_CONFIG_HOME/kprep/config.ini", "the user's defaults"],
	["TREE/.kprep.ini", "the tree's defaults"],
];

function command({ id, summary, description, args, flags, examples }) {
	const words = Object.values(args).map(({ name, required }) => {
		const word = `\\fI${roff(name.toUpperCase())}\\fR`;
		return required ? word : `[${word}]`;
	});
	const options = Object.values(flags).filter(({ hidden }) => !hidden);
	return [
		`.SS "kprep ${id.replaceAll(":", " ")} ${words.join(" ")}"`,
		...[summary, description]
			.filter(Boolean)
			.map(roff)
			.flatMap((text) => [".PP", text]),
		...Object.values(args).flatMap((arg) => [
			".TP",
			`\\fI${roff(arg.name.toUpperCase())}\\fR`,
			roff(arg.description),
		]),
		...options.flatMap((flag) => [".TP", option(flag), roff(flag.description ?? flag.summary ?? "")]),
		...(examples?.length ? [".PP", "Examples:", ".PP", ".nf", ...examples.map(example), ".fi"] : []),
	];
}

function option({ char, name, type, helpValue, options }) {
	const value = type === "option" ? ` \\fI${roff(options?.join("|") ?? helpValue ?? "VALUE")}\\fR` : "";
	return `${char ? `\\fB\\-${char}\\fR, ` : ""}\\fB\\-\\-${roff(name)}\\fR${value}`;
}

function example(it) {
	const text = typeof it === "string" ? it : it.command;
	return `    ${roff(text.replaceAll("<%= config.bin %>", "kprep"))}`;
}

/** Plain text for troff: backslashes, hyphens and lines that begin like a request are escaped, `code` becomes bold. */
function roff(text) {
	return text
		.replaceAll("<%= config.bin %>", "kprep")
		.replaceAll("\\", "\\e")
		.replaceAll("-", "\\-")
		.replace(/`([^`]+)`/g, "\\fB$1\\fR")
		.replace(/^([.'])/gm, "\\&$1");
}
