import { Flags } from "@oclif/core";
import { byTree } from "../cli/by-tree.ts";
import { type Answer, KprepCommand } from "../cli/command.ts";
import {
	enforceFlags,
	htmlFlags,
	proofFlags,
	proofMode,
	targetFlags,
	treeArgs,
	treeFlags,
} from "../cli/flags.ts";
import { writeReport } from "../host/files/write-report.ts";
import { verifyHtml } from "../report/html/verify.ts";
import { checksText } from "../report/verify/checks.ts";
import { layoutText } from "../report/verify/layout.ts";
import type { VerifyReport } from "../report/verify/verify-report.ts";
import { resolveTarget } from "../target/resolve.ts";
import { findTree } from "../tree/find.ts";
import { verify } from "../workflows/verify/index.ts";

export default class Verify extends KprepCommand<VerifyReport> {
	static override summary = "Say whether modules built in a tree will load on the target";
	static override description =
		"Compares release, configuration, vermagic and more, and names what to do about each difference. Writes nothing into the tree.";
	static override examples = [
		"<%= config.bin %> verify",
		"<%= config.bin %> verify /usr/src/linux -t 6.1.0-56-amd64",
		"<%= config.bin %> verify linux-6.1 --deep --boot",
		"<%= config.bin %> verify linux-6.1 --deep --struct usb_device --struct bio",
		"<%= config.bin %> verify linux-6.1 --json --strict",
	];
	static override args = treeArgs;
	static override flags = {
		...targetFlags,
		...treeFlags,
		strict: byTree(Flags.boolean({ description: "exit 1 also when a match is not proven" })),
		...proofFlags,
		struct: Flags.string({
			...{ multiple: true, dependsOn: ["deep"], helpValue: "NAME" },
			description: "with --deep: compare this structure too (may be given several times)",
		}),
		...enforceFlags,
		...htmlFlags,
		boot: Flags.boolean({ description: "boot the target's image in QEMU and load a probe module" }),
	};

	protected override async answer(): Promise<Answer<VerifyReport>> {
		const { flags, args } = await this.read(Verify);
		const target = await resolveTarget(flags, this.progress);
		const { progress, signal } = this;
		const report = await verify({
			tree: findTree(args.tree),
			output: flags.output,
			target,
			spec: flags,
			boot: flags.boot,
			proof: { mode: proofMode(flags.deep), structs: flags.struct },
			enforce: flags.enforce,
			progress,
			signal,
		});
		const { verdict, checks, tree } = report;
		if (verdict === "unproven") progress.warn("not everything could be compared; see the lines with '?'");
		if (flags.html !== undefined) await writeReport(flags.html, verifyHtml(report));
		return {
			json: report,
			text: [
				checksText(verdict, checks, tree, target.release?.value ?? null),
				layoutText(checks.find(({ id }) => id === "btf")?.layouts ?? []),
			]
				.filter(Boolean)
				.join("\n\n"),
			yes: verdict === "match" || (verdict === "unproven" && !flags.strict),
		};
	}
}
