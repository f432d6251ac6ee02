import type { Entry } from "../entry.ts";
import { informs } from "../place.ts";

/** What a tree has otherwise than its target: told by kprep's own comparison, by no line of a log. */
export const otherTreeEntries: Entry[] = [
	{
		id: "config-differs",
		title: "The tree's .config is not the target's, and modules feel it",
		place: informs(391),
		cause:
			"Options that differ between the tree's .config and the target's change structures or how code is called: a module of this tree works on other ones than the kernel has.",
		remedy:
			"Run kprep sync: it puts the target's .config back and prepares the tree again; a .config that you changed is kept beside it.[[ {tool} is not here and costs options: --toolchain fetch brings it.]] Then build the modules anew.",
		commands: ["kprep sync TREE", "kprep verify --deep TREE"],
		causes: [
			".config was edited, or make menuconfig run, after the tree was made ready",
			"Kconfig did not find a tool here and dropped what depends on it",
			"the tree's source does not have the option at all",
		],
		check: "kprep verify --deep shows each structure with the option behind it",
		origin: "kprep verify and kprep check",
	},
	{
		id: "structures-differ",
		title: "The tree lays structures out otherwise than the target, and no option shows why",
		place: informs(392),
		cause:
			"Structures or the CRCs of exports differ though no option that modules feel does: another compiler, or a source with other patches than the target's.",
		remedy:
			"Where the compiler is another one, take the target's own (kprep sync --toolchain fetch). Else the source is another one: get the one that the target was built from (kprep source list shows where), or take your own patches to its headers out.",
		commands: ["kprep source list", "kprep verify --deep TREE"],
		causes: ["patches of a vendor or your own in include/", "another revision of the same release"],
		check: "kprep verify --deep shows each structure, member by member",
		origin: "kprep verify and kprep check",
	},
	{
		id: "symvers-differs",
		title: "The tree's Module.symvers is not the target's",
		place: informs(393),
		cause:
			"Module.symvers of the tree gives {symbol|a symbol} another CRC than the target's kernel has, or lacks it: modules take their CRCs from this file, and the kernel compares them.",
		remedy:
			"Run kprep sync: it puts the target's Module.symvers back; one that you changed is kept beside it. Then build the modules anew.",
		commands: ["kprep sync TREE"],
		causes: [
			"the file was edited, or copied from another kernel",
			"make modules or make vmlinux in the tree wrote its own",
		],
		check: "grep -w {symbol|SYMBOL} TREE/Module.symvers against that of the target's headers",
		origin: "kprep verify and kprep check",
	},
];
