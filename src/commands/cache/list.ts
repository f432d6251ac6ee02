import { type Answer, KprepCommand } from "../../cli/command.ts";
import { type CacheReport, cacheText } from "../../report/cache.ts";
import { listCache } from "../../workflows/cache/index.ts";

export default class CacheList extends KprepCommand<CacheReport> {
	static override summary =
		"List what kprep keeps between runs: kernels, toolchains, package lists, downloads";
	static override examples = ["<%= config.bin %> cache list", "<%= config.bin %> cache list --json"];

	protected override async answer(): Promise<Answer<CacheReport>> {
		await this.read(CacheList);
		const report = listCache();
		return { json: report, text: cacheText(report), yes: true };
	}
}
