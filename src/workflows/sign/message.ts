import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { withoutSignature } from "../../formats/module/module.ts";
import { appendedSignature } from "../../formats/module/signature.ts";
import { run } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import type { SigningKey } from "./keys.ts";

/**
 * The module (bytes of a .ko, signed before or not) with a signature by OpenSSL's cms, as scripts/sign-file.c makes it:
 * no certificates, no attributes. Throws KprepError "missing" without openssl, "command" when it fails.
 */
export async function signedModule(
	module: Uint8Array,
	{ key, certificate }: SigningKey,
	hash: string,
	progress: Progress,
): Promise<Uint8Array> {
	const bare = withoutSignature(module);
	const folder = mkdtempSync(join(tmpdir(), "kprep-sign-"));
	try {
		const [input, message] = [join(folder, "module"), join(folder, "message")];
		writeFileSync(input, bare);
		const signer = pemOf(readFileSync(certificate), certificate);
		writeFileSync(join(folder, "signer.pem"), signer);
		await run(
			[
				...["openssl", "cms", "-sign", "-binary", "-noattr", "-nocerts", "-nosmimecap", "-md", hash],
				...["-in", input, "-signer", join(folder, "signer.pem"), "-inkey", resolve(key)],
				...["-outform", "DER", "-out", message],
			],
			{ progress, timeout: 60_000 },
		);
		return Buffer.concat([bare, appendedSignature(readFileSync(message))]);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** openssl cms reads signers as PEM alone before 3.0. */
function pemOf(certificate: Buffer, path: string): string {
	const text = certificate.toString("latin1");
	if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
	if (certificate[0] !== 0x30)
		throw new KprepError("missing", "bad-certificate", `${path} is no certificate`, {
			expected: "a certificate as PEM or DER",
			where: path,
		});
	const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
	return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
