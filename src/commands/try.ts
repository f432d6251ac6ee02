import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { tryText } from "../report/try.ts";
import { type TryReport, tryFolder, tryKprep } from "../workflows/try/index.ts";

export default class Try extends KprepCommand<TryReport> {
	static override summary = "Show the whole story on a real kernel of this distribution";
	static override description =
		"On Debian and Ubuntu: fetches the distribution's current kernel for virtual machines (image, headers, source) into a cache folder, shows a module that it refuses, syncs the source, and shows the module loaded, in QEMU. As root it installs the packages that it needs; otherwise it names them. Nothing else of the system is changed.";
	static override examples = ["<%= config.bin %> try", "<%= config.bin %> try --cache /var/tmp/kprep"];
	static override longSteps = true;
	static override flags = {
		cache: Flags.string({ helpValue: "DIR", description: "keep the kernel and its source here" }),
		jobs: Flags.integer({ char: "j", min: 1, description: "jobs for make (default: as many as processors)" }),
	};

	protected override async answer(): Promise<Answer<TryReport>> {
		const { flags } = await this.read(Try);
		const request = { folder: flags.cache ?? tryFolder(), jobs: flags.jobs };
		const report = await tryKprep(request, { progress: this.progress, signal: this.signal });
		return { json: report, text: tryText(report), yes: report.after.boot.loaded };
	}
}
