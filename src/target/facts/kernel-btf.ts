import { KprepError } from "../../errors.ts";
import { Btf } from "../../formats/btf/btf.ts";
import { FormatError } from "../../formats/error.ts";
import { openKernel } from "../../host/files/kernel-image.ts";
import type { Target } from "../target.ts";

/** The types of the target's kernel: from its BTF, else out of its image. null when neither can be read. */
export async function targetBtf({ btf, image }: Target): Promise<Btf | null> {
	try {
		if (btf !== null) return new Btf(await btf.read());
		if (image === null) return null;
		const kernel = await openKernel(image.value);
		try {
			// A copy: the uncompressed kernel is not held for it.
			return kernel.btf === null ? null : new Btf(Uint8Array.from(kernel.content(kernel.btf)));
		} finally {
			kernel.close();
		}
	} catch (error) {
		if (error instanceof FormatError || error instanceof KprepError) return null;
		throw error;
	}
}
