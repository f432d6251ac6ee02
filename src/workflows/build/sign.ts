import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { stringOf } from "../../kernel/config/config.ts";
import type { Tree } from "../../tree/tree.ts";

export interface SigningKey {
	key: string;
	certificate: string;
}

/**
 * Signs modules in place: scripts/sign-file HASH KEY CERTIFICATE MODULE (4.3 and later take both as PEM files), with the
 * target's own CONFIG_MODULE_SIG_HASH. Throws KprepError "missing" without sign-file, "command" when it fails.
 */
export async function signModules(
	tree: Tree,
	modules: string[],
	{ key, certificate }: SigningKey,
	{ progress, signal }: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<void> {
	const signFile = join(tree.output, "scripts/sign-file");
	if (!existsSync(signFile))
		throw new KprepError("missing", "no-sign-file", "the tree has no sign-file", {
			expected: signFile,
			suggestions: [
				`kprep sync ${tree.path}`,
				"the target must have CONFIG_MODULE_SIG, and OpenSSL's headers be here",
			],
		});
	const hash = (tree.config && stringOf(tree.config.symbols, "MODULE_SIG_HASH")) || "sha256";
	for (const path of modules) {
		progress.step("sign", path);
		await run([signFile, hash, resolve(key), resolve(certificate), path], {
			progress,
			signal,
			timeout: 60_000,
		});
	}
}
