import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import { KprepError } from "../errors.ts";
import type { Explanation } from "../kernel/failures/document.ts";
import { explainText } from "../report/explain.ts";
import { say, terminalWidth } from "../report/output.ts";
import {
	aboutCatalogue,
	aboutEntry,
	type CatalogueDocument,
	type EntryAnswer,
} from "../workflows/explain/entry.ts";
import { explain } from "../workflows/explain/index.ts";

export default class Explain extends KprepCommand<Explanation | CatalogueDocument | EntryAnswer> {
	static override summary = "Say what an error of the kernel, of insmod or of make means, and what to do";
	static override description =
		"Reads a pasted or piped log: insmod, modprobe, depmod, dkms, dmesg, journalctl, make, modpost, in any language. Exit status 1: nothing was recognised.";
	static override examples = [
		"sudo dmesg | <%= config.bin %> explain",
		"make 2>&1 | <%= config.bin %> explain",
		"<%= config.bin %> explain build.log --json",
		"<%= config.bin %> explain /var/lib/dkms/NAME/VERSION",
		"<%= config.bin %> explain --module hello.ko",
		"<%= config.bin %> explain vermagic-flags",
	];
	/** Several logs may be named. */
	static override strict = false;
	static override args = {
		file: Args.string({
			name: "FILE|ID",
			// The log is read as a stream, not by the parser.
			ignoreStdin: true,
			description:
				"logs, folders of builds that hold some, - for standard input (the default), or the id of a diagnosis",
		}),
	};
	static override flags = {
		list: Flags.boolean({ description: "show every diagnosis that there is" }),
		module: Flags.string({
			helpValue: "FILE.ko",
			description: "explain this module: the kernel's log, the file and the target together",
		}),
		probe: Flags.boolean({
			default: true,
			allowNo: true,
			description: "ask this machine whether a diagnosis holds",
		}),
		target: targetFlags.target,
		sysroot: targetFlags.sysroot,
	};

	protected override async answer(): Promise<Answer<Explanation | CatalogueDocument | EntryAnswer>> {
		const { args, flags, argv } = await this.read(Explain);
		const width = process.stdout.isTTY ? Math.max(40, terminalWidth(process.stdout)) : 100;
		if (flags.list) return aboutCatalogue();
		const entry = args.file === undefined ? null : await aboutEntry(args.file, width);
		if (entry !== null) return entry;
		const { module, probe, target, sysroot } = flags;
		const named = argv.filter((word): word is string => typeof word === "string");
		const flag = named.find((word) => word.startsWith("-") && word !== "-");
		if (flag !== undefined)
			throw new KprepError("usage", "unknown-flag", `Nonexistent flag: ${flag}`, {
				suggestions: ["kprep explain --help"],
			});
		const sources = named.length > 0 ? named : module === undefined ? ["-"] : [];
		if (sources.includes("-") && process.stdin.isTTY) {
			if (flags.json)
				throw new KprepError("usage", "no-log", "there is no log on standard input", {
					suggestions: ["sudo dmesg | kprep explain --json"],
				});
			say("Paste the lines, then press Ctrl-D (or: sudo dmesg | kprep explain).\n");
		}
		const options = { sources, module, target, sysroot, probe };
		const explanation = await explain(options, this.progress, this.signal);
		return {
			json: explanation,
			text: explainText(explanation, width),
			// An errno without its reason is no diagnosis.
			yes: explanation.diagnoses.some(({ id }) => id !== "errno-alone"),
		};
	}
}
