import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { parseRelease } from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import { run } from "../process/run.ts";
import type { FetchedTree, PackageSource, TreeOffer, TreeWanted } from "./package-source.ts";
import { kernelRpms, optionsOf, sourceOf, unpackRpm } from "./rpm.ts";

/**
 * openSUSE and SLE: kernel-source and kernel-devel unpack into one folder, /usr/src/linux-VERSION, the second with
 * the headers and Makefiles. A release is the package's version less a last rebuild number, and the flavour.
 */
export const zypper: PackageSource = {
	name: "zypper",
	programs: ["zypper", "rpm", "rpm2cpio", "cpio"],

	async origin(root, release, context) {
		const found = await kernelRpms(root, context);
		const its = found?.packages.find(
			({ name, version }) =>
				name === `kernel-${flavourOf(release)}` && isRebuildOf(version, versionOf(release)),
		);
		const source = its === undefined ? null : sourceOf(its.source);
		if (found === null || its === undefined || source === null) return null;
		const { name, version } = its;
		// Every flavour has a source package of its own, made of the same kernel-source of the same version.
		return { name, version, source: "kernel-source", sourceVersion: source.version, where: found.where };
	},

	async offers(wanted, context) {
		const command = ["zypper", "--non-interactive", "-q", "search", "-s", "--match-exact", "-t", "package"];
		// 104: no such package.
		const { stdout } = await run([...command, "kernel-source"], { ...optionsOf(context), accept: [104] });
		const rows = stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
		return rows
			.flatMap(([, name, , version = "", , repository = ""]) =>
				name === "kernel-source" && parseRelease(version) !== null
					? [offer(version, repository, wanted)]
					: [],
			)
			.sort((a, b) => Number(b.exact) - Number(a.exact));
	},

	async fetch({ package: { version } }, folder, context): Promise<FetchedTree> {
		const unpacked = join(folder, "package");
		await mkdir(unpacked);
		for (const name of ["kernel-devel", "kernel-source"]) {
			context.progress.step("download", `${name} ${version}`);
			const cache = join(folder, name);
			const flags = ["--non-interactive", "-q", "--pkg-cache-dir", cache];
			await run(["zypper", ...flags, "download", `${name}=${version}`], optionsOf(context));
			const rpms = existsSync(cache) ? readdirSync(cache, { recursive: true }).map(String) : [];
			const file = rpms.find((entry) => entry.endsWith(".rpm"));
			if (file === undefined)
				throw new KprepError("command", "download-failed", `zypper brought nothing for ${name}=${version}`);
			await unpackRpm(join(cache, file), unpacked, context);
		}
		const sources = join(unpacked, "usr/src");
		const tree = readdirSync(sources).find((entry) => existsSync(join(sources, entry, "Makefile")));
		if (tree === undefined)
			throw new KprepError("missing", "no-tree-inside", `kernel-source ${version} holds no tree in usr/src`);
		return { form: "tree", tree: join(sources, tree) };
	},
};

function offer(version: string, repository: string, { release, origin }: TreeWanted): TreeOffer {
	return {
		system: "zypper",
		kind: "archive",
		package: { name: "kernel-source", version, arch: null, repository, kind: "binary" },
		kernel: versionOfPackage(version, "other"),
		exact: origin === null ? isRebuildOf(version, versionOf(release)) : version === origin.sourceVersion,
		byHand: `zypper download ${quoted(`kernel-source=${version}`)} ${quoted(`kernel-devel=${version}`)}`,
	};
}

/** "6.4.0-150600.23.7-default" → "default". */
function flavourOf(release: string): string {
	return release.slice(release.lastIndexOf("-") + 1);
}

function versionOf(release: string): string {
	return release.slice(0, Math.max(0, release.lastIndexOf("-")));
}

function isRebuildOf(version: string, of: string): boolean {
	return version === of || (version.startsWith(`${of}.`) && /^\d+$/.test(version.slice(of.length + 1)));
}
