import { readFileSync } from "node:fs";
import { Args } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";

export default class Autocomplete extends KprepCommand<{ shell: string; script: string }> {
	static override summary = "Print the shell completion script";
	static override description =
		"Completes commands, options, targets (the releases in /lib/modules, or in --sysroot) and kernel trees. Put it where the shell looks for completions, or load it from the shell's start file.";
	static override examples = [
		"source <(<%= config.bin %> autocomplete bash)",
		"<%= config.bin %> autocomplete bash > ~/.local/share/bash-completion/completions/kprep",
		"<%= config.bin %> autocomplete fish > ~/.config/fish/completions/kprep.fish",
		"<%= config.bin %> autocomplete zsh > /usr/local/share/zsh/site-functions/_kprep",
	];
	static override args = {
		shell: Args.string({
			name: "SHELL",
			description: "bash, zsh or fish",
			options: ["bash", "zsh", "fish"],
			default: "bash",
		}),
	};

	protected async answer(): Promise<Answer<{ shell: string; script: string }>> {
		const { args } = await this.read(Autocomplete);
		// The bundle holds this file in dist/commands or in a chunk beside it.
		const folder = import.meta.url.includes("/commands/") ? "../completions" : "./completions";
		const script = readFileSync(new URL(`${folder}/kprep.${args.shell}`, import.meta.url), "utf8");
		return { json: { shell: args.shell, script }, text: script, yes: true };
	}
}
