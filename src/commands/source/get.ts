import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { gotText } from "../../report/sources.ts";
import type { Candidate } from "../../workflows/source/candidate.ts";
import { sourceContext } from "../../workflows/source/context.ts";
import { type GotTree, getSource } from "../../workflows/source/get.ts";

type Document = GotTree | { tree: null; candidates: Candidate[] };

export default class SourceGet extends KprepCommand<Document> {
	static override summary = "Fetch and unpack a source tree for the target";
	static override description =
		"Takes the best of `kprep source list`, or WHERE: a kind (package, git, upstream; headers are installed, not fetched), a line of that list, or an archive on this machine. The tree appears whole under its name, or not at all.";
	static override examples = [
		"<%= config.bin %> source get",
		"<%= config.bin %> source get -t 6.1.0-56-amd64 --minimal --dest linux",
		"<%= config.bin %> source get upstream",
		"<%= config.bin %> source get /usr/src/linux-source-6.1.tar.xz",
	];
	static override args = {
		where: Args.string({ name: "WHERE", description: "which one (default: the best that can be fetched)" }),
	};
	static override flags = {
		...targetFlags,
		dest: Flags.string({ helpValue: "DIR", description: "the new tree (default: ./linux-VERSION)" }),
		minimal: Flags.boolean({
			description: "only what building modules needs for the target's architecture: a sixth of the files",
		}),
		mirror: Flags.string({
			helpValue: "URL",
			description: "a mirror of https://cdn.kernel.org/pub/linux/kernel",
		}),
	};

	protected override async answer(): Promise<Answer<Document>> {
		const { args, flags } = await this.read(SourceGet);
		const context = sourceContext(this.progress, this.signal, flags.mirror);
		const { dest, minimal } = flags;
		const { got, candidates } = await getSource(flags, { where: args.where, dest, minimal }, context);
		if (got !== null) return { json: got, text: gotText(got), yes: true };
		const text = "nothing that can be fetched fits the target; kprep source list says why";
		return { json: { tree: null, candidates }, text, yes: false };
	}
}
