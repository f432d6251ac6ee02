import { readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import { run } from "../process/run.ts";
import type { FetchedTree, PackageContext, PackageSource, TreeOffer, TreeWanted } from "./package-source.ts";
import { kernelRpms, optionsOf, sourceOf, unpackRpm, unpackSourceRpm } from "./rpm.ts";

/** Fedora, RHEL and their kin: the release is VERSION-RELEASE.ARCH of the package, so one name serves all questions. */
export const dnf: PackageSource = {
	name: "dnf",
	programs: ["dnf", "rpm", "rpm2cpio"],

	async origin(root, release, context) {
		const found = await kernelRpms(root, context);
		// A flavour stands behind a plus: 5.14.0-427.el9.x86_64+rt.
		const plain = release.replace(/\+[\w-]+$/, "");
		const its = found?.packages.find((one) => `${one.version}.${one.arch}` === plain);
		const source = its === undefined ? null : sourceOf(its.source);
		if (found === null || its === undefined || source === null) return null;
		const { name, version } = its;
		return { name, version, source: source.name, sourceVersion: source.version, where: found.where };
	},

	async offers(wanted, context) {
		const format = "%{name}\t%{version}-%{release}\t%{arch}\t%{repoid}\n";
		const command = ["dnf", "-q", "repoquery", "--showduplicates", "--qf", format];
		const names = ["kernel-devel", "kernel-core"];
		const { stdout } = await run([...command, ...names], optionsOf(context));
		const rows = [...new Set(stdout.split("\n"))].map((line) => line.split("\t"));
		return rows
			.flatMap(([name = "", version = "", arch = "", repository = ""]) =>
				names.includes(name) && version !== "" ? [offer(name, version, arch, repository, wanted)] : [],
			)
			.filter((one) => one.kind !== "headers" || one.exact)
			.sort((a, b) => Number(b.exact) - Number(a.exact));
	},

	async fetch({ kind, package: { name, version, arch } }, folder, context): Promise<FetchedTree> {
		context.progress.step("download", `${name} ${version}`);
		const wanted = `${name}-${version}${arch === null ? "" : `.${arch}`}`;
		const how = kind === "source" ? ["--source"] : [];
		await run(["dnf", "-q", "download", ...how, "--destdir", folder, wanted], optionsOf(context));
		const file = readdirSync(folder).find((entry) => entry.endsWith(".rpm"));
		if (file === undefined)
			throw new KprepError("command", "download-failed", `dnf download brought nothing for ${wanted}`);
		return kind === "source"
			? sourceTree(join(folder, file), folder, context)
			: headersTree(join(folder, file), folder, context);
	},
};

function offer(
	name: string,
	version: string,
	arch: string,
	repository: string,
	{ release, origin }: TreeWanted,
): TreeOffer {
	const headers = name === "kernel-devel";
	const exact = headers
		? `${version}.${arch}` === release
		: version === origin?.sourceVersion || release.startsWith(`${version}.`);
	return {
		system: "dnf",
		kind: headers ? "headers" : "source",
		package: headers
			? { name, version, arch, repository, kind: "binary" }
			: { name: "kernel", version, arch: null, repository, kind: "source" },
		kernel: versionOfPackage(version, "other"),
		exact,
		byHand: headers
			? `dnf install ${quoted(`${name}-${version}`)}`
			: `dnf download --source ${quoted(`kernel-${version}`)}`,
	};
}

/** The tarball and the one patch of Fedora's kernel.spec (Patch1, patch-*-redhat.patch; empty in RHEL). */
async function sourceTree(file: string, folder: string, context: PackageContext): Promise<FetchedTree> {
	const sources = await unpackSourceRpm(file, folder, context);
	const entries = readdirSync(sources).sort();
	const archive = entries.find((entry) => /^linux-\d[^/]*\.tar\.(?:xz|gz|bz2|zst)$/.test(entry));
	if (archive === undefined)
		throw new KprepError("missing", "no-tree-inside", `${file} holds no archive of a kernel tree`, {
			expected: "linux-*.tar.xz",
			found: entries.slice(0, 10).join(", "),
		});
	const patches = entries.filter((entry) => /^patch-.*-redhat\.patch$/.test(entry));
	return {
		form: "archive",
		archive: join(sources, archive),
		patches: patches.map((entry) => join(sources, entry)),
	};
}

async function headersTree(file: string, folder: string, context: PackageContext): Promise<FetchedTree> {
	const unpacked = join(folder, "package");
	await mkdir(unpacked);
	await unpackRpm(file, unpacked, context);
	const kernels = join(unpacked, "usr/src/kernels");
	const [release] = readdirSync(kernels);
	if (release === undefined)
		throw new KprepError("missing", "no-tree-inside", `${file} holds no tree in usr/src/kernels`);
	return { form: "tree", tree: join(kernels, release) };
}
