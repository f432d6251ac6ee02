import { relative } from "node:path";
import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { quoted } from "../kernel/shell-word.ts";
import { moduleTemplates, type NewModule, newModule } from "../workflows/new/index.ts";

export default class New extends KprepCommand<NewModule> {
	static override summary = "Start a kernel module";
	static override description =
		"Writes a folder with a module that builds with `kprep build` and with plain make, in headers and in prepared trees. Nothing is overwritten.";
	static override examples = [
		"<%= config.bin %> new hello",
		"<%= config.bin %> new blinker --template misc-device",
		"<%= config.bin %> new sensor --template platform --dest ~/src/sensor",
	];
	static override args = {
		name: Args.string({
			name: "NAME",
			required: true,
			description: "the module's name: letters, digits, '_' and '-'",
		}),
	};
	static override flags = {
		template: Flags.option({ options: moduleTemplates(), default: "basic" })({
			description: "what the module is",
		}),
		dest: Flags.string({ helpValue: "DIR", description: "the folder to make (default: ./NAME)" }),
	};

	protected async answer(): Promise<Answer<NewModule>> {
		const { args, flags } = await this.read(New);
		const made = await newModule({
			...{ name: args.name, template: flags.template, dest: flags.dest ?? null, progress: this.progress },
		});
		const below = relative(process.cwd(), made.path);
		const folder = below.startsWith("..") ? made.path : below || ".";
		const lines = [
			`${folder}: ${made.files.join(" ")}`,
			`next: kprep build ${quoted(folder)} [TREE], or make in it`,
		];
		return { json: made, text: lines.join("\n"), yes: true };
	}
}
