import { join } from "node:path";
import { parseRelease } from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import type { Root } from "../files/root.ts";
import { attempt, run } from "../process/run.ts";
import type { FetchedTree, KernelOrigin, PackageSource, TreeOffer } from "./package-source.ts";
import { optionsOf } from "./rpm.ts";

/** Where the kernels of Arch are developed, by the word in their versions; "linux-lts" is kernel.org's own tree. */
const REPOSITORIES: Record<string, string> = {
	arch: "https://github.com/archlinux/linux",
	zen: "https://github.com/zen-kernel/zen-kernel",
	hardened: "https://github.com/anthraxx/linux-hardened",
};

/** Arch: no package holds the source; the patched tree is a tag of the kernel's git repository. */
export const pacman: PackageSource = {
	name: "pacman",
	programs: ["pacman", "git"],

	async origin(root, release) {
		const base = root.text(`/usr/lib/modules/${release}/pkgbase`, 4096)?.trim();
		if (base === undefined || !/^[\w.+-]+$/.test(base)) return null;
		return localPackage(root, base);
	},

	async offers({ release, origin }, context) {
		const offers: TreeOffer[] = [];
		const version = origin?.version ?? versionFrom(release);
		const word = /\.?(arch|zen|hardened)\d+-/.exec(version ?? "")?.[1];
		if (version !== null && word !== undefined) offers.push(gitOffer(version, word));
		const name = `${origin?.name ?? "linux"}-headers`;
		const { stdout, status } = await attempt(["pacman", "-Si", name], optionsOf(context));
		const current = status === 0 ? /^Version *: *(\S+)/m.exec(stdout)?.[1] : undefined;
		const repository = /^Repository *: *(\S+)/m.exec(stdout)?.[1] ?? "";
		if (current !== undefined && current === version)
			offers.push({
				system: "pacman",
				kind: "headers",
				package: { name, version: current, arch: null, repository, kind: "binary" },
				kernel: versionOfPackage(current, "other"),
				exact: true,
				byHand: `pacman -S ${quoted(name)}`,
			});
		return offers;
	},

	async fetch(offer, folder, context): Promise<FetchedTree> {
		const tree = join(folder, "tree");
		if (offer.kind === "headers") {
			const { KprepError } = await import("../../errors.ts");
			throw new KprepError("usage", "installs-only", `${offer.package.name} is good at its own place only`, {
				suggestions: [`sudo ${offer.byHand}`, "kprep source get package"],
			});
		}
		context.progress.step("clone", `${offer.package.repository} ${offer.package.name}`);
		const { name: tag, repository } = offer.package;
		await run(["git", "clone", "--quiet", "--depth", "1", "--branch", tag, repository, tree], {
			...optionsOf(context),
			env: { ...optionsOf(context).env, GIT_TERMINAL_PROMPT: "0" },
		});
		return { form: "tree", tree };
	},
};

function gitOffer(version: string, word: string): TreeOffer {
	// "6.9.1.arch1-1" is built from the tag v6.9.1-arch1; what follows the last dash counts packagings.
	const tag = `v${version.replace(/-[^-]*$/, "").replace(`.${word}`, `-${word}`)}`;
	const repository = REPOSITORIES[word] as string;
	return {
		system: "pacman",
		kind: "source",
		package: { name: tag, version, arch: null, repository, kind: "source" },
		kernel: versionOfPackage(version, "other"),
		exact: true,
		byHand: `git clone --depth 1 --branch ${quoted(tag)} ${quoted(repository)}`,
		extraversion: tag.slice(tag.indexOf("-")),
	};
}

/** The package's version by its release, for a root without pacman's database: "6.9.1-arch1-1" → "6.9.1.arch1-1". */
function versionFrom(release: string): string | null {
	const parsed = parseRelease(release);
	const [, word, pkgrel] = /^-((?:arch|zen|hardened)\d+)-([\d.]+)/.exec(parsed?.tail ?? "") ?? [];
	return parsed === null || word === undefined ? null : `${parsed.base}.${word}-${pkgrel}`;
}

function localPackage(root: Root, base: string): KernelOrigin | null {
	const local = "/var/lib/pacman/local";
	for (const entry of root.list(local)) {
		if (!entry.startsWith(`${base}-`)) continue;
		const desc = root.text(`${local}/${entry}/desc`, 1 << 20) ?? "";
		const [name, version] = ["NAME", "VERSION"].map(
			(field) => new RegExp(`^%${field}%\\n([^\\n]+)`, "m").exec(desc)?.[1],
		);
		if (name !== base || version === undefined) continue;
		const where = root.outer(`${local}/${entry}/desc`);
		return { name, version, source: base, sourceVersion: version, where };
	}
	return null;
}
