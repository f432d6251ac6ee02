import { availableParallelism } from "node:os";
import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { projectFlags, storeFlags, storesOf, toolchainFlags } from "../cli/flags.ts";
import { engineOf, lockMode, matrixAnswer } from "../cli/matrix-answer.ts";
import { writeReport } from "../host/files/write-report.ts";
import type { MatrixDocument } from "../report/matrix/document.ts";
import { matrixHtml } from "../report/matrix/html.ts";
import { junitXml } from "../report/matrix/junit.ts";
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
		"<%= config.bin %> matrix . --engine ansible --inventory builders",
	];
	static override strict = false;
	static override args = {
		what: Args.string({ name: "WHAT...", description: "folders of modules, and .ko files" }),
	};
	static override flags = {
		...projectFlags,
		...storeFlags,
		boot: Flags.boolean({ description: "load the modules on each target's own image, in QEMU" }),
		prepare: Flags.boolean({
			description: "only make the targets ready: kernels, toolchains, sources, trees",
		}),
		junit: Flags.string({ helpValue: "FILE", description: "also write the cells as JUnit XML" }),
		html: Flags.string({ helpValue: "FILE", description: "also write one page with causes and logs" }),
		only: Flags.string({
			multiple: true,
			helpValue: "NAME",
			description: "only this target of the file (may be given again)",
		}),
		engine: Flags.option({
			options: ["local", "ansible"] as const,
			description:
				"who builds: this machine, or the machines of an ansible inventory, where kprep is installed",
		})({ default: "local" as const }),
		inventory: Flags.string({ helpValue: "FILE", description: "the build machines, for --engine ansible" }),
		jobs: Flags.integer({ char: "j", min: 1, description: "jobs of all makes together" }),
		...toolchainFlags,
	};

	protected override async answer(): Promise<Answer<MatrixDocument>> {
		const { argv, flags } = await this.read(Matrix);
		const { targets, boot, prepare, toolchain, offline, junit, html } = flags;
		const document = await runMatrix({
			...{ what: argv as string[], targets, boot, prepare, toolchain, offline, signal: this.signal },
			...{ lock: lockMode(flags), stores: storesOf(flags.store) },
			...{ only: flags.only, engine: engineOf(flags) },
			reports: [junit, html].filter((file) => file !== undefined),
			jobs: flags.jobs ?? availableParallelism(),
			progress: await this.rows(flags),
		});
		if (junit !== undefined) await writeReport(junit, junitXml(document));
		if (html !== undefined) await writeReport(html, matrixHtml(document));
		return matrixAnswer(document);
	}
}
