import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import { type SignDocument, signText } from "../report/sign.ts";
import { signFiles } from "../workflows/sign/index.ts";
import { signingKey } from "../workflows/sign/keys.ts";

export default class Sign extends KprepCommand<SignDocument> {
	static override summary = "Sign modules for a kernel that checks signatures";
	static override description =
		"In place, by OpenSSL, with the key that is named or this machine's own (DKMS, shim-signed, akmods); an earlier signature is replaced. No kernel tree is needed.";
	static override examples = [
		"<%= config.bin %> sign hello/hello.ko",
		"<%= config.bin %> sign hello.ko --key MOK.priv --cert MOK.der",
	];
	static override strict = false;
	static override args = {
		module: Args.string({ name: "MODULE", required: true, description: "a .ko file; several are fine" }),
	};
	static override flags = {
		...targetFlags,
		key: Flags.string({ helpValue: "FILE", description: "private key (PEM)", dependsOn: ["cert"] }),
		cert: Flags.string({
			helpValue: "FILE",
			description: "its certificate (PEM or DER)",
			dependsOn: ["key"],
		}),
		hash: Flags.option({
			options: ["sha1", "sha224", "sha256", "sha384", "sha512"] as const,
			description: "digest (default: the target's CONFIG_MODULE_SIG_HASH, else sha256)",
		})(),
	};

	protected override async answer(): Promise<Answer<SignDocument>> {
		const { argv, flags } = await this.read(Sign);
		const json = await signFiles({
			...{ modules: argv as string[], key: signingKey(flags), hash: flags.hash ?? null },
			...{ target: flags, progress: this.progress },
		});
		return { json, text: signText(json), yes: true };
	}
}
