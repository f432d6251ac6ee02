import { availableParallelism } from "node:os";
import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { jobsFlag, targetFlags, treeArgs, treeFlags, verdictFlags } from "../cli/flags.ts";
import { KprepError } from "../errors.ts";
import { passes } from "../kernel/loader/verdict.ts";
import { checkText } from "../report/check.ts";
import { installedText } from "../report/install.ts";
import { terminalProgress } from "../report/progress.ts";
import { findTree } from "../tree/find.ts";
import { type BuildDocument, buildModule } from "../workflows/build/index.ts";
import { uninstallModules } from "../workflows/install/index.ts";
import { signingKey } from "../workflows/sign/keys.ts";

/** What `kprep build --json` prints; `installed` with --install and --uninstall. */
type Built = Pick<BuildDocument, "modules"> & Partial<Pick<BuildDocument, "installed">>;

export default class Build extends KprepCommand<Built> {
	static override summary = "Build an external module in a tree, then check it against the target";
	static override description =
		"Words behind TREE go to make: settings such as V=1 and W=1, and goals other than modules. Exit status 1: built, and not all of it would load.";
	static override examples = [
		"<%= config.bin %> build hello linux-6.1",
		"<%= config.bin %> build hello linux-6.1 V=1 W=1",
		"<%= config.bin %> build hello linux-6.1 --sign --key MOK.priv --cert MOK.pem",
		"<%= config.bin %> build hello linux-6.1 --install",
	];
	static override strict = false;
	static override args = {
		dir: Args.string({
			required: true,
			name: "DIR",
			description: "folder of the module, with its Kbuild or Makefile",
		}),
		...treeArgs,
	};
	static override flags = {
		...targetFlags,
		...treeFlags,
		...verdictFlags,
		jobs: jobsFlag,
		sign: Flags.boolean({
			dependsOn: ["key", "cert"],
			description: "sign the modules with the tree's sign-file",
		}),
		key: Flags.string({ helpValue: "FILE", description: "private key to sign with (PEM)" }),
		cert: Flags.string({ helpValue: "FILE", description: "its certificate (PEM or DER)" }),
		install: Flags.boolean({
			exclusive: ["uninstall"],
			description:
				"put modules that load into lib/modules/RELEASE/updates/kprep of the target, signed and compressed as it wants",
		}),
		uninstall: Flags.boolean({ description: "take away what --install placed from this folder" }),
	};

	protected override async answer(): Promise<Answer<Built>> {
		const { argv, args, flags } = await this.read(Build);
		const { signal } = this;
		if (flags.uninstall) {
			const installed = await uninstallModules(args.dir, { target: flags, progress: this.progress });
			return { json: { modules: [], installed }, text: installedText(installed), yes: true };
		}
		const [, second, ...rest] = argv as string[];
		const words = second?.includes("=") ? [second, ...rest] : rest;
		if (args.tree?.startsWith("-") || words.some((word) => word.startsWith("-")))
			throw new KprepError("usage", "usage", "make's own flags are not passed on", {
				suggestions: ["use NAME=VALUE words and goals"],
			});
		// Who asks make for more wants to read it.
		const talkative = words.some((word) => /^[VW]=/.test(word));
		const progress = talkative ? terminalProgress({ ...flags, verbose: true }) : this.progress;
		const document = await buildModule({
			...{
				folder: args.dir,
				tree: findTree(second?.includes("=") ? undefined : args.tree),
				output: flags.output,
			},
			...{ target: flags, enforce: flags.enforce, words, progress, signal },
			jobs: flags.jobs ?? availableParallelism(),
			...(flags.install ? { install: { key: signingKey(flags) } } : {}),
			...(flags.sign && flags.key && flags.cert ? { sign: { key: flags.key, certificate: flags.cert } } : {}),
		});
		const yes = document.modules.every((module) => passes(module, flags));
		const { modules, installed } = document;
		const text = [checkText(document), installed === null ? "" : installedText(installed)];
		const json = { modules, ...(flags.install ? { installed } : {}) };
		return { json, text: text.filter(Boolean).join("\n\n"), yes };
	}
}
