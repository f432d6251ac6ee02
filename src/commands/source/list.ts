import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { sourcesText } from "../../report/sources.ts";
import { targetWords } from "../../target/subject.ts";
import type { Candidate } from "../../workflows/source/candidate.ts";
import { sourceContext } from "../../workflows/source/context.ts";
import { listSources, serves } from "../../workflows/source/list.ts";

export default class SourceList extends KprepCommand<{ candidates: Candidate[] }> {
	static override summary = "List every source tree that could serve the target, best first";
	static override description =
		"Installed headers, trees here and in /usr/src, packages of the distribution, git clones and kernel.org, each with the release that it makes by itself, and what kprep sync could do with it: 'fits' (EXTRAVERSION is enough), 'needs-pin' (the release must be pinned), 'wrong-sublevel' or 'wrong-series' (another kernel).";
	static override examples = [
		"<%= config.bin %> source list",
		"<%= config.bin %> source list -t 6.1.0-56-amd64 --json",
		"<%= config.bin %> source list --sysroot /mnt/board",
	];
	static override flags = {
		...targetFlags,
		mirror: Flags.string({
			helpValue: "URL",
			description: "a mirror of https://cdn.kernel.org/pub/linux/kernel",
		}),
	};

	protected override async answer(): Promise<Answer<{ candidates: Candidate[] }>> {
		const { flags } = await this.read(SourceList);
		const context = sourceContext(this.progress, this.signal, flags.mirror);
		const { wanted, found } = await listSources(flags, context);
		const candidates = found.map(({ candidate }) => candidate);
		const get = ["kprep source get [WHERE]", ...targetWords(flags)].join(" ");
		const next = found.some(({ way }) => way !== null) ? `\n\nnext: ${get}` : "";
		return {
			json: { candidates },
			text: sourcesText(candidates, wanted.release) + next,
			yes: found.some(serves),
		};
	}
}
