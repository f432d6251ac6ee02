import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { KprepError } from "../../errors.ts";
import { compressionOf } from "../../formats/compression/compression.ts";
import { readModule } from "../../formats/module/module.ts";
import { readSignature } from "../../formats/module/signature.ts";
import { writeAtomically } from "../../host/files/files.ts";
import type { Progress } from "../../host/progress.ts";
import { stringOf } from "../../kernel/config/config.ts";
import type { SignDocument } from "../../report/sign.ts";
import { readTargetConfig } from "../../target/facts/config-facts.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { noSigningKey, type SigningKey } from "./keys.ts";
import { signedModule } from "./message.ts";

export interface SignRequest {
	/** Paths of .ko files, not compressed. */
	modules: string[];
	/** null: there is none, which is an error. */
	key: SigningKey | null;
	/** Digest, such as "sha256"; null: the target's CONFIG_MODULE_SIG_HASH, else sha256. */
	hash: string | null;
	target: TargetSpec;
	progress: Progress;
}

/**
 * Signs modules in place; an earlier signature is replaced. All of them are read before the first is written. Throws
 * KprepError: "missing" (no key, no openssl, not a module), "command" (openssl fails).
 */
export async function signFiles(request: SignRequest): Promise<SignDocument> {
	const { key, progress } = request;
	if (key === null) throw noSigningKey();
	for (const path of request.modules) requireModule(path);
	const hash = request.hash ?? (await targetHash(request.target, progress));
	const modules: SignDocument["modules"] = [];
	for (const path of request.modules) {
		progress.step("sign", path);
		const signed = await signedModule(readFileSync(path), key, hash, progress);
		// A link keeps leading to the file that is signed.
		await writeAtomically(realpathSync(path), signed, lstatSync(realpathSync(path)).mode & 0o777);
		const { signer, key: serial } = readSignature(signed);
		modules.push({ path, hash, signer, key: serial });
	}
	return { modules };
}

/** What the target's modules are signed with; sha256 where no target is known, which every kernel since 3.7 can check. */
async function targetHash(spec: TargetSpec, progress: Progress): Promise<string> {
	try {
		const { config } = await resolveTarget(spec, progress);
		const symbols = config === null ? null : (await readTargetConfig(config)).symbols;
		return (symbols && stringOf(symbols, "MODULE_SIG_HASH")) || "sha256";
	} catch (error) {
		if (spec.target !== undefined || spec.sysroot !== undefined || !(error instanceof KprepError))
			throw error;
		return "sha256";
	}
}

function requireModule(path: string): void {
	const bytes = lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : readFileSync(path);
	const compression = bytes === null ? null : compressionOf(bytes);
	const refuse = (message: string, suggestions: string[]) =>
		new KprepError("missing", "not-a-module", message, {
			...{ expected: "a .ko file", where: path, suggestions },
		});
	if (bytes === null) throw refuse(`there is no file ${path}`, ["check the path"]);
	if (compression !== null)
		throw refuse(`${path} is compressed with ${compression}: the signature belongs inside`, [
			"decompress it, sign it, and compress it again",
			"kprep build DIR TREE --install does all of it",
		]);
	try {
		readModule(bytes);
	} catch (error) {
		throw refuse(`${path} is no kernel module: ${(error as Error).message}`, []);
	}
}
