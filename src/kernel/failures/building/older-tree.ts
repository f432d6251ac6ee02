import type { Entry } from "../entry.ts";
import { building } from "../place.ts";

/** Trees that are older than this machine's make and scripts languages, and trees that were cut out of a vendor's build. */
export const olderTreeEntries: Entry[] = [
	{
		id: "old-tree-new-tools",
		title: "The tree is older than this machine's make, perl or python",
		place: building(3),
		cause:
			"{file|The tree} uses what {tool|a build program} allowed when it was written and refuses now; what make says after that (no rule for a goal) only follows from it.",
		remedy:
			"kprep sync cures this: it changes the construct, shows the change beforehand (--dry-run) and puts it back with kprep undo.",
		commands: ["kprep doctor {tree|TREE}", "kprep sync {tree|TREE}"],
		causes: [
			"GNU make 3.82 and later refuse a rule with both a name and a pattern (config %config:)",
			"perl 5.22 and later refuse defined(@array) (kernel/timeconst.pl up to 3.8)",
			"python 3 reads a script of python 2",
		],
		check: "make --version; perl -v; the line that is named",
		origin: "GNU make (NEWS of 3.82), perl5220delta; Makefile of 2.6.13 to 2.6.3x",
		patterns: [
			{
				needles: ["mixed implicit"],
				match: /(?<file>[^\s':]{1,300}):\d{1,6}: \*\*\* mixed implicit and (?:normal|static pattern) rules/,
				read: ({ groups }) => ({ tool: ["make"], file: [groups?.file ?? ""] }),
			},
			{
				needles: ["defined(@array)", "defined(%hash)"],
				match:
					/[Cc]an't use 'defined\((?:@array|%hash)\)'.{0,80} at (?<file>\S{1,300}) line \d|defined\((?:@array|%hash)\) is (?:no longer allowed|deprecated)/,
				read: ({ groups }) => ({
					tool: ["perl"],
					...(groups?.file === undefined ? {} : { file: [groups.file] }),
				}),
			},
			{
				needles: ["Missing parentheses in call to 'print'"],
				match: /SyntaxError: Missing parentheses in call to 'print'/,
				read: () => ({ tool: ["python3"] }),
			},
		],
	},
	{
		id: "file-outside-tree",
		title: "The tree's Makefile gives the compiler a file outside the tree, which is not here",
		place: building(27),
		cause:
			"{path|A plugin, list or key} is named in the kernel's compiler options, belongs to the vendor's build and is not on this machine; every test for a compiler option fails with it, so that the first option is blamed.",
		remedy:
			"Get that file from the vendor's build, or take the option out of the tree's Makefile; the line that names it is the one to look at, not the option that make complains of.",
		commands: ["grep -rnF -- {path|-fplugin=} Makefile arch/*/Makefile scripts/Makefile*"],
		check: "ls -l {path|the file}",
		origin: "gcc's and clang's plugin loaders; Makefiles of vendors' trees",
		patterns: [
			{
				needles: ["load plugin", "open plugin", "plugin file"],
				match:
					/(?:cannot (?:load|open) plugin|inaccessible plugin file) '?(?<path>\/[^\s:']{1,300}\.so)'?(?=.{0,400}(?:No such file|expanded from short|cannot open shared object))/,
			},
			{
				needles: ["cannot open shared object"],
				match:
					/unable to load plugin '(?<path>\/[^\s:']{1,300})': .{0,300}cannot open shared object file: No such file/,
			},
			{
				needles: ["blacklist", "ignorelist", "whitelist"],
				match:
					/(?:no such file or directory: '|can't open file )(?<path>\/[^\s:']{1,300}(?:blacklist|ignorelist|whitelist)[^\s:']{0,80})'?/,
			},
		],
	},
];
