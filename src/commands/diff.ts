import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { htmlFlags } from "../cli/flags.ts";
import { writeReport } from "../host/files/write-report.ts";
import type { DiffDocument } from "../kernel/diff/document.ts";
import { diffText } from "../report/diff.ts";
import { diffHtml } from "../report/html/diff.ts";
import { terminalWidth } from "../report/output.ts";
import { diffKernels } from "../workflows/diff/index.ts";

export default class Diff extends KprepCommand<DiffDocument> {
	static override summary = "Show what changes for modules between two kernels";
	static override description =
		"Compares exports, CRCs, licences, namespaces, structures, options and compilers of two kernels; with --module only what that module uses, and what the second kernel's loader will say to it. Exit status 1: something breaks the module, or, without --module, may break any.";
	static override examples = [
		"<%= config.bin %> diff 6.1.0-55-amd64 6.1.0-56-amd64",
		"<%= config.bin %> diff 6.1.0-56-amd64 /mnt/board --module hello.ko",
		"<%= config.bin %> diff old.kprep new.kprep --json",
	];
	static override args = {
		a: Args.string({
			required: true,
			name: "A",
			description:
				"the kernel of today: a release, an image, a profile, or a folder with one installed kernel",
		}),
		b: Args.string({ required: true, name: "B", description: "the kernel to come, named likewise" }),
	};
	static override flags = {
		sysroot: Flags.string({ helpValue: "DIR", description: "look releases up in this folder instead of /" }),
		module: Flags.string({
			helpValue: "KO",
			multiple: true,
			description: "a module that was built for A (may be repeated)",
		}),
		...htmlFlags,
		all: Flags.boolean({ description: "show every name, not only the first of each kind" }),
	};

	protected override async answer(): Promise<Answer<DiffDocument>> {
		const { args, flags } = await this.read(Diff);
		const { sysroot, module: modules = [] } = flags;
		const document = await diffKernels({ ...args, sysroot, modules, progress: this.progress });
		if (flags.html !== undefined) await writeReport(flags.html, diffHtml(document));
		const width = process.stdout.isTTY ? terminalWidth(process.stdout) : 80;
		return { json: document, text: diffText(document, flags.all, width), yes: !document.breaks };
	}
}
