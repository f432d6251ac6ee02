import { readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import { run } from "../process/run.ts";
import type { FetchedTree, PackageSource, TreeOffer } from "./package-source.ts";
import { optionsOf } from "./rpm.ts";

/** Alpine: linux-FLAVOUR-dev holds a whole headers tree; the source is kernel.org's, with the aports' patches. */
export const apk: PackageSource = {
	name: "apk",
	programs: ["apk", "tar"],

	async origin(root, release) {
		const database = "/lib/apk/db/installed";
		const text = root.text(database, 64 * 1024 * 1024);
		const wanted = packageOf(release);
		if (text === null || wanted === null) return null;
		for (const record of text.split("\n\n")) {
			const [name, version, source] = ["P", "V", "o"].map(
				(key) => new RegExp(`^${key}:(.+)$`, "m").exec(record)?.[1],
			);
			if (name !== wanted.name || version !== wanted.version) continue;
			return { name, version, source: source ?? name, sourceVersion: version, where: root.outer(database) };
		}
		return null;
	},

	async offers({ release }, context) {
		const wanted = packageOf(release);
		if (wanted === null) return [];
		const name = `${wanted.name}-dev`;
		const { stdout } = await run(["apk", "policy", name], optionsOf(context));
		const offers: TreeOffer[] = [];
		let version = "";
		for (const line of stdout.split("\n")) {
			version = /^ {2}(\d\S*):$/.exec(line)?.[1] ?? version;
			const repository = /^ {4}(\S.*)$/.exec(line)?.[1];
			// The database of what is installed is listed among the repositories.
			if (repository === undefined || /^lib\/apk\//.test(repository) || version !== wanted.version) continue;
			if (offers.length > 0) continue;
			offers.push({
				system: "apk",
				kind: "headers",
				package: { name, version, arch: null, repository, kind: "binary" },
				kernel: versionOfPackage(version, "other"),
				exact: true,
				byHand: `apk add ${quoted(`${name}=${version}`)}`,
			});
		}
		return offers;
	},

	async fetch({ package: { name, version } }, folder, context): Promise<FetchedTree> {
		context.progress.step("download", `${name} ${version}`);
		await run(["apk", "fetch", "-q", "-o", folder, `${name}=${version}`], optionsOf(context));
		const file = readdirSync(folder).find((entry) => entry.endsWith(".apk"));
		if (file === undefined)
			throw new KprepError("command", "download-failed", `apk fetch brought nothing for ${name}=${version}`);
		const unpacked = join(folder, "package");
		await mkdir(unpacked);
		await run(["tar", "-xzf", join(folder, file), "-C", unpacked], optionsOf(context));
		const sources = join(unpacked, "usr/src");
		const [tree] = readdirSync(sources);
		if (tree === undefined)
			throw new KprepError("missing", "no-tree-inside", `${name} ${version} holds no tree in usr/src`);
		return { form: "tree", tree: join(sources, tree) };
	},
};

/** "6.6.31-0-lts" is linux-lts 6.6.31-r0. */
function packageOf(release: string): { name: string; version: string } | null {
	const [, version, revision, flavour] = /^(\d+\.\d+(?:\.\d+)?)-(\d+)-([a-z][\w-]*)$/.exec(release) ?? [];
	return version === undefined ? null : { name: `linux-${flavour}`, version: `${version}-r${revision}` };
}
