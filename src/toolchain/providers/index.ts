import { findProgram } from "../../host/process/program.ts";
import { apt } from "./apt.ts";
import { kernelOrg } from "./kernel-org.ts";
import type { ToolchainProvider } from "./provider.ts";

/** Every place that parts of a toolchain may come from, the one that is asked first in front. */
export const TOOLCHAIN_PROVIDERS: readonly ToolchainProvider[] = [apt, kernelOrg()];

/** Those that this machine can ask. */
export function usableProviders(): ToolchainProvider[] {
	return TOOLCHAIN_PROVIDERS.filter(({ programs }) => programs.every((name) => findProgram(name) !== null));
}
