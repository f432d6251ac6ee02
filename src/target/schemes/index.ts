import { KprepError } from "../../errors.ts";
import type { Progress } from "../../host/progress.ts";
import { isElsewhere, type TargetSpec } from "../subject.ts";
import { apt } from "./apt.ts";
import type { BroughtTarget, Scheme } from "./scheme.ts";
import { ssh } from "./ssh.ts";

/** Every way to name a kernel that is elsewhere. */
const SCHEMES: readonly Scheme[] = [apt, ssh];

/**
 * The spec of the kernel once it is here; null when it is named in no such way. Throws KprepError "unknown-scheme" (2), and
 * what the scheme throws.
 */
export async function bringTarget(
	spec: TargetSpec,
	progress: Progress,
	offline = false,
): Promise<BroughtTarget | null> {
	const { target, sysroot, config } = spec;
	if (target === undefined || !isElsewhere(spec)) return null;
	const scheme = SCHEMES.find(({ prefix }) => target.startsWith(prefix));
	if (scheme === undefined)
		throw new KprepError("usage", "unknown-scheme", `${target} names no kernel that kprep knows how to get`, {
			expected: `a release, an image, a profile, or ${SCHEMES.map(({ form }) => form).join(" or ")}`,
			found: target,
		});
	if (sysroot !== undefined)
		throw new KprepError("usage", "scheme-and-sysroot", `${target} brings its own files`, {
			expected: "either --sysroot or a target that is elsewhere",
			suggestions: ["the same command without --sysroot"],
		});
	const brought = await scheme.bring(target.slice(scheme.prefix.length), progress, offline);
	return config === undefined ? brought : { ...brought, config };
}
