import { availableParallelism } from "node:os";
import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags, toolchainFlags, treeArgs, treeFlags } from "../cli/flags.ts";
import { KprepError } from "../errors.ts";
import { FORMATS, type InstallDocument, type PackageDocument, packageText } from "../report/package.ts";
import { findTree } from "../tree/find.ts";
import { packageHeaders } from "../workflows/package/index.ts";
import { installHeaders, uninstallHeaders } from "../workflows/package/install.ts";

export default class Package extends KprepCommand<PackageDocument | InstallDocument> {
	static override summary = "Pack what building modules for the target needs: headers for any kernel";
	static override description =
		"From a synced tree, or from one that is synced first in a folder of its own. The package installs beside the distribution's headers, never over them, and lets plain make, DKMS and akmods find /lib/modules/RELEASE/build. Exit status 1: the tree does not match, and nothing was written.";
	static override examples = [
		"<%= config.bin %> package linux-6.1 -o linux-headers.deb",
		"<%= config.bin %> package linux-6.1 -t vmlinuz-6.1.0-56-amd64 -o headers --format dir",
		"<%= config.bin %> package linux-6.12 -t apt:linux-image-arm64:arm64 --host-arch arm64 -o board.deb",
		"<%= config.bin %> package linux-6.1 --install",
		"<%= config.bin %> package --uninstall -t 6.1.0-56-amd64",
	];
	static override longSteps = true;
	static override args = treeArgs;
	static override flags = {
		...targetFlags,
		...treeFlags,
		out: Flags.string({
			char: "o",
			helpValue: "FILE",
			description: "the package to write, or the folder for --format dir",
			exclusive: ["install", "uninstall"],
		}),
		objtree: Flags.string({
			char: "O",
			helpValue: "DIR",
			description: treeFlags.output.description as string,
		}),
		format: Flags.option({
			options: FORMATS,
			description: "what to write (default: by the end of FILE's name, else a folder)",
		})(),
		install: Flags.boolean({
			description: "place it as /lib/modules/RELEASE/build on this machine, or below --sysroot",
			exclusive: ["uninstall"],
		}),
		uninstall: Flags.boolean({ description: "take away what --install placed" }),
		"host-arch": Flags.string({
			helpValue: "ARCH",
			exclusive: ["install", "uninstall"],
			description:
				"machine that will compile (arm64, amd64, riscv64...): host tools are made for it, and tried",
		}),
		jobs: Flags.integer({ char: "j", min: 1, description: "make's -j, where the tree is synced first" }),
		...toolchainFlags,
		force: Flags.boolean({ description: "pack a tree that does not match" }),
	};

	protected override async answer(): Promise<Answer<PackageDocument | InstallDocument>> {
		const { args, flags } = await this.read(Package);
		const { progress, signal } = this;
		if (flags.uninstall) {
			const json = await uninstallHeaders(flags, progress);
			return { json, text: packageText(json), yes: true };
		}
		const request = {
			...{ tree: findTree(args.tree), output: flags.output, target: flags, force: flags.force },
			...{ jobs: flags.jobs ?? availableParallelism(), toolchain: flags.toolchain, progress, signal },
		};
		if (flags.install) {
			const json = await installHeaders(request);
			return { json, text: packageText(json), yes: json.installed !== null };
		}
		if (flags.out === undefined)
			throw new KprepError("usage", "usage", "where to write the package is missing", {
				suggestions: ["-o FILE.deb, FILE.rpm, FILE.tar.xz or FOLDER", "--install"],
			});
		const json = await packageHeaders({
			...{ ...request, file: flags.out, format: flags.format, hostArch: flags["host-arch"] },
		});
		return { json, text: packageText(json), yes: json.package !== null };
	}
}
