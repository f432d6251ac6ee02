import { availableParallelism } from "node:os";
import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { toolchainFlags } from "../cli/flags.ts";
import type { MatrixDocument } from "../report/matrix/document.ts";
import { namedRows } from "../report/matrix/rows.ts";
import { matrixText } from "../report/matrix/text.ts";
import { runMatrix } from "../workflows/matrix/index.ts";

export default class Matrix extends KprepCommand<MatrixDocument> {
	static override summary = "Build or check modules for every target of a project";
	static override description =
		"The targets are the sections of kprep-targets.ini, looked for upwards from the module's folder. Folders are built in a copy, .ko files are checked. Exit status 1: at least one cell is not `loads`.";
	static override examples = [
		"<%= config.bin %> matrix .",
		"<%= config.bin %> matrix . --boot --junit report.xml --html report.html",
		"<%= config.bin %> matrix hello.ko --json",
		"<%= config.bin %> matrix --prepare",
	];
	static override strict = false;
	static override args = {
		what: Args.string({ name: "WHAT...", description: "folders of modules, and .ko files" }),
	};
	static override flags = {
		targets: Flags.string({ helpValue: "FILE", description: "the targets file" }),
		boot: Flags.boolean({ description: "load the modules on each target's own image, in QEMU" }),
		prepare: Flags.boolean({
			description: "only make the targets ready: kernels, toolchains, sources, trees",
		}),
		jobs: Flags.integer({ char: "j", min: 1, description: "jobs of all makes together" }),
		...toolchainFlags,
	};

	protected override async answer(): Promise<Answer<MatrixDocument>> {
		const { argv, flags } = await this.read(Matrix);
		const { targets, boot, prepare, toolchain } = flags;
		const document = await runMatrix({
			...{ what: argv as string[], targets, boot, prepare, toolchain, signal: this.signal },
			...{ jobs: flags.jobs ?? availableParallelism(), progress: namedRows(this.progress) },
		});
		const width = process.stdout.isTTY ? process.stdout.columns : 80;
		const ready = document.targets.every(({ failed }) => failed === null);
		return {
			json: document,
			text: matrixText(document, width),
			yes: ready && document.cells.every(({ verdict }) => verdict === "loads"),
		};
	}
}
