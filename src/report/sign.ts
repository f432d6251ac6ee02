import { printable } from "../printable.ts";

/** What `kprep sign --json` prints. */
export interface SignDocument {
	modules: { path: string; hash: string; signer: string | null; key: string | null }[];
}

/** A line a module: how it is signed now, and what the kernel needs to know for it. */
export function signText({ modules }: SignDocument): string {
	const lines = modules.map(
		({ path, hash, signer, key }) =>
			`${printable(path)}: signed, ${hash} by ${printable(signer ?? "an unnamed key")} (${key ?? "no serial"})`,
	);
	return [
		...lines,
		"next: mokutil --import CERTIFICATE.der, once, where the kernel does not know the key yet",
	].join("\n");
}
