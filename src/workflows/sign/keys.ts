import { existsSync } from "node:fs";
import { KprepError } from "../../errors.ts";
import { Root } from "../../host/files/root.ts";

/** A private key (PEM) and its certificate (PEM or DER), as paths. */
export interface SigningKey {
	key: string;
	certificate: string;
}

/** Where this machine's own pair for modules lies: DKMS 3, Ubuntu's shim-signed, DKMS of Fedora, akmods. */
const PLACES: readonly (readonly [key: string, certificate: string])[] = [
	["/var/lib/dkms/mok.key", "/var/lib/dkms/mok.pub"],
	["/var/lib/shim-signed/mok/MOK.priv", "/var/lib/shim-signed/mok/MOK.der"],
	["/etc/pki/akmods/private/private_key.priv", "/etc/pki/akmods/certs/public_key.der"],
	["/root/module-signing/MOK.priv", "/root/module-signing/MOK.der"],
];

/** The pair that the user named, else this machine's own; null when there is none. Throws "missing" for a named file that is not there. */
export function signingKey(
	{ key, cert }: { key?: string | undefined; cert?: string | undefined },
	root = new Root(),
): SigningKey | null {
	if (key !== undefined && cert !== undefined) {
		for (const path of [key, cert])
			if (!existsSync(path))
				throw new KprepError("missing", "no-signing-key", `there is no file ${path}`, {
					expected: "a private key (PEM) and its certificate (PEM or DER)",
					where: path,
					suggestions: [KEY_COMMAND],
				});
		return { key, certificate: cert };
	}
	const found = PLACES.find((pair) => pair.every((path) => root.exists(path)));
	return found === undefined ? null : { key: root.outer(found[0]), certificate: root.outer(found[1]) };
}

/** The error where a key is needed, with the command that makes a pair. */
export function noSigningKey(): KprepError {
	return new KprepError("missing", "no-signing-key", "there is no key to sign with", {
		expected: `--key FILE --cert FILE, or one of ${PLACES.map(([key]) => key).join(", ")}`,
		suggestions: [KEY_COMMAND, "the same command with --key MOK.priv --cert MOK.der"],
	});
}

const KEY_COMMAND =
	'openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=module signing/" -keyout MOK.priv -outform DER -out MOK.der';
