import { openKernel } from "../../host/files/kernel-image.ts";
import type { KernelOrigin } from "../../host/packages/package-source.ts";
import type { Target } from "../../target/target.ts";

/**
 * The package that a kernel says it was built as (Debian's and Ubuntu's banner), for a kernel that no package database
 * knows: a board's, a copied image, a profile's. null when it does not say.
 */
export async function builtAs(
	{ packageVersion, image }: Pick<Target, "packageVersion" | "image">,
	release: string,
): Promise<KernelOrigin | null> {
	const version = packageVersion?.value ?? (image === null ? null : await bannerOf(image.value));
	if (version === null) return null;
	return {
		...{ name: `linux-image-${release}`, version, source: "linux", sourceVersion: version },
		where: packageVersion?.source.path ?? image?.value ?? "",
	};
}

async function bannerOf(path: string): Promise<string | null> {
	try {
		const kernel = await openKernel(path);
		try {
			return kernel.banner?.packaged?.version ?? null;
		} finally {
			kernel.close();
		}
	} catch {
		// What else is known of the target does for a list; an image that cannot be read says no package.
		return null;
	}
}
