import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { stringOf } from "../../kernel/config/config.ts";
import type { Tree } from "../../tree/tree.ts";
import type { SigningKey } from "../sign/keys.ts";
import { signedModule } from "../sign/message.ts";

/**
 * Signs modules in place: scripts/sign-file HASH KEY CERTIFICATE MODULE (4.3 and later take both as PEM files), with the
 * target's own CONFIG_MODULE_SIG_HASH; by OpenSSL where the tree has no more than its source. Throws KprepError
 * "missing" without either, "command" when it fails.
 */
export async function signModules(
	tree: Tree,
	modules: string[],
	{ key, certificate }: SigningKey,
	{ progress, signal }: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<void> {
	const signFile = join(tree.output, "scripts/sign-file");
	const bySignFile = existsSync(signFile);
	if (!bySignFile && !existsSync(join(tree.path, "scripts/sign-file.c")))
		throw new KprepError("missing", "no-sign-file", "the tree has no sign-file", {
			expected: signFile,
			suggestions: ["the target must have CONFIG_MODULE_SIG, and OpenSSL's headers be here"],
		});
	const hash = (tree.config && stringOf(tree.config.symbols, "MODULE_SIG_HASH")) || "sha256";
	for (const path of modules) {
		progress.step("sign", path);
		if (!bySignFile) {
			const signed = await signedModule(readFileSync(path), { key, certificate }, hash, progress);
			await writeAtomically(path, signed, lstatSync(path).mode & 0o777);
			continue;
		}
		await run([signFile, hash, resolve(key), resolve(certificate), path], {
			progress,
			signal,
			timeout: 60_000,
		});
	}
}
