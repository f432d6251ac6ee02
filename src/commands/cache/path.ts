import { type Answer, KprepCommand } from "../../cli/command.ts";
import { cacheFolder } from "../../host/machine/cache.ts";

export default class CachePath extends KprepCommand<{ path: string }> {
	static override summary = "Print the folder in which kprep keeps things (XDG_CACHE_HOME moves it)";
	static override examples = ["<%= config.bin %> cache path"];

	protected override async answer(): Promise<Answer<{ path: string }>> {
		await this.read(CachePath);
		const path = cacheFolder();
		return { json: { path }, text: path, yes: true };
	}
}
