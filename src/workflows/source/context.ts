import { KERNEL_ORG } from "../../host/network/kernel-org.ts";
import { PACKAGE_SOURCES } from "../../host/packages/index.ts";
import type { Progress } from "../../host/progress.ts";
import type { SourceContext } from "./candidate.ts";

/** Where sources are looked for on this machine: the working folder, /usr/src, its package systems, kernel.org. */
export function sourceContext(
	progress: Progress,
	signal: AbortSignal | undefined,
	mirror: string | undefined,
): SourceContext {
	return {
		progress,
		signal,
		systems: PACKAGE_SOURCES,
		folders: [process.cwd(), "/usr/src"],
		mirror: mirror ?? KERNEL_ORG,
	};
}
